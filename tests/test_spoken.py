"""The viewfinder's words in another language: every phrase that its modules make has its line in the tables."""

import ast
import re
from pathlib import Path

import pytest

from device.face_states import ViewState
from device.languages import languages, words
from device.states import CardStatus
from tests.synthetic_view import synthetic_state, synthetic_view
from ui.labels import labels
from ui.layout import layout_of
from ui.spoken import said, speaking, translated
from ui.state import Seen

UI = Path(__file__).parents[1] / "ui"
MODULES = ["wording", "exposure_wording", "drive_wording", "review_words", "status_wording"]
SAY_THEMSELVES = {"RAW", "EV", "ISO", "IRE", "REC", "MB", "WB", "AE-L", "RGB", "inf"}


def phrases(source: str) -> set[str]:
    """The texts of a module that make up wordings, {} for what is put into them.

    Not documentation, nor keys of tables, nor what something is compared with or looked up by, nor formats.
    """
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    passed = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Compare | ast.Subscript | ast.JoinedStr | ast.keyword):
            passed |= {id(each) for each in ast.walk(node)} - {id(node)}
        if isinstance(node, ast.Dict):
            passed |= {id(key) for key in node.keys}
    found = set(map(_template, (node for node in nodes if id(node) not in passed)))
    return {text for text in found if text and re.search("[A-Za-z]{2}", text)}


def _template(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def known(phrase: str) -> bool:
    """Whether it, or each of its parts, is in the table, or has no words."""
    if phrase in words("en").panel:
        return True
    parts = re.split(" · |, ", phrase)
    if len(parts) > 1:
        return all(map(known, parts))
    return not set(re.findall("[A-Za-z-]{2,}", phrase)) - SAY_THEMSELVES - {"mm", "eq"}


@pytest.mark.parametrize("module", MODULES)
def test_every_phrase_is_in_the_tables(module: str) -> None:
    found = phrases((UI / f"{module}.py").read_text())
    assert len(found) > 2
    assert not [phrase for phrase in sorted(found) if not known(phrase)]


@pytest.mark.parametrize("language", languages())
def test_a_phrase_keeps_all_of_its_figures(language: str) -> None:
    for english, other in words(language).panel.items():
        figures = len(re.findall(r"{\d?}", other))
        assert figures == english.count("{}"), english


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("Armed", "Bereit"),
        ("412 left", "noch 412"),
        ("Card full, 3 waiting", "Karte voll, 3 warten"),
        ("headroom +1.3 EV", "Reserve +1.3 EV"),
        ("Multi · 50 Hz", "Mehrfeld · 50 Hz"),
        ("Too bright by 1.3 EV", "1.3 EV zu hell"),
        ("7 of 20, 2 missed, next 1:05", "7 von 20, 2 verpasst, nächstes 1:05"),
        ("WB tungsten", "WB Lampe"),
        ("MCAM0042", "MCAM0042"),
        ("Summilux-M 35 mm f/1.4 ASPH · 193 mm eq.", "Summilux-M 35 mm f/1.4 ASPH · 193 mm äq."),
        ("The card has no room left", "The card has no room left"),
    ],
)
def test_what_is_said_is_looked_up_piece_by_piece(english: str, german: str) -> None:
    assert translated(english, "de") == german
    with speaking("de"):
        assert said((english, "412")) == (german, "412")
    assert said((english,)) == (english,)


def test_a_panel_speaks_its_own_language_and_leaves_names_and_errors_as_they_are() -> None:
    sentence = "The card is full: make room on it or put in another."
    state = synthetic_state(
        card=CardStatus(folder="card", state="full"), message=sentence, view=ViewState(language="de")
    )
    with speaking("de"):
        written = [
            each.text
            for each in labels(layout_of((800, 480), state.view), Seen(camera=state), synthetic_view().reading)
        ]
    assert "Karte voll" in written
    assert state.lens.name.split()[0] in " ".join(written)
    assert "The card is full" in " ".join(written)

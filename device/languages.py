"""The words of the menu and the viewfinder: a table for each language, languages/*.toml."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

ENGLISH = "en"

Table = Mapping[str, str]


class Words(msgspec.Struct, frozen=True):
    """One language.

    Attributes:
        page: the titles of the menu's pages.
        label: what a setting, an action or an answer is called.
        help: a line about each setting and action.
        value: what a choice is called, by the setting's key and the choice: "exposure.mode.A".
        question: what is asked before an action.
        panel: what the viewfinder says.
    """

    page: Table
    label: Table
    help: Table
    value: Table
    question: Table
    panel: Table

    def choice(self, key: str, value: object) -> str:
        """What that choice of that setting is called; empty when it has no name."""
        name = str(value).lower() if isinstance(value, bool) else str(value)
        return self.value.get(f"{key}.{name}") or (self.value["off"] if name == "off" else "")

    def switch(self, *, on: bool) -> str:
        """What a switch says."""
        return self.value["on" if on else "off"]


def languages() -> list[str]:
    """Those there are, English first."""
    found = {place.name.removesuffix(".toml") for place in _folder().iterdir() if place.name.endswith(".toml")}
    return [ENGLISH, *sorted(found - {ENGLISH})]


@lru_cache
def words(language: str) -> Words:
    """The words of one of `languages`; English for one there is not, which a newer daemon may ask for."""
    known = language if language in languages() else ENGLISH
    return Words(**tomllib.loads((_folder() / f"{known}.toml").read_text("utf-8")))


def _folder() -> Path:
    """Not by importlib.resources, which the viewfinder would load a dozen modules for."""
    return Path(__file__).with_name("languages")

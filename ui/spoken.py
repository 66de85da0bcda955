"""The viewfinder's words in the language that the panel speaks: what is said in English, looked up piece by piece.

Wordings are made in English. In the tables of `device/languages` a phrase stands for itself, with {} for a figure or
another phrase; what no table knows (a name, a sentence of an error) is said as it is. The language is the whole
panel's, as its font is: `speaking` sets it for what is drawn within.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from device.languages import ENGLISH, words
from ui.text import drawable

BETWEEN = re.compile("( · |, )")  # phrases side by side
_A_FIGURE = r"([^ ,]+(?: [^ ,]+)?)"  # one or two words: a sentence must not pass for a phrase
_LANGUAGE: ContextVar[str] = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """What is said within is said in that language."""
    token = _LANGUAGE.set(language)
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def said(wordings: tuple[str, ...]) -> tuple[str, ...]:
    """The same, from the longest to the shortest, in the language that is spoken."""
    language = _LANGUAGE.get()
    return wordings if language == ENGLISH else tuple(drawable(translated(each, language)) for each in wordings)


@lru_cache(maxsize=1024)
def translated(text: str, language: str) -> str:
    """One English wording in that language."""
    table = words(language).panel
    if text in table:
        return table[text]
    for pattern, phrase in _patterns(language):
        if match := pattern.fullmatch(text):
            return phrase.format(*(translated(figure, language) for figure in match.groups()))
    parts = BETWEEN.split(text)
    if len(parts) == 1:
        return text
    return "".join(part if i % 2 else translated(part, language) for i, part in enumerate(parts))


@lru_cache(maxsize=4)
def _patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Phrases with figures in them, those that say most first."""
    phrases = [(english, other) for english, other in words(language).panel.items() if "{}" in english]
    phrases.sort(key=lambda phrase: -len(phrase[0]))
    return [(re.compile(re.escape(english).replace(r"\{\}", _A_FIGURE)), other) for english, other in phrases]

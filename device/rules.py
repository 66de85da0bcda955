"""What one setting may be. A rule stands next to its field in config.py and can say itself in words.

Rules compare types exactly: in Python True is an int and 1 equals True, but `iso = true` is a slip of the pen.
"""

import difflib
import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol, get_args, get_origin


class Rule(Protocol):
    """One kind of value."""

    @property
    def allowed(self) -> str:
        """What is allowed, to be read after "must be"."""
        ...

    def accepts(self, value: object) -> bool:
        """Whether the value is allowed; never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, both ends included."""

    low: int
    high: int
    unit: str = ""

    @property
    def allowed(self) -> str:
        """The range."""
        return f"a whole number from {self.low} to {self.high} {self.unit}".rstrip()

    def accepts(self, value: object) -> bool:
        """An int inside."""
        return type(value) is int and self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number with or without a point, both ends included."""

    low: float
    high: float
    unit: str = ""

    @property
    def allowed(self) -> str:
        """The range."""
        return f"a number from {self.low:g} to {self.high:g} {self.unit}".rstrip()

    def accepts(self, value: object) -> bool:
        """An int or float inside; comparing refuses nan, the range refuses inf."""
        return type(value) in (int, float) and self.low <= value <= self.high  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class NumberOrZero:
    """A finite number, both ends included, or 0 for one that nobody knows."""

    low: float
    high: float

    @property
    def allowed(self) -> str:
        """The range, and what 0 means."""
        return f"a number from {self.low:g} to {self.high:g}, or 0 for unknown"

    def accepts(self, value: object) -> bool:
        """An int or float inside, or 0."""
        return type(value) in (int, float) and (value == 0 or self.low <= value <= self.high)  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class WholeOrOff:
    """A whole number, both ends included, or 0 for something that is switched off."""

    low: int
    high: int
    unit: str = ""

    @property
    def allowed(self) -> str:
        """The range, and what 0 means."""
        return f"a whole number from {self.low} to {self.high} {self.unit}".rstrip() + ", or 0 for off"

    def accepts(self, value: object) -> bool:
        """An int inside, or 0."""
        return type(value) is int and (value == 0 or self.low <= value <= self.high)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of few values, which may be known only at run time."""

    choices: Callable[[], Sequence[object]]

    @property
    def allowed(self) -> str:
        """All of them."""
        return "one of " + ", ".join(map(shown, self.choices()))

    def accepts(self, value: object) -> bool:
        """The value is one of them, in type too."""
        return any(type(value) is type(choice) and value == choice for choice in self.choices())


@dataclass(frozen=True, slots=True)
class NumberOf:
    """One of few numbers, with or without a point."""

    choices: tuple[float, ...]

    @property
    def allowed(self) -> str:
        """All of them."""
        return "one of " + ", ".join(f"{choice:g}" for choice in self.choices)

    def accepts(self, value: object) -> bool:
        """An int or float that is one of them."""
        return type(value) in (int, float) and value in self.choices


@dataclass(frozen=True, slots=True)
class PinOrNone:
    """A GPIO number, 0 among them, or "none" for a contact that is not wired."""

    low: int
    high: int

    @property
    def allowed(self) -> str:
        """The range, and the word."""
        return f'a whole number from {self.low} to {self.high}, or "none" where nothing is wired'

    def accepts(self, value: object) -> bool:
        """An int inside, or the word."""
        return value == "none" or (type(value) is int and self.low <= value <= self.high)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a certain form; any text when no form is given."""

    pattern: str = r"[^\x00-\x1f]*"  # no path, address or name has control characters
    meaning: str = "a text in quotes"

    @property
    def allowed(self) -> str:
        """The form in words."""
        return self.meaning

    def accepts(self, value: object) -> bool:
        """A str whose whole matches the pattern."""
        return isinstance(value, str) and re.fullmatch(self.pattern, value) is not None


@dataclass(frozen=True, slots=True)
class Size:
    """Columns x rows of a screen, each side between two bounds."""

    low: int
    high: int

    @property
    def allowed(self) -> str:
        """The form and the bounds."""
        return f'"COLUMNSxROWS" such as "800x480", each side from {self.low} to {self.high}'

    def accepts(self, value: object) -> bool:
        """Two whole numbers inside."""
        match = re.fullmatch(r"(\d{1,5})x(\d{1,5})", value, re.ASCII) if isinstance(value, str) else None
        return match is not None and all(self.low <= int(side) <= self.high for side in match.groups())


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen: a host and a port."""

    @property
    def allowed(self) -> str:
        """The form."""
        return '"HOST:PORT" such as "127.0.0.1:8000", the port from 1 to 65535'

    def accepts(self, value: object) -> bool:
        """A host without blanks, or an IPv6 address in brackets, and a port that exists."""
        form = r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})"
        match = re.fullmatch(form, value, re.ASCII) if isinstance(value, str) else None
        return match is not None and 1 <= int(match[1]) <= 65535


_PLAIN: dict[object, Rule] = {bool: OneOf(lambda: (True, False)), str: Text()}


def rule_of(hint: object) -> Rule:
    """The rule of a field's type: Annotated carries it, Literal lists it, plain bool and str are what they are."""
    if get_origin(hint) is Annotated:
        rule: Rule = get_args(hint)[1]
        return rule
    if get_origin(hint) is Literal:
        return OneOf(lambda: get_args(hint))
    return _PLAIN[hint]


def shown(value: object) -> str:
    """A value as TOML writes it, cut short when it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else str(value)
    except ValueError:  # Python writes no integer of more than 4300 digits
        return "a number of thousands of digits"
    return text if len(text) <= 60 else text[:57] + "..."


def no_setting(key: str, known: Collection[str]) -> str:
    """The sentence about a setting that is none: which was probably meant, else which its section has."""
    near = difflib.get_close_matches(key[:60], known, 1)
    if near:
        return f"No setting {shown(key)}: did you mean {near[0]}?"
    of_section = [name for name in known if name.partition(".")[0] == key.partition(".")[0]]
    sections = dict.fromkeys(name.partition(".")[0] for name in known)
    there_are = ", ".join(of_section) or f"sections such as {', '.join(sections)}"
    return f"No setting {shown(key)}: there are {there_are}."

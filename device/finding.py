"""One line of the doctor's report."""

from dataclasses import dataclass
from typing import Literal

State = Literal["well", "note", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do.

    Attributes:
        subject: a word or two.
        state: "well"; "note": the camera works, but; "fault": somebody has to do something.
        text: a sentence.
    """

    subject: str
    state: State
    text: str


def well(subject: str, text: str) -> Finding:
    """It is as it should be."""
    return Finding(subject, "well", text)


def note(subject: str, text: str) -> Finding:
    """It works, and could be better."""
    return Finding(subject, "note", text)


def fault(subject: str, text: str) -> Finding:
    """It does not work until somebody does what the sentence says."""
    return Finding(subject, "fault", text)

"""A sentence that stands for a while and goes by itself. Pure; times are passed in."""

from dataclasses import dataclass

STANDS_NS = 6_000_000_000


@dataclass(slots=True)
class Notice:
    """The newest one; empty when there is nothing to say."""

    text: str = ""
    until_ns: int = 0

    def say(self, text: str, now_ns: int) -> None:
        """From now on; an empty one changes nothing."""
        if text:
            self.text, self.until_ns = text, now_ns + STANDS_NS

    def passed(self, now_ns: int) -> None:
        """An old one goes."""
        if now_ns >= self.until_ns:
            self.text = ""

"""What is known of a photograph that is the sum of several exposures. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Summed:
    """Of one photograph.

    Attributes:
        frames: exposures that were added up.
        lost: exposures between them that are missing, because the frame never came or was exposed otherwise.
        span_ns: from the beginning of the first to the end of the last.
        dark_ns: of that, during which nothing was exposed that is in the photograph.
    """

    frames: int
    lost: int
    span_ns: int
    dark_ns: int

    @property
    def dark_share(self) -> float:
        """The part of the time that the photograph did not see, 0 to 1."""
        return self.dark_ns / self.span_ns if self.span_ns else 0.0

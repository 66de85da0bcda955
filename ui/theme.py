"""Colours and measures: black, white, two greys and one red, as on the camera whose lenses this is for."""

import msgspec

Colour = tuple[int, int, int]  # red, green, blue

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
GREY: Colour = (158, 158, 158)  # what is true but needs no attention
FAINT: Colour = (72, 72, 72)  # lines and unlit lights
RED: Colour = (225, 30, 38)  # the accent: what the dial changes, what the shutter waits for

SHADE = 0.22  # of the picture stays visible under text laid over it
DIMMED = 0.25  # of the last picture, when no camera delivers one

PEAKING: dict[str, Colour] = {
    "red": (255, 40, 40),
    "green": (40, 255, 60),
    "blue": (70, 110, 255),
    "yellow": (255, 235, 40),
    "white": (255, 255, 255),
}

# R, Gr, Gb, B. Not pure, so that all three add up to a light grey and the dark blue is seen on black.
CHANNEL: tuple[Colour, Colour, Colour, Colour] = ((232, 66, 60), (70, 196, 92), (70, 196, 92), (76, 128, 240))


class Measures(msgspec.Struct, frozen=True):
    """Sizes in pixels.

    Attributes:
        small: of names and remarks.
        medium: of state and what stands in a crowd.
        value: of the figures a photographer sets.
        gap: between things that belong together.
        pad: from an edge.
        line: thickness of a line.
    """

    small: int
    medium: int
    value: int
    gap: int
    pad: int
    line: int


def measures(size: tuple[int, int]) -> Measures:
    """For a panel of (columns, rows): sizes follow its shorter side, but text is never too small to read."""
    short = min(size)
    return Measures(
        small=max(13, round(short * 0.032)),
        medium=max(14, round(short * 0.040)),
        value=max(19, round(short * 0.058)),
        gap=max(3, round(short * 0.012)),
        pad=max(6, round(short * 0.025)),
        line=max(1, round(short / 480)),
    )

"""usage: draw.py DEVICE ROTATION - a test picture on that framebuffer, once more for each line on standard input."""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ui.framebuffer import Framebuffer


def pattern(columns: int, rows: int) -> NDArray[np.uint8]:
    """(rows, columns, 4) uint8, blue, green, red, unused: no two rows, columns or corners alike."""
    pixels = np.zeros((rows, columns, 4), np.uint8)
    pixels[..., 2] = np.linspace(0, 255, columns)
    pixels[..., 1] = np.linspace(255, 0, rows)[:, None]
    pixels[: rows // 4, : columns // 3, 0] = 200
    return pixels


def main(device: str, rotation: str) -> None:
    """Draw, say so, and give the console back in the end."""
    screen = Framebuffer.at(Path(device), int(rotation))
    try:
        for _ in sys.stdin:
            screen.show(pattern(*screen.size))
            sys.stdout.write("shown\n")
            sys.stdout.flush()
    finally:
        screen.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

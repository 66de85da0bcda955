"""Our demosaic beside LibRaw's AHD on known photographs: `python -m tests.bench.demosaic`. Needs MCAM_DATA."""

import os
from pathlib import Path

import numpy as np

from device.demosaic import demosaic
from tests.conftest import ROOT
from tests.demosaic_scores import false_colour, of_light, of_values, on_light, photographs
from tests.libraw import ahd


def run() -> list[str]:
    """A table of CPSNR in dB, ours before LibRaw's."""
    folder = Path(os.environ.get("MCAM_DATA", ROOT.parent / "shared" / "data"))
    plate = (
        f"false colour on a grey zone plate, 8-bit levels: {false_colour(on_light):.1f}, AHD {false_colour(ahd):.1f}"
    )
    if not folder.is_dir():
        return [f"{plate}   (fewer)", "no photographs: set MCAM_DATA to a folder that has photos/"]
    names, scores = [], []
    for name, picture in photographs(folder):
        light, shown = zip(of_light(on_light, picture), of_light(ahd, picture), strict=True)
        scores.append((of_values(demosaic, picture), of_values(ahd, picture), *light, *shown))
        names.append(name)
    names.append("mean   (each at least AHD's)")
    scores.append(tuple(np.mean(scores, axis=0)))
    head = f"{'CPSNR, dB: ours, AHD':40} values as they are     light of a sensor     the same, shown"
    return [head, *(_line(name, score) for name, score in zip(names, scores, strict=True)), f"{plate}   (fewer)"]


def _line(name: str, score: tuple[float, ...]) -> str:
    pairs = zip(score[::2], score[1::2], strict=True)
    return f"{name:40}" + "".join(f"  {ours:8.2f} {theirs:6.2f}    " for ours, theirs in pairs)


if __name__ == "__main__":
    print(*run(), sep="\n")

"""`make bench-peaking`: does it mark what is sharp, and only that? Ours beside others' detectors on the same frames.

The photographs are those of the folder that MCAM_DATA names (tests/conftest.py); detectors were tuned on every other
one of them. What a table shows is measured on those that they have not seen; MCAM_PEAKING=tuned shows the others.
"""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device.focus import focus_map
from device.frame import FOCUS_CELL
from tests.bench.peaking_collage import Collage, collage
from tests.bench.peaking_paint import paint_rows, without_raw
from tests.bench.peaking_rivals import RIVALS
from tests.bench.peaking_scores import auc, cell_max, marked_at_recall
from tests.bench.peaking_sensor import CFA, LEVELS, Shot, expose
from tests.bench.peaking_sources import Light, foliage, page, photographs
from ui.peaking import SHARP_SIGMAS

GAINS = (1.0, 4.0, 16.0, 64.0)
SEEDS = (11, 12)
PIXELS_PER_CELL = 4
OURS = "mcam"
WITHOUT_RAW = "mcam, of a camera without RAW"
THRESHOLDS = {OURS: SHARP_SIGMAS, WITHOUT_RAW: SHARP_SIGMAS}
BARS = {
    "AUC, in focus against the rest": (0.995, 0.994, 0.97, 0.90),
    "AUC, critical focus": (0.92, 0.92, 0.89, 0.78),
    "flat noise marked, %, threshold unchanged": (0.2, 0.2, 0.2, 0.2),
    "defocused texture marked at 80 % recall, %": (0.5, 0.6, 2.5, 25.0),
}

Figures = tuple[float, ...]  # in the order of BARS
Cells = NDArray[np.floating]
Detector = Callable[[Shot, tuple[int, int]], Cells]


def run() -> list[str]:
    """A table for each bar, a row for each detector, a column for each gain; then what is painted and what flips."""
    truth = [collage(sources(), seed) for seed in SEEDS]
    scores = {name: _judge(truth, detector, THRESHOLDS.get(name)) for name, detector in _detectors().items()}
    tables = [_table(title, k, scores) for k, title in enumerate(BARS)]
    return [line for table in tables for line in table] + paint_rows(truth)


def _table(title: str, k: int, scores: dict[str, list[Figures]]) -> list[str]:
    digits = 3 if "AUC" in title else 2
    rows = {name: [figures[k] for figures in by_gain] for name, by_gain in scores.items()} | {"the bar": BARS[title]}
    head = f"{title:46}" + "".join(f"  gain {gain:<3.0f}" for gain in GAINS)
    return [head, *(f"  {name:44}" + "".join(f"{v:10.{digits}f}" for v in row) for name, row in rows.items()), ""]


def sources() -> list[Light]:
    """The photographs and drawings of one half of the set."""
    folder = Path(os.environ.get("MCAM_DATA", Path(__file__).parents[3] / "shared" / "data")) / "photos"
    if not folder.is_dir():
        raise SystemExit(
            "The peaking bench needs photographs: set MCAM_DATA to a folder that has photos/*.png or .jpg."
        )
    tuned = os.environ.get("MCAM_PEAKING") == "tuned"
    return [*photographs(folder)[1 if tuned else 0 :: 2], page() if tuned else foliage()]


def _detectors() -> dict[str, Detector]:
    def of_preview(strength: Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]) -> Detector:
        return lambda shot, cells: cell_max(strength(shot.luma.astype(np.float32), shot.rgb), PIXELS_PER_CELL, cells)

    rivals = {name: of_preview(strength) for name, strength in RIVALS.items()}
    return {**rivals, WITHOUT_RAW: _of_luma, OURS: lambda shot, _: focus_map(shot.raw, CFA, LEVELS, shot.noise)}


def _of_luma(shot: Shot, cells: tuple[int, int]) -> Cells:
    """Its cells are of 8 preview pixels."""
    factor = FOCUS_CELL // PIXELS_PER_CELL
    focus = without_raw(shot).repeat(factor, 0).repeat(factor, 1)
    missing = [(0, max(0, size - has)) for size, has in zip(cells, focus.shape, strict=True)]
    return np.pad(focus, missing, "edge")[: cells[0], : cells[1]]


def _judge(truth: list[Collage], detector: Detector, threshold: float | None) -> list[Figures]:
    """What BARS asks for at each gain; without a threshold it is the one that marks 0.1 % of flat noise at gain 1."""
    by_gain = []
    for gain in GAINS:
        random = np.random.default_rng(int(gain))
        found = [detector(expose(frame.light, gain, random), frame.flat.shape) for frame in truth]
        sharp, critical, soft, flat = (
            np.concatenate([cells[getattr(frame, kind)] for cells, frame in zip(found, truth, strict=True)])
            for kind in ("sharp", "critical", "soft", "flat")
        )
        threshold = float(np.quantile(flat, 0.999)) if threshold is None else threshold
        rest, marked = np.concatenate([soft, flat]), float((flat > threshold).mean())
        by_gain.append((auc(sharp, rest), auc(sharp, critical), 100 * marked, 100 * marked_at_recall(sharp, soft)))
    return by_gain


if __name__ == "__main__":
    print(*run(), sep="\n")

"""`make bench-peaking`: does it mark what is sharp, and only that? Ours beside others' detectors on the same frames.

The photographs are those of the folder that MCAM_DATA names (tests/conftest.py); detectors were tuned on every other
one of them. What a table shows is measured on those that they have not seen; MCAM_PEAKING=tuned shows the others, and
MCAM_PEAKING=bars those thirteen, of scikit-image and scikit-learn, that the bars were measured with (two of them, the
astronaut and the coffee, are among those tuned on).

Every table comes twice: of one frame, and of STILL frames of a still scene. Ours then averages what the RAW shows, as
the live view does; the others, which know nothing of frames before, are given previews (or the RAW) averaged pixel by
pixel, which is more than ours gets: a camera in the hand has none.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device.frame import FOCUS_CELL, Noise
from tests.bench.peaking_collage import Collage, collage
from tests.bench.peaking_paint import STILL, focus_of_all, paint_rows, without_raw
from tests.bench.peaking_rivals import RIVALS, green_diagonals
from tests.bench.peaking_scores import auc, cell_max, marked_at_recall
from tests.bench.peaking_sensor import LEVELS, Shot, expose
from tests.bench.peaking_sources import Light, foliage, page, photographs, photographs_of_the_bars
from ui.peaking import SHARP_SIGMAS

GAINS = (1.0, 4.0, 16.0, 64.0)
SEEDS = (11, 12)
PIXELS_PER_CELL = 4
OURS = "mcam"
PLAIN = "greens' diagonals of the RAW"
WITHOUT_RAW = "mcam, of a camera without RAW"
THRESHOLDS = {OURS: SHARP_SIGMAS, WITHOUT_RAW: SHARP_SIGMAS}
BARS = {
    "AUC, in focus against the rest": (0.995, 0.994, 0.97, 0.90),
    "AUC, critical focus": (0.92, 0.92, 0.89, 0.78),
    "flat noise marked, %, threshold unchanged": (0.2, 0.2, 0.2, 0.2),
    "defocused texture marked at 80 % recall, %": (0.5, 0.6, 2.5, 25.0),
}

Figures = tuple[float, ...]  # in the order of BARS
Scores = dict[str, list[Figures]]  # of each detector, gain by gain
Cells = NDArray[np.floating]
Detector = Callable[[list[Shot], tuple[int, int]], Cells]


def run() -> list[str]:
    """A table for each bar, a row for each detector, a column for each gain; then what is painted and what flips."""
    truth = [collage(sources(), seed) for seed in SEEDS]
    lines = []
    for count, scores in zip((1, STILL), _scores(truth), strict=True):
        lines += [f"Of {count} frames of a still scene" if count > 1 else "Of one frame", ""]
        lines += [line for k, title in enumerate(BARS) for line in _table(title, k, scores)]
    return lines + paint_rows(truth)


def _table(title: str, k: int, scores: Scores) -> list[str]:
    digits = 3 if "AUC" in title else 2
    rows = {name: [figures[k] for figures in by_gain] for name, by_gain in scores.items()} | {"the bar": BARS[title]}
    head = f"{title:46}" + "".join(f"  gain {gain:<3.0f}" for gain in GAINS)
    return [head, *(f"  {name:44}" + "".join(f"{v:10.{digits}f}" for v in row) for name, row in rows.items()), ""]


def sources() -> list[Light]:
    """The photographs and drawings of the set that MCAM_PEAKING names."""
    which = os.environ.get("MCAM_PEAKING", "held-out")
    if which not in {"held-out", "tuned", "bars"}:
        raise SystemExit(f'MCAM_PEAKING is "{which}": it can be held-out, tuned or bars.')
    return photographs_of_the_bars() if which == "bars" else _half(which)


def _half(which: str) -> list[Light]:
    folder = Path(os.environ.get("MCAM_DATA", Path(__file__).parents[3] / "shared" / "data")) / "photos"
    if not folder.is_dir():
        raise SystemExit(
            "The peaking bench needs photographs: set MCAM_DATA to a folder that has photos/*.png or .jpg."
        )
    tuned = which == "tuned"
    return [*photographs(folder)[1 if tuned else 0 :: 2], page() if tuned else foliage()]


def _scores(truth: list[Collage]) -> tuple[Scores, Scores]:
    """Of one frame, and of STILL of them."""
    one, all_of_them = _Judge(), _Judge()
    for gain in GAINS:
        shots = _shots(truth, gain)
        one.look(truth, [each[:1] for each in shots])
        all_of_them.look(truth, shots)
    return one.scores, all_of_them.scores


def _shots(truth: list[Collage], gain: float) -> list[list[Shot]]:
    """STILL exposures of each."""
    random = np.random.default_rng(int(gain))
    shots = [[expose(frame.light, gain, random)] for frame in truth]
    for each, frame in zip(shots, truth, strict=True):
        each += [expose(frame.light, gain, random) for _ in range(STILL - 1)]
    return shots


def _detectors() -> dict[str, Detector]:
    def of_preview(strength: Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]) -> Detector:
        def detector(shots: list[Shot], cells: tuple[int, int]) -> Cells:
            luma, rgb = (np.mean([getattr(shot, name) for shot in shots], 0, np.float32) for name in ("luma", "rgb"))
            return cell_max(strength(luma, rgb), PIXELS_PER_CELL, cells)

        return detector

    rivals = {name: of_preview(strength) for name, strength in RIVALS.items()}
    return {**rivals, PLAIN: _of_greens, WITHOUT_RAW: _of_luma, OURS: lambda shots, _: focus_of_all(shots)[-1]}


def _of_greens(shots: list[Shot], cells: tuple[int, int]) -> Cells:
    raw = np.mean([shot.raw for shot in shots], 0, np.float32) - np.float32(LEVELS.green_black)
    one = shots[0].noise
    return green_diagonals(raw, Noise(one.slope_dn / len(shots), one.floor_dn2 / len(shots)), cells)


def _of_luma(shots: list[Shot], cells: tuple[int, int]) -> Cells:
    """Its cells are of 8 preview pixels."""
    luma = np.rint(np.mean([shot.luma for shot in shots], 0)).astype(np.uint8)
    factor = FOCUS_CELL // PIXELS_PER_CELL
    focus = without_raw(replace(shots[0], luma=luma)).repeat(factor, 0).repeat(factor, 1)
    missing = [(0, max(0, size - has)) for size, has in zip(cells, focus.shape, strict=True)]
    return np.pad(focus, missing, "edge")[: cells[0], : cells[1]]


class _Judge:
    """Gathers what BARS asks for, gain by gain.

    A detector without a threshold gets the one that marks 0.1 % of flat noise at the first gain.
    """

    def __init__(self) -> None:
        self.detectors, self.thresholds = _detectors(), dict(THRESHOLDS)
        self.scores: Scores = {name: [] for name in self.detectors}

    def look(self, truth: list[Collage], shots: list[list[Shot]]) -> None:
        for name, detector in self.detectors.items():
            found = [detector(each, frame.flat.shape) for each, frame in zip(shots, truth, strict=True)]
            sharp, critical, soft, flat = (
                np.concatenate([cells[getattr(frame, kind)] for cells, frame in zip(found, truth, strict=True)])
                for kind in ("sharp", "critical", "soft", "flat")
            )
            threshold = self.thresholds.setdefault(name, float(np.quantile(flat, 0.999)))
            rest, marked = np.concatenate([soft, flat]), float((flat > threshold).mean())
            figures = auc(sharp, rest), auc(sharp, critical), 100 * marked, 100 * marked_at_recall(sharp, soft)
            self.scores[name].append(figures)


if __name__ == "__main__":
    print(*run(), sep="\n")

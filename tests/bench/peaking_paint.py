"""What the viewfinder paints on whole frames: nothing where nothing is in focus, and the same from frame to frame."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from device import luma
from device.detail import detail
from device.focus import focus_map, significance
from device.frame import Exposure, Plane, Preview
from device.meter import noise_floor_ev
from device.preview import PreviewFrame
from device.steady_detail import SteadyDetail
from tests.bench.peaking_collage import COLUMNS, ROWS, Collage, disc_blurred
from tests.bench.peaking_rivals import RIVALS
from tests.bench.peaking_sensor import CFA, LEVELS, Shot, expose
from tests.bench.peaking_sources import Light, foliage, page
from ui.peaking import SIGMAS, marks
from ui.steady import SteadyLuma

Mask = NDArray[np.bool_]

LIGHTS = 40  # specular ones, each many times brighter than white
STILL = 8  # frames of a still scene
FRAME_NS = 33_333_333  # 30 frames a second
DISC = 24.0  # their radius out of focus, photosites


def paint_rows(truth: list[Collage]) -> list[str]:
    """Of each frame the share painted, where nothing is in focus at most 0.05 %; of a still scene what flips."""
    frames = [
        f"  {name:44}" + "".join(f"{100 * where.mean():10.3f} %" for where in masks)
        for name, light, gain in _frames()
        for masks in [(painted(light, gain, 1), painted_live(light, gain), painted_without_raw(light, gain))]
    ]
    flips = [_flip_row(truth[0].light, gain) for gain in (1.0, 4.0, 16.0, 64.0)]
    return [
        f"Painted, of the whole of one frame; after {STILL} in the live view; and of one by a camera without RAW",
        *frames,
        "",
        "Marks that flip between two frames of a still scene, of all in either: each frame by itself; averaged as the",
        f"viewfinder does, after {STILL} frames; of the whole frame then marked; Sobel's as many; d2xy's as many",
        *flips,
        "",
        *strength_rows(truth),
    ]


def painted(light: Light, gain: float, seed: int) -> Mask:
    """Where the viewfinder paints a frame of that light."""
    shot = expose(light, gain, np.random.default_rng(seed))
    return _marked(shot.luma, focus_of(shot), shot)


def painted_live(light: Light, gain: float) -> Mask:
    """Where it paints after some frames of a still scene."""
    return _live([expose(light, gain, np.random.default_rng(seed)) for seed in range(STILL)])[-1]


def _live(shots: list[Shot]) -> list[Mask]:
    """Where it paints each frame, as the live view does: by what it kept of those before."""
    steady = SteadyLuma()
    return [
        steady_marks(steady, _view(number, shot, cells)) > 0
        for number, (shot, cells) in enumerate(zip(shots, focus_of_all(shots), strict=True), 1)
    ]


def steady_marks(steady: SteadyLuma, view: PreviewFrame) -> Plane:
    """Where the live view paints a frame, valid until the next."""
    luma, noise, found = steady.of(view)
    return marks(luma, view.reading.focus, view.raw_size, noise, found=found)


def _marked(luma: Plane, focus: NDArray[np.float32], shot: Shot) -> Mask:
    floor_ev = noise_floor_ev(LEVELS, shot.noise)
    return np.asarray(marks(luma, focus, shot.raw.shape, noise_floor_ev=floor_ev) > 0)


def painted_without_raw(light: Light, gain: float) -> Mask:
    """Where it would paint with nothing to go by but the preview."""
    shot = expose(light, gain, np.random.default_rng(1))
    return np.asarray(marks(shot.luma, without_raw(shot), shot.luma.shape) > 0)


def without_raw(shot: Shot) -> NDArray[np.float32]:
    """The focus map of luma."""
    half = np.zeros((shot.luma.shape[0] // 2, shot.luma.shape[1] // 2), np.uint8)
    return luma.read(Preview(shot.luma, half, half)).focus


def strength_rows(truth: list[Collage]) -> list[str]:
    """Which share of the cells of each kind stands above the threshold of each strength."""
    rows = []
    for gain in (1.0, 16.0):
        found = [focus_of(expose(frame.light, gain, np.random.default_rng(1))) for frame in truth]
        for strength, sigmas in SIGMAS.items():
            shares = [
                np.concatenate([cells[getattr(frame, kind)] for cells, frame in zip(found, truth, strict=True)])
                > sigmas
                for kind in ("sharp", "critical", "soft", "flat")
            ]
            name = f"gain {gain:.0f}, {strength}"
            rows.append(f"  {name:44}" + "".join(f"{100 * marked.mean():10.2f} %" for marked in shares))
    return ["Cells taken for sharp, by strength: sharp, nearly sharp, blurred, flat ones", *rows]


def focus_of(shot: Shot) -> NDArray[np.float32]:
    """The focus map of the RAW."""
    return focus_map(shot.raw, CFA, LEVELS, shot.noise)


def focus_of_all(shots: list[Shot]) -> list[NDArray[np.float32]]:
    """The focus maps of the live view, frame by frame."""
    steady, maps = SteadyDetail(), []
    for number, shot in enumerate(shots, 1):
        kept, chance = steady.of(detail(shot.raw, CFA, LEVELS), shot.noise, number * FRAME_NS)
        maps.append(significance(kept, LEVELS, shot.noise, chance))
    return maps


def _flip_row(light: Light, gain: float) -> str:
    """Rivals' thresholds are those with which they mark as much of the frame as we do in one frame."""
    shots = [expose(light, gain, np.random.default_rng(seed)) for seed in range(STILL)]
    lone = [_marked(shot.luma, focus_of(shot), shot) for shot in shots[-2:]]
    averaged = _live(shots)[-2:]
    rivals = [_rival_flips(shots[-2:], name, float(lone[0].mean())) for name in ("Sobel", "Magic Lantern d2xy")]
    figures = [_flipped(*lone), _flipped(*averaged), float(averaged[-1].mean()), *rivals]
    return f"  {'at gain ' + format(gain, '.0f'):44}" + "".join(f"{100 * figure:10.1f} %" for figure in figures)


def _view(number: int, shot: Shot, focus: NDArray[np.float32]) -> PreviewFrame:
    """A frame as the viewfinder gets it."""
    half = np.zeros((shot.luma.shape[0] // 2, shot.luma.shape[1] // 2), np.uint8)
    preview = Preview(shot.luma, half, half)
    reading = replace(luma.read(preview), focus=focus, noise_floor_ev=noise_floor_ev(LEVELS, shot.noise))
    when_ns = number * FRAME_NS
    return PreviewFrame(number, number, when_ns, Exposure(1000, 1.0), shot.raw.shape, 12, preview, reading)


def _rival_flips(shots: list[Shot], name: str, share: float) -> float:
    strengths = [RIVALS[name](shot.luma.astype(np.float32), shot.rgb) for shot in shots]
    threshold = np.quantile(strengths[0], 1 - share)
    return _flipped(*(strength > threshold for strength in strengths))


def _flipped(one: Mask, other: Mask) -> float:
    return float((one ^ other).sum() / max((one | other).sum(), 1))


def _frames() -> Iterator[tuple[str, Light, float]]:
    for gain in (1.0, 16.0):
        for name, picture in (("a printed page", page()), ("foliage", foliage())):
            yield f"{name}, in focus, gain {gain:.0f}", picture, gain
            yield f"{name}, out of focus by 6 photosites, gain {gain:.0f}", disc_blurred(picture, 6.0), gain
    yield "a blank wall, gain 4", np.full((ROWS, COLUMNS, 3), 0.3, np.float32), 4.0
    yield "a lens cap, gain 22", np.zeros((ROWS, COLUMNS, 3), np.float32), 22.0
    yield "specular discs out of focus, gain 1", lights_out_of_focus(), 1.0


def lights_out_of_focus() -> Light:
    """Points of light at night, each a disc with an edge."""
    random = np.random.default_rng(5)
    light = np.full((ROWS, COLUMNS, 3), 0.01, np.float32)
    down, across = np.mgrid[0:ROWS, 0:COLUMNS].astype(np.float32)
    for row, column, power in random.random((LIGHTS, 3)) * (ROWS, COLUMNS, 4):
        inside = np.clip(DISC + 0.5 - np.hypot(down - row, across - column), 0, 1)
        light += (inside * np.float32(2**power))[..., None]
    return light

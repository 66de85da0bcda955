"""What the viewfinder paints of whole frames, from light to marks: nothing that is out of focus, all that is in."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from device import meter
from device.clock import SteppedClock
from device.frame import Exposure, Preview
from device.preview import PreviewFrame
from device.sensor import Setting
from device.sensor_simulated import SimulatedSensor
from device.steady_detail import SteadyDetail
from tests.bench.peaking_collage import disc_blurred
from tests.bench.peaking_paint import lights_out_of_focus, steady_marks
from tests.bench.peaking_sensor import CFA, LEVELS, expose
from tests.bench.peaking_sources import Light, foliage, page, photographs
from tests.conftest import build_frame
from ui.peaking import marks
from ui.steady import SteadyLuma

MOST = 0.0005  # of a frame in which nothing is in focus
CHANCE = 0.0007  # that normal noise is above peaking.NOISE_SIGMAS, which lets a mark stand in a cell that is sharp
FRAMES = 6
LONG = 32
FRAME_NS = 33_000_000
SIZE = (608, 800)


def painted(light: Light, gain: float, frames: int = FRAMES) -> float:
    """The largest share that is painted of each of some frames, one after the other."""
    steady, detail, shares = SteadyLuma(), SteadyDetail(), []
    for number in range(1, frames + 1):
        view = seen(light, gain, number, detail)
        shares.append(float((steady_marks(steady, view) > 0).mean()))
    return max(shares)


def seen(light: Light, gain: float, number: int, detail: SteadyDetail) -> PreviewFrame:
    shot = expose(light, gain, np.random.default_rng(number))
    grey = np.full((shot.luma.shape[0] // 2, shot.luma.shape[1] // 2), 128, np.uint8)
    frame = build_frame(
        shot.raw, cfa=CFA, levels=LEVELS, noise=shot.noise, bits=12, preview=Preview(shot.luma, grey, grey)
    )
    frame = replace(frame, sensor_timestamp_ns=number * FRAME_NS)
    reading = meter.read(frame, steady=detail)
    return PreviewFrame(number, number, number * FRAME_NS, frame.exposure, shot.raw.shape, 12, frame.preview, reading)


def flat(level: float) -> Light:
    return np.full((*SIZE, 3), level, np.float32)


@pytest.mark.parametrize("gain", [1.0, 4.0, 22.0, 64.0])
def test_a_blank_wall_is_not_painted(gain: float) -> None:
    assert painted(flat(0.3), gain) <= MOST


def test_a_lens_cap_at_the_highest_gain_is_not_painted() -> None:
    assert painted(flat(0.0), 22.0) <= MOST


@pytest.mark.parametrize("gain", [1.0, 16.0])
def test_lights_at_night_out_of_focus_are_not_painted(gain: float) -> None:
    assert painted(lights_out_of_focus()[:608, :800], gain) <= MOST


@pytest.mark.parametrize("gain", [1.0, 16.0, 64.0])
@pytest.mark.parametrize("radius", [4.0, 8.0])
def test_page_and_foliage_out_of_focus_are_not_painted(gain: float, radius: float) -> None:
    for thing in (page(), foliage()):
        assert painted(disc_blurred(thing[:608, :800], radius), gain) <= MOST


@pytest.mark.parametrize("gain", [1.0, 16.0, 64.0])
def test_marks_are_gone_in_the_first_frame_that_is_out_of_focus(gain: float) -> None:
    steady, detail, shares = SteadyLuma(), SteadyDetail(), []
    sharp = foliage()[:608, :800]
    for number, light in enumerate([sharp] * FRAMES + [disc_blurred(sharp, 6.0)] * 3, 1):
        view = seen(light, gain, number, detail)
        shares.append(float((steady_marks(steady, view) > 0).mean()))
    assert shares[FRAMES - 1] > 0.01
    assert max(shares[FRAMES:]) <= MOST


@pytest.mark.parametrize(
    ("light", "gain"),
    [
        (flat(0.3), 4.0), (flat(0.0), 22.0), (lights_out_of_focus()[:608, :800], 1.0),
        (disc_blurred(foliage()[:608, :800], 6.0), 16.0), (disc_blurred(page()[:608, :800], 6.0), 16.0),
    ],
    ids=["wall", "cap", "lights out of focus", "foliage out of focus", "page out of focus"],
)  # fmt: skip
def test_noise_does_not_gather_over_many_frames(light: Light, gain: float) -> None:
    assert painted(light[:304, :400], gain, LONG) <= MOST


def test_a_still_scenes_marks_flip_less_and_stay_thin() -> None:
    """Beside marks that know nothing of those of the frame before, in the same luma."""
    steady, detail, light = SteadyLuma(), SteadyDetail(), page()[:304, :400]
    held, alone = [], []
    for number in range(1, LONG + 1):
        view = seen(light, 1.0, number, detail)
        held.append(steady_marks(steady, view) > 0)
        luma, noise, _ = steady.of(view)
        alone.append(marks(luma, view.reading.focus, view.raw_size, noise) > 0)
    assert flips(held) < 0.7 * flips(alone)
    assert held[-1].mean() < 4 / 3 * alone[-1].mean()


def test_marks_of_another_scene_are_those_it_has_by_itself_but_for_few() -> None:
    steady, detail = SteadyLuma(), SteadyDetail()
    for number, light in enumerate([page()[:304, :400]] * FRAMES + [foliage()[:304, :400]], 1):
        view = seen(light, 1.0, number, detail)
        held = steady_marks(steady, view) > 0
    luma, noise, _ = steady.of(view)
    alone = marks(luma, view.reading.focus, view.raw_size, noise) > 0
    assert alone.mean() > 0.01
    assert held.sum() < 1.1 * alone.sum()


def flips(masks: list[NDArray[np.bool_]]) -> float:
    """Of the last frames, the share of marks that are in one of two only."""
    pairs = list(pairwise(masks[-5:]))
    return sum(float((one ^ other).sum() / (one | other).sum()) for one, other in pairs) / len(pairs)


@pytest.mark.parametrize(("gain", "least"), [(1.0, 0.05), (16.0, 0.03)])
def test_page_and_foliage_in_focus_are_painted(gain: float, least: float) -> None:
    for thing in (page(), foliage()):
        assert painted(thing[:608, :800], gain) > least


def paper(light: Light) -> NDArray[np.bool_]:
    """Preview pixels from which no ink is nearer than three pixels of it."""
    darkest = light.min(2).reshape(light.shape[0] // 2, 2, light.shape[1] // 2, 2).min((1, 3))
    ink = darkest < 0.9 * np.median(light)
    padded = np.pad(ink, 3, mode="edge")
    return ~np.lib.stride_tricks.sliding_window_view(padded, (7, 7)).any((2, 3))


@pytest.mark.parametrize("gain", [1.0, 4.0, 16.0, 64.0])
def test_paper_between_letters_is_not_painted_where_they_fill_the_frame(gain: float) -> None:
    """Hardly a cell is without letters there, so that nothing shows noise alone."""
    light = page()[:608, :800]
    blank = paper(light)
    assert blank.mean() > 0.1
    steady, detail = SteadyLuma(), SteadyDetail()
    for number in range(1, FRAMES + 1):
        assert (steady_marks(steady, seen(light, gain, number, detail)) > 0)[blank].mean() <= 2 * CHANCE


@pytest.mark.parametrize(("gain", "least"), [(1.0, 0.2), (4.0, 0.2), (16.0, 0.1)])
def test_gravel_that_fills_the_frame_is_painted(gain: float, least: float) -> None:
    """Of no pixel there is the neighbour alike, so that all detail might be noise but for what the RAW says."""
    stones = np.random.default_rng(7).normal(0, 0.9, (304, 400)).clip(-2, 2.2).repeat(2, 0).repeat(2, 1)
    assert painted(np.repeat(0.18 * 2 ** stones[..., None], 3, 2).astype(np.float32), gain) > least


def test_photographs_are_painted_in_focus_and_not_out_of_it(data: Path) -> None:
    for light in photographs(data / "photos"):
        cut = light[: light.shape[0] // 2 * 2, : light.shape[1] // 2 * 2]
        assert painted(cut, 1.0) > 0.002
        assert painted(disc_blurred(cut, 8.0), 1.0) <= MOST


@pytest.mark.parametrize(("exposure_us", "gain"), [(2_000, 1.0), (125, 16.0)])
def test_the_simulated_scene_before_the_plane_of_focus_is_not_painted(exposure_us: int, gain: float) -> None:
    """The lens is focused nearer than anything in it."""
    sensor = SimulatedSensor(SteppedClock())
    sensor.turn(0.5, 2.0, None)
    sensor.start(Setting.SMOOTH, Exposure(exposure_us, gain))
    frame = sensor.wait(1.0)
    assert frame is not None
    found = marks(frame.preview.y, meter.read(frame).focus, frame.raw.shape)
    sensor.give_back(frame)
    sensor.close()
    assert (found > 0).mean() <= MOST

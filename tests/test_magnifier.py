"""The magnifier's window of the mosaic: where it lies, and that its picture is the plainest one there is."""

import numpy as np
import pytest
from numpy.typing import NDArray

from device import isp, magnifier, meter
from device.colour import balance, camera_to_srgb
from device.face_states import ViewState
from device.frame import Cfa, Frame, Levels, Raw, Triple
from device.sensor_facts import IMX477
from device.srgb import srgb_signal
from device.window import Window
from tests import reference_meter
from tests.conftest import build_frame

COLOUR = IMX477.facts.colour
LEVELS = Levels((250.0, 256.5, 255.5, 262.0), 4095)


def mosaic(rows: int = 64, columns: int = 96, seed: int = 1) -> Raw:
    """From black to clipped, with detail in every photosite."""
    random = np.random.default_rng(seed)
    light = np.linspace(0, 1.1, columns) ** 2 * random.uniform(0.5, 1.0, (rows, columns))
    return np.clip(256 + 3839 * light, 0, 4095).astype(np.uint16)


def frame_of(raw: Raw, cfa: Cfa = Cfa.BGGR) -> Frame:
    return build_frame(raw, cfa=cfa, levels=LEVELS)


@pytest.mark.parametrize("raw", [(1520, 2028), (3040, 4056), (48, 64), (24, 24), (361, 485)])
@pytest.mark.parametrize("at", [(0.5, 0.5), (0.0, 0.0), (1.0, 1.0), (0.32, 0.9)])
def test_a_window_lies_inside_on_whole_cells(raw: tuple[int, int], at: tuple[float, float]) -> None:
    window = magnifier.window_at(raw, *at, (480, 640))
    assert window is not None
    assert all(part % 8 == 0 for part in (window.top, window.left, window.rows, window.columns))
    assert 8 <= window.top <= window.top + window.rows <= raw[0] - 8
    assert 8 <= window.left <= window.left + window.columns <= raw[1] - 8
    assert window.rows == min(480, raw[0] // 8 * 8 - 16)
    assert window.columns == min(640, raw[1] // 8 * 8 - 16)


def test_a_window_has_its_point_in_the_middle() -> None:
    window = magnifier.window_at((3040, 4056), 0.32, 0.6, (480, 640))
    assert window is not None
    assert window.left + window.columns / 2 == pytest.approx(0.32 * 4056, abs=4)
    assert window.top + window.rows / 2 == pytest.approx(0.6 * 3040, abs=4)


def test_a_mosaic_that_is_too_small_has_none() -> None:
    assert magnifier.window_at((16, 400), 0.5, 0.5, (480, 640)) is None


def test_the_window_halves_at_two_to_one_and_is_none_while_the_magnifier_is_off() -> None:
    frame = frame_of(mosaic(512, 512))
    one, two = (
        magnifier.window_of(frame, ViewState(magnifier=True, magnification=times), (160, 240))  # type: ignore[arg-type]
        for times in (1, 2)
    )
    assert one is not None
    assert two is not None
    assert (one.rows, one.columns, two.rows, two.columns) == (160, 240, 80, 120)
    assert magnifier.window_of(frame, ViewState(), (160, 240)) is None


# ---- its picture ----------------------------------------------------------------------------------------------------


def slow(frame: Frame, window: Window) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Luma of each photosite, and Cb and Cr of each quad, one after the other."""
    black, gain = balance(frame.levels, frame.neutral)
    light = np.zeros(frame.raw.shape)
    for (i, j), value in np.ndenumerate(frame.raw):
        channel = reference_meter.channel_of(frame.cfa, i, j)
        light[i, j] = min((float(value) - black[channel]) * gain[channel], 1.0)
    y = np.zeros((window.rows, window.columns))
    cb, cr = np.zeros((window.rows // 2, window.columns // 2)), np.zeros((window.rows // 2, window.columns // 2))
    for i in range(0, window.rows, 2):
        for j in range(0, window.columns, 2):
            places = [(window.top + i + k, window.left + j + m) for k in (0, 1) for m in (0, 1)]
            rgb = shown(colours_of(frame.cfa, light, places), frame.neutral)
            luma = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]
            detail = [signal(green_at(frame.cfa, light, *place)) for place in places]
            for (row, column), tone in zip(places, detail, strict=True):
                y[row - window.top, column - window.left] = luma + tone - np.mean(detail)
            cb[i // 2, j // 2], cr[i // 2, j // 2] = 128 + (rgb[2] - luma) / 1.772, 128 + (rgb[0] - luma) / 1.402
    return np.clip(y, 0, 255), cb, cr


def colours_of(cfa: Cfa, light: NDArray[np.float64], places: list[tuple[int, int]]) -> NDArray[np.float64]:
    """Red, mean green and blue of a quad."""
    found: list[list[float]] = [[], [], []]
    for place in places:
        found[(0, 1, 1, 2)[reference_meter.channel_of(cfa, *place)]].append(light[place])
    return np.array([np.mean(values) for values in found])


def green_at(cfa: Cfa, light: NDArray[np.float64], i: int, j: int) -> float:
    if reference_meter.channel_of(cfa, i, j) in (1, 2):
        return float(light[i, j])
    return float(light[i - 1, j] + light[i + 1, j] + light[i, j - 1] + light[i, j + 1]) / 4


def shown(camera: NDArray[np.float64], neutral: Triple) -> NDArray[np.float64]:
    return np.array([signal(light) for light in camera_to_srgb(COLOUR, neutral) @ camera])


def signal(light: float) -> float:
    return float(255 * srgb_signal(np.clip(np.array(light), 0, 1)))


@pytest.mark.parametrize("cfa", Cfa)
def test_the_picture_equals_the_slow_reference(cfa: Cfa) -> None:
    frame, window = frame_of(mosaic(), cfa), Window(16, 8, 32, 72)
    found = magnifier.cut(frame, COLOUR, window)
    assert found.window == window
    for ours, expected in zip((found.picture.y, found.picture.u, found.picture.v), slow(frame, window), strict=True):
        assert ours.shape == expected.shape
        assert np.abs(ours - expected).max() < 1.5  # rounding, and the steps of the tone table
    assert np.ptp(found.picture.y) > 200


def test_each_photosite_is_a_pixel() -> None:
    """Stripes one photosite wide on the greens' scale: seen at 1:1, and gone in a picture made of whole quads."""
    raw = np.full((64, 96), 1500, np.uint16)
    raw[:, 0::2] = 700
    found = magnifier.cut(frame_of(raw), COLOUR, Window(16, 16, 32, 64)).picture.y.astype(int)
    assert np.abs(np.diff(found, axis=1)).min() > 20


@pytest.mark.parametrize("cfa", Cfa)
def test_its_quads_are_as_bright_as_those_of_the_whole_picture(cfa: Cfa) -> None:
    raw = (mosaic() // 4 + 300).astype(np.uint16)  # nothing clips, so nothing is cut off
    frame, window = frame_of(raw, cfa), Window(16, 16, 32, 64)
    whole = isp.render(raw, cfa, LEVELS, frame.neutral, COLOUR, isp.preview_shape(*raw.shape, 768, 1024))
    found = magnifier.cut(frame, COLOUR, window).picture
    quads = found.y.reshape(16, 2, 32, 2).mean(axis=(1, 3))
    assert np.abs(quads - whole.y[8:24, 8:40]).max() < 1.2


@pytest.mark.parametrize("cfa", Cfa)
def test_what_is_clipped_is_known_quad_by_quad(cfa: Cfa) -> None:
    raw, window = np.minimum(mosaic() * 2, 4095).astype(np.uint16), Window(16, 40, 32, 48)
    found = magnifier.cut(frame_of(raw, cfa), COLOUR, window).clipped
    assert found.any()
    inside = raw[16:48, 40:88]
    assert np.array_equal(found, reference_meter.clipped_map(inside, cfa, 4095, 1))


# ---- what is measured in it -----------------------------------------------------------------------------------------


def test_focus_meter_and_spot_look_where_the_magnifier_does() -> None:
    raw = np.full((400, 600), 400, np.uint16)
    chart = np.where(np.indices((96, 96)).sum(0) // 3 % 2, 2400, 1000).astype(np.uint16)
    raw[40:136, 440:536] = chart
    frame = frame_of(raw)
    window = magnifier.window_at(raw.shape, 488 / 600, 88 / 400, (96, 96))
    assert window == Window(40, 440, 96, 96)
    there, centre = meter.read(frame, window), meter.read(frame)
    assert there.focus_score > 10
    assert centre.focus_score < 1
    assert there.spot_ev > centre.spot_ev + 3
    greens = [chart[i, j] - 256 for i in range(36, 60) for j in range(36, 60) if (i + j) % 2]
    assert there.spot_ev == pytest.approx(np.log2(np.mean(greens) / 3839), abs=0.02)
    for name in ("histogram", "clipped_share", "focus", "stops"):
        np.testing.assert_array_equal(getattr(there, name), getattr(centre, name))

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from device.focus import focus_map
from device.frame import Cfa, Levels, Noise
from device.meter import noise_floor_ev
from tests.bench.peaking_collage import disc_blurred
from tests.bench.peaking_sensor import CFA, LEVELS, Shot, expose
from tests.bench.peaking_sources import foliage, page
from ui.focus_cells import middle_of
from ui.peaking import DETAIL, SHARP_SIGMAS, mark_level, marks
from ui.preview_noise import noise_by_luma
from ui.scaling import taps

Plane = NDArray[np.uint8]
RAW = (256, 320)
PICTURE = (128, 160)


def slow_marks(y: Plane, sharp: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The rule, one pixel at a time; sharp is per pixel."""
    luma = y.astype(int)
    rows, columns = y.shape
    bend, slope = np.zeros(y.shape, int), np.zeros(y.shape, int)
    darker = np.zeros(y.shape, int)
    for r in range(1, rows - 1):
        for c in range(1, columns - 1):
            around = luma[r - 1, c] + luma[r + 1, c] + luma[r, c - 1] + luma[r, c + 1]
            darker[r, c] = around - 4 * luma[r, c]
            bend[r, c] = abs(darker[r, c])
            slope[r, c] = abs(luma[r, c + 1] - luma[r, c - 1]) + abs(luma[r + 1, c] - luma[r - 1, c])
    found = np.zeros(y.shape, bool)
    for r in range(4, rows // 2 * 2 - 4):
        for c in range(4, columns // 2 * 2 - 4):
            block = r // 2 * 2, c // 2 * 2
            window = slice(block[0] - 2, block[0] + 4), slice(block[1] - 2, block[1] + 4)
            fine = bend[window].sum() / max(bend[window].sum() + slope[window].sum(), 1) > 0.4
            found[r, c] = sharp[r, c] and fine and darker[r, c] >= DETAIL
    return found


def soft(picture: NDArray[np.float64], radius: int) -> NDArray[np.float64]:
    """Blurred by a disc."""
    down, across = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    disc = (down**2 + across**2 <= radius**2 + 0.1).astype(float)
    padded = np.pad(picture, radius, mode="edge")
    total = np.zeros_like(picture)
    for i, j in zip(*np.nonzero(disc), strict=True):
        total += padded[i : i + picture.shape[0], j : j + picture.shape[1]]
    return total / disc.sum()


def painted(light: NDArray[np.float64], gain: float) -> NDArray[np.bool_]:
    """Where there are marks, of light (0 to 1) that a grey mosaic with photon and read noise sees."""
    random = np.random.default_rng(5)
    slope, read = 0.5 * gain, 3.0 * gain
    signal = light * 3839
    raw = signal + random.normal(size=signal.shape) * np.sqrt(slope * signal + read**2)
    mosaic = np.clip(np.round(raw + 256), 0, 4095).astype(np.uint16)
    quads = mosaic.reshape(PICTURE[0], 2, PICTURE[1], 2).mean(axis=(1, 3))
    luma = np.clip((quads - 256) / 3839, 0, 1) ** (1 / 2.2) * 255
    levels, noise = Levels((256.0,) * 4, 4095), Noise(slope, read**2 + 1 / 12)
    focus, floor_ev = focus_map(mosaic, Cfa.RGGB, levels, noise), noise_floor_ev(levels, noise)
    return np.asarray(marks(np.round(luma).astype(np.uint8), focus, RAW, noise_floor_ev=floor_ev) > 0)


def painted_shot(shot: Shot) -> NDArray[np.bool_]:
    """Where there are marks, of that exposure."""
    focus, floor_ev = focus_map(shot.raw, CFA, LEVELS, shot.noise), noise_floor_ev(LEVELS, shot.noise)
    return np.asarray(marks(shot.luma, focus, shot.raw.shape, noise_floor_ev=floor_ev) > 0)


def leaves() -> NDArray[np.float64]:
    """Rough texture at every scale, with strong edges."""
    random = np.random.default_rng(3)
    total = np.full(RAW, 0.4)
    for step in (2, 4, 8, 16, 32):
        small = random.random((RAW[0] // step, RAW[1] // step)) - 0.5
        total += 0.22 * small.repeat(step, 0).repeat(step, 1)
    return total.clip(0.03, 0.95)


def test_marks_follow_the_rule() -> None:
    y = np.random.default_rng(2).integers(0, 256, (41, 57), np.uint8)
    y[20:] = np.linspace(0, 255, 57).astype(np.uint8)
    focus = np.where(np.random.default_rng(4).random((41 * 2 // 8, 57 * 2 // 8)) > 0.5, SHARP_SIGMAS + 1, 0)
    rows = np.minimum((2 * np.arange(41) + 1) // 8, focus.shape[0] - 1)
    columns = np.minimum((2 * np.arange(57) + 1) // 8, focus.shape[1] - 1)
    sharp = focus[np.ix_(rows, columns)] > SHARP_SIGMAS
    found = marks(y, focus.astype(np.float32), (82, 114), np.zeros(256, np.float32))
    assert np.array_equal(found > 0, slow_marks(y, sharp))
    assert set(np.unique(found)) == {0, 255}


def test_a_sharp_edge_gets_a_line_one_pixel_thin() -> None:
    y = np.full((40, 60), 60, np.uint8)
    y[:, 30:] = 200
    found = marks(y, np.full((10, 15), 99, np.float32), (80, 120))
    assert np.array_equal(np.nonzero(found[20])[0], [29])
    assert (found[4:-4, 29] == 255).all()


def test_a_mark_stands_out_of_the_noise_of_the_preview() -> None:
    """On the left the RAW shows nothing in focus, so what detail the preview has there is noise."""
    y = (100 + 4 * np.random.default_rng(6).standard_normal((256, 320))).clip(0, 255).astype(np.uint8)
    y[:, 240:] = np.minimum(y[:, 240:], 156) + 99
    focus = np.zeros((64, 80), np.float32)
    focus[:, 40:] = SHARP_SIGMAS + 1
    found = marks(y, focus, (512, 640)) > 0
    assert found[3:-3, 239].mean() > 0.8
    assert found[:, 164:236].mean() < 0.002
    assert not found[:, :160].any()


@pytest.mark.parametrize("sigma", [0.5, 2.0, 8.0])
def test_the_noise_of_a_preview_is_found_by_brightness_where_the_raw_has_no_detail(sigma: float) -> None:
    """A ramp that is twice as noisy in its dark half, and sharp texture below it."""
    random = np.random.default_rng(8)
    light = np.linspace(40, 220, 640)[None, :] + np.zeros((480, 1))
    light += np.where(light < 130, 2 * sigma, sigma) * random.standard_normal(light.shape)
    light[240:] += 50 * random.standard_normal((240, 640))
    y = np.clip(np.round(light), 0, 255).astype(np.uint8)
    focus = np.zeros((120, 160), np.float32)
    focus[59:] = 9
    places = middle_of(480, 960, 120), middle_of(640, 1280, 160)
    found = noise_by_luma(y, focus, *places)
    assert found[80] == pytest.approx(np.sqrt(20 * (4 * sigma**2 + 1 / 12)), rel=0.15)
    assert found[180] == pytest.approx(np.sqrt(20 * (sigma**2 + 1 / 12)), rel=0.15)


@pytest.mark.parametrize("gain", [1.0, 4.0])
def test_what_is_in_focus_is_painted(gain: float) -> None:
    assert painted(leaves(), gain).mean() > 0.05


@pytest.mark.parametrize("thing", [page, foliage])
@pytest.mark.parametrize(("gain", "least"), [(1.0, 0.05), (16.0, 0.01)])
def test_printed_pages_and_foliage_are_painted_in_focus_only(
    thing: Callable[[], NDArray[np.float32]], gain: float, least: float
) -> None:
    light = thing()[100:420, 100:500]
    for radius, low, high in ((0.0, least, 0.3), (5.0, 0.0, 0.0005), (9.0, 0.0, 0.0005)):
        shot = expose(disc_blurred(light, radius), gain, np.random.default_rng(3))
        found = painted_shot(shot)
        assert low <= found.mean() <= high, (radius, found.mean())


@pytest.mark.parametrize(("gain", "most"), [(1.0, 0.3), (4.0, 0.4), (16.0, 0.6)])
def test_most_marks_on_a_still_scene_stay_from_frame_to_frame(gain: float, most: float) -> None:
    light = foliage()[100:420, 100:740].copy()
    light[:, 320:] = disc_blurred(light, 9.0)[:, 320:]
    shots = [expose(light, gain, np.random.default_rng(seed)) for seed in (1, 2)]
    one, other = (painted_shot(shot) for shot in shots)
    assert one.mean() > 0.005
    assert (one ^ other).sum() < most * (one | other).sum()


@pytest.mark.parametrize("gain", [1.0, 4.0, 16.0])
def test_nothing_is_painted_on_a_picture_out_of_focus(gain: float) -> None:
    assert not painted(soft(leaves(), 8), gain).any()


@pytest.mark.parametrize("gain", [1.0, 4.0, 16.0, 22.0])
@pytest.mark.parametrize("light", [0.0, 0.02, 0.3, 0.9])
def test_nothing_is_painted_on_a_blank_noisy_frame(gain: float, light: float) -> None:
    assert not painted(np.full(RAW, light), gain).any()


def test_marks_move_with_the_plane_of_focus() -> None:
    scene = leaves()
    near, far = scene.copy(), scene.copy()
    near[:, 160:] = soft(scene, 8)[:, 160:]
    far[:, :160] = soft(scene, 8)[:, :160]
    for picture, sharp, blurred in ((near, np.s_[:, :70], np.s_[:, 90:]), (far, np.s_[:, 90:], np.s_[:, :70])):
        found = painted(picture, 1.0)
        assert found[sharp].mean() > 0.05
        assert not found[blurred].any()


@pytest.mark.parametrize("target", [101, 120, 133, 150, 199])
def test_a_thin_line_is_not_broken_when_the_picture_is_scaled_down(target: int) -> None:
    columns = taps(200, target)
    for line in range(2, 198):
        source = np.zeros(200)
        source[line] = 255
        left, right = source[columns[0]], source[columns[0] + 1]
        scaled = left + (right - left) * columns[1] / 128
        assert (scaled >= mark_level(target / 200)).sum() in (1, 2), line

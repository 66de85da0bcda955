"""The drawn scene keeps what it promises, and a photograph stands in for it."""

from math import inf
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from device.clock import SteppedClock
from device.errors import BadPicture
from device.frame import Exposure
from device.optical_bench import OpticalBench
from device.optics import Rings
from device.scene import STEPS, Scene, step_depth_m
from device.scene_drawing import ROTOR_PERIOD_S
from device.scene_table import row_of
from device.sensor import Setting
from device.sensor_facts import IMX477
from tests.small_sensor import SCALE, SMALL, next_frame, small_sensor

FOCUS_M = (0.7, 1.2, 2.0, 4.0, inf)
# Where things of those depths stand, in units: left, top, right, bottom.
PLACES = {
    0.7: (400, 2450, 1260, 2850),  # engravings and knurls of the lens
    1.2: (2400, 2020, 3000, 2260),  # titles of the books
    2.0: (1100, 1330, 1560, 1790),  # the star
    4.0: (3620, 700, 3980, 1200),  # the trellis
    inf: (1000, 880, 1600, 1180),  # the rims of the mountains
}


def light(rings: Rings, at_s: float = 0.0) -> NDArray[np.float32]:
    plate, (top, left) = OpticalBench(Scene.drawn(), SMALL, rings).light(SMALL.modes[Setting.ARMED], rings, at_s)
    return plate[top : top + 360, left : left + 480].copy()


def detail(picture: NDArray[np.float32], place: tuple[float, ...]) -> float:
    """Mean difference of green photosites along the diagonal, over their mean."""
    left, top, right, bottom = (round(v * SCALE / 2) * 2 for v in place)
    green = picture[top:bottom:2, left + 1 : right + 1 : 2]
    return float(np.abs(np.diff(green, axis=1)).mean() / green.mean())


@pytest.fixture(scope="module")
def focused() -> dict[float, NDArray[np.float32]]:
    return {focus_m: light(Rings(35.0, focus_m, 2.8)) for focus_m in FOCUS_M}


@pytest.mark.parametrize("depth_m", FOCUS_M)
def test_each_depth_has_something_that_is_sharpest_when_focused(
    depth_m: float, focused: dict[float, NDArray[np.float32]]
) -> None:
    by_focus = {focus_m: detail(picture, PLACES[depth_m]) for focus_m, picture in focused.items()}
    assert max(by_focus, key=lambda focus_m: by_focus[focus_m]) == depth_m
    assert by_focus[depth_m] > 0.02


def test_the_sun_is_more_than_two_stops_beyond_clipping(focused: dict[float, NDArray[np.float32]]) -> None:
    assert focused[inf].max() * 0.7 > 4


def test_there_is_deep_shadow(focused: dict[float, NDArray[np.float32]]) -> None:
    left, top, right, bottom = (round(v * SCALE) for v in (1920, 1500, 2010, 1680))  # behind the hut's door
    assert focused[inf][top:bottom, left:right].max() < 0.01


def test_the_sky_is_a_smooth_gradient(focused: dict[float, NDArray[np.float32]]) -> None:
    green = focused[0.7][4:80:2, 161:281:2]
    assert np.abs(np.diff(green, axis=0)).max() < 0.05
    assert green[-1].mean() > 1.1 * green[0].mean()


def test_the_windmill_turns() -> None:
    rings = Rings(35.0, 2.0, 4.0)
    bench, mode = OpticalBench(Scene.drawn(), SMALL, rings), SMALL.modes[Setting.ARMED]
    first = bench.light(mode, rings, 0.0)[0].copy()
    changed = np.argwhere(np.abs(bench.light(mode, rings, 1.0)[0] - first) > 0.05)
    assert len(changed) > 50
    np.testing.assert_allclose(changed.mean(axis=0) / SCALE, (row_of(2.0) - 750, 600), atol=150)
    np.testing.assert_array_equal(bench.light(mode, rings, ROTOR_PERIOD_S)[0], first)


def test_the_scene_is_the_same_every_time() -> None:
    np.testing.assert_array_equal(light(Rings()), light(Rings()))


def save(path: Path, picture: Image.Image) -> Path:
    picture.save(path, quality=95)
    return path


def test_a_photograph_is_seen_in_linear_light(tmp_path: Path) -> None:
    grey = save(tmp_path / "grey.png", Image.new("RGB", (640, 480), (188, 188, 188)))  # linear 0.503
    sensor = small_sensor(SteppedClock(), scene=Scene.from_photo(grey), rings=Rings(200.0, 2.0, 32.0))
    sensor.start(Setting.ARMED, Exposure(640_000, 1.0))  # six stops for f/32
    green = next_frame(sensor).raw[0::2, 1::2].astype(float) - 256
    assert green.mean() == pytest.approx(0.7 * 3839 * 0.503, rel=0.02)
    assert green[:, 0].mean() == pytest.approx(green.mean(), rel=0.02)  # also at the very edge


@pytest.mark.parametrize("step", [1, 5, 10, 14])
def test_a_photograph_is_a_plane_that_comes_nearer_towards_its_bottom(tmp_path: Path, step: int) -> None:
    random = np.random.default_rng(1)
    noise = Image.fromarray(random.integers(0, 256, (360, 480, 3), np.uint8))
    scene = Scene.from_photo(save(tmp_path / "noise.png", noise))
    rings = Rings(35.0, step_depth_m(step), 2.0)
    plate, _ = OpticalBench(scene, SMALL, rings).light(SMALL.modes[Setting.ARMED], rings, 0.0)
    detail_of_row = np.abs(np.diff(plate[0::2, 1::2], axis=1)).mean(axis=1)
    sharpest = np.convolve(detail_of_row, np.ones(9), "same").argmax() / detail_of_row.size
    assert sharpest == pytest.approx((step + 1) / STEPS, abs=1 / STEPS)  # wholly there once it has faded in


def test_a_photograph_of_another_shape_is_cut_not_squeezed(tmp_path: Path) -> None:
    wide = Image.new("RGB", (1200, 300), "black")
    wide.paste("white", (400, 0, 800, 300))  # the middle 4:3 of it
    scene = Scene.from_photo(save(tmp_path / "wide.png", wide))
    rings = Rings(200.0, 2.0, 32.0)
    plate, _ = OpticalBench(scene, SMALL, rings).light(SMALL.modes[Setting.ARMED], rings, 0.0)
    assert plate[:, 20:-20].min() > 0.29  # red of white


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_half_a_photograph_is_refused(tmp_path: Path, suffix: str) -> None:
    random = np.random.default_rng(1)
    whole = save(tmp_path / f"whole{suffix}", Image.fromarray(random.integers(0, 256, (200, 300, 3), np.uint8)))
    half = tmp_path / f"half{suffix}"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(BadPicture, match="not a whole picture"):
        Scene.from_photo(half)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "letter.jpg"
    text.write_text("Dear Oskar")
    with pytest.raises(BadPicture, match=r"letter\.jpg"):
        Scene.from_photo(text)


def test_a_missing_photograph_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match="There is no photograph"):
        Scene.from_photo(tmp_path / "gone.jpg")


def test_a_folder_is_no_photograph(tmp_path: Path) -> None:
    with pytest.raises(BadPicture):
        Scene.from_photo(tmp_path)


def test_a_full_frame_is_lit_all_over_wherever_the_hand_sways() -> None:
    rings = Rings(35.0, 2.0, 8.0)
    bench, mode = OpticalBench(Scene.drawn(), IMX477, rings), IMX477.modes[Setting.SMOOTH]
    plate, _ = bench.light(mode, rings, 0.0)
    assert plate.min() > 0  # with its border, which is what the hand may show
    corners = np.array([bench.light(mode, rings, t)[1] for t in np.arange(0, 60, 0.1)])
    assert corners.min() >= 0
    assert (corners.max(axis=0) <= np.array(plate.shape) - (1520, 2028)).all()
    assert not (corners % 2).any()  # else colours would change places
    assert (np.ptp(corners, axis=0) >= 4).all()

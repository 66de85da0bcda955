import math

import numpy as np
import pytest

from device.face_states import ViewState
from device.sensor_facts import IMX477
from device.states import CardStatus, LensState, SensorState
from device.tilt import Tilt
from tests.synthetic_view import synthetic_state, synthetic_view
from ui.ghost import no_ghosts
from ui.guide_lines import draw_guides
from ui.guides import around, cross, frame_line, frame_lines, masked
from ui.rect import Rect
from ui.state import Seen
from ui.theme import measures
from ui.viewfinder import Viewfinder

PICTURE = Rect(0, 0, 640, 480)


@pytest.mark.parametrize("focal_mm", [28, 35, 50, 75, 90])
@pytest.mark.parametrize("lens_mm", [6.0, 10.0, 18.0, 35.0])
def test_a_frame_line_encloses_what_that_lens_would_see_on_full_frame(focal_mm: int, lens_mm: float) -> None:
    """By angles: half of the field of view is atan(half the frame / focal length), and tan(angle) x f is the image."""
    facts = IMX477.facts
    crop_factor = round(facts.crop_factor, 3)  # as the daemon tells it
    line = frame_line(focal_mm, lens_mm, crop_factor, PICTURE, (facts.height, facts.width))
    half_angles = math.atan(18 / focal_mm), math.atan(12 / focal_mm)
    on_sensor_mm = [2 * math.tan(angle) * lens_mm for angle in half_angles]
    pixel_mm = facts.width * facts.pixel_pitch_um / 1000 / PICTURE.columns
    assert line.columns == pytest.approx(on_sensor_mm[0] / pixel_mm, abs=1)
    assert line.rows == pytest.approx(on_sensor_mm[1] / pixel_mm, abs=1)
    assert abs(line.left + line.columns / 2 - 320) <= 0.5
    assert abs(line.top + line.rows / 2 - 240) <= 0.5


def test_on_full_frame_a_lens_sees_its_own_line() -> None:
    assert frame_line(50, 50.0, 1.0, Rect(0, 0, 600, 400), (24, 36)) == Rect(0, 0, 600, 400)


def test_only_lines_inside_the_picture_are_drawn() -> None:
    facts = IMX477.facts
    assert not frame_lines(35.0, facts.crop_factor, PICTURE, (facts.height, facts.width))  # 193 mm: all see more
    assert list(frame_lines(10.0, facts.crop_factor, PICTURE, (facts.height, facts.width))) == [75, 90]
    assert list(frame_lines(4.0, facts.crop_factor, PICTURE, (facts.height, facts.width))) == [28, 35, 50, 75, 90]


@pytest.mark.parametrize(
    ("aspect", "ratio"), [("3:2", 1.5), ("16:9", 16 / 9), ("65:24", 65 / 24), ("1:1", 1), ("4:5", 0.8)]
)
@pytest.mark.parametrize("picture", [PICTURE, Rect(7, 11, 239, 180), Rect(0, 0, 300, 400)])
def test_a_mask_leaves_the_largest_part_of_that_shape(aspect: str, ratio: float, picture: Rect) -> None:
    part = masked(aspect, picture)
    assert picture.contains(part)
    assert part.columns == picture.columns or part.rows == picture.rows
    assert part.columns / part.rows == pytest.approx(ratio, rel=0.01)
    hidden = sum(side.columns * side.rows for side in around(picture, part))
    assert hidden + part.columns * part.rows == picture.columns * picture.rows


def test_the_cross_is_in_the_middle() -> None:
    reached = np.zeros((480, 640), bool)
    for rect in cross(PICTURE, 1):
        reached[rect.top : rect.bottom, rect.left : rect.right] = True
    rows, columns = np.nonzero(reached)
    assert (rows.mean(), columns.mean()) == pytest.approx((240, 320), abs=0.5)


def drawn(tilt: Tilt | None = None, lens_mm: float | None = 35.0, **shown: object) -> np.ndarray:
    view = ViewState(**{"info": "clean", "peaking": False, "zebra": False, **shown})  # type: ignore[arg-type]
    sensor = SensorState(model="IMX477", width=2028, height=1520, bits=12, crop_factor=5.513)
    state = synthetic_state(view=view, lens=LensState(name="x", focal_length_mm=lens_mm), sensor=sensor)
    return Viewfinder((800, 480)).draw(Seen(camera=state, tilt=tilt), synthetic_view())


@pytest.mark.parametrize("lens_mm", [None, 35.0])
def test_it_is_said_why_no_frame_line_is_seen(lens_mm: float | None) -> None:
    changed = (drawn(lens_mm=lens_mm, frame_lines=True) != drawn()).any(axis=-1)
    assert changed[:40].any()
    assert not changed[40:].any()


def test_what_a_mask_leaves_is_untouched_and_the_rest_is_darker() -> None:
    before, after = drawn().astype(int), drawn(aspect="1:1").astype(int)
    changed = (before != after).any(axis=-1)
    assert not changed[:, 160:640].any()
    assert changed[:, 80:159].mean() > 0.99
    assert (after[:, 80:159] <= before[:, 80:159]).all()


def test_the_ghost_is_mixed_into_the_picture() -> None:
    white = np.full((480, 640, 4), 255, np.uint8)
    view = ViewState(info="clean", peaking=False, zebra=False, ghost=True)
    asked: list[tuple[str, str, tuple[int, int]]] = []

    def ghosts(folder: str, name: str, size: tuple[int, int]) -> np.ndarray:
        asked.append((folder, name, size))
        return white

    state = synthetic_state(view=view, card=CardStatus(folder="card", last="100MCAM_/MCAM0007"))
    after = Viewfinder((800, 480), ghosts=ghosts).draw(Seen(camera=state), synthetic_view())[:480, 80:720, :3].copy()
    before = drawn()[:480, 80:720, :3].astype(int)
    assert asked == [("card", "100MCAM_/MCAM0007", (640, 480))]
    expected = (before * (256 - 90) + 255 * 90) >> 8
    assert np.abs(after - expected).max() <= 1


@pytest.mark.parametrize("roll_deg", [0.0, 10.0, -10.0, 92.0, 180.0])
def test_the_level_line_leans_against_the_camera(roll_deg: float) -> None:
    """Turn the camera clockwise and the horizon in its picture leans the other way: its right end rises."""
    changed = (drawn(Tilt(roll_deg, 0.0), level=True) != drawn(None, level=True)).any(axis=-1)
    rows, columns = np.nonzero(changed[:, 220:580])
    ends = [rows[columns > 300].mean(), rows[columns < 60].mean()]
    leaning = (roll_deg + 45) % 90 - 45
    assert np.sign(round(ends[1] - ends[0])) == np.sign(leaning)
    assert ends[1] - ends[0] == pytest.approx(300 * math.tan(math.radians(leaning)), abs=4)


def test_the_horizon_sinks_as_the_lens_points_upward() -> None:
    level, up = (
        np.nonzero((drawn(Tilt(0.0, pitch), level=True) != drawn(None, level=True)).any(axis=-1)[:, 300:500])[0].mean()
        for pitch in (0.0, 5.0)
    )
    assert up - level == pytest.approx(40, abs=1)  # a sixtieth of the picture's height to the degree


@pytest.mark.parametrize("size", [(128, 128), (160, 128), (240, 240), (800, 480)])
@pytest.mark.parametrize("lens_mm", [1.0, 4.0, 6.0, 10.0])
def test_the_numbers_of_frame_lines_stay_on_the_smallest_panel(size: tuple[int, int], lens_mm: float) -> None:
    """A kernel that is told to write beyond the panel does."""
    lens = LensState(name="fisheye", focal_length_mm=lens_mm)
    state = synthetic_state(view=ViewState(frame_lines=True), lens=lens)
    picture = Rect(0, 0, size[0], size[0] * 3 // 4)
    out = np.zeros((size[1], size[0], 4), np.uint8)
    written = draw_guides(out, picture, state, None, measures(size), no_ghosts)
    assert written
    assert all(picture.contains(label.rect.inset(-measures(size).gap, 0)) for label in written)

import numpy as np
import pytest

from device.frame import Preview
from ui.rect import Rect
from ui.waveform import channels, draw, light, trace


def test_each_pixel_is_counted_once_at_its_brightness_and_column() -> None:
    channel = np.random.default_rng(2).integers(0, 256, (30, 50), np.uint8)
    expected = np.zeros((40, 25), np.uint16)
    for (_, column), value in np.ndenumerate(channel):
        expected[39 - int(value) * 40 // 256, column * 25 // 50] += 1
    assert np.array_equal(trace(channel, 40, 25), expected)


def test_white_is_at_the_top_and_black_at_the_bottom() -> None:
    both = np.repeat(np.array([[255, 0]], np.uint8), 8, axis=0)
    assert trace(both, 5, 2).tolist() == [[8, 0], [0, 0], [0, 0], [0, 0], [0, 8]]


def test_the_channels_are_those_of_the_standard() -> None:
    """The primaries as ITU-T T.871 has them: full-range Y, Cb, Cr of pure red, green, blue and grey."""
    known = {
        (255, 0, 0): (76, 85, 255),
        (0, 255, 0): (150, 44, 21),
        (0, 0, 255): (29, 255, 107),
        (90,) * 3: (90, 128, 128),
    }
    for rgb, (y, cb, cr) in known.items():
        preview = Preview(np.full((2, 2), y, np.uint8), np.full((1, 1), cb, np.uint8), np.full((1, 1), cr, np.uint8))
        assert [int(channel[0, 0]) for channel in channels(preview)] == pytest.approx(rgb, abs=1)


@pytest.mark.parametrize("density", [0.2, 1.0, 30.0])
def test_more_pixels_are_drawn_brighter_until_white(density: float) -> None:
    levels = light(density, (255, 255, 255))[:, 0]
    assert levels[0] == 0
    assert levels[1] >= 28
    assert levels[-1] == 255
    assert (np.diff(levels) >= 0).all()


def grey(value: int, rows: int = 40, columns: int = 60) -> Preview:
    half = np.full((rows // 2, columns // 2), 128, np.uint8)
    return Preview(np.full((rows, columns), value, np.uint8), half, half)


@pytest.mark.parametrize(("kind", "colours"), [("luma", 1), ("rgb", 3)])
def test_a_grey_picture_is_a_line_at_its_level(kind: str, colours: int) -> None:
    out = np.zeros((80, 120, 4), np.uint8)
    draw(out, Rect(10, 5, 100, 50), grey(128), kind)
    painted = out[..., :3].any(axis=-1)
    assert np.unique(np.nonzero(painted)[0]).tolist() == [5 + 49 - 25]
    assert len(np.unique(out[29, 10:110, :3][painted[29, 10:110]], axis=0)) == colours


def test_nothing_is_drawn_outside_its_rectangle() -> None:
    out = np.full((80, 120, 4), 9, np.uint8)
    noisy = Preview(
        *(np.random.default_rng(3).integers(0, 256, shape, np.uint8) for shape in ((40, 60), (20, 30), (20, 30)))
    )
    draw(out, Rect(10, 5, 100, 50), noisy, "rgb")
    assert (out[5:55, 10:110] != 9).any()
    out[5:55, 10:110] = 9
    assert (out == 9).all()

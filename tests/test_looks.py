import numpy as np
import pytest

from device.looks import LOOKS, Look
from device.show import tone_curve

GREY = 0.46  # sRGB's signal of 18 % grey
MEASURED = Look(1.0, 1.0)  # no look at all


def test_the_measured_look_is_srgb_to_less_than_a_level() -> None:
    curve = tone_curve(MEASURED)
    light = np.linspace(0, 1, len(curve))
    srgb = 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    assert (curve[0], curve[-1]) == (0, 255)
    assert np.abs(curve - srgb).max() <= 0.501
    np.testing.assert_array_equal(MEASURED.matrix, np.eye(3))


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_look_leaves_black_white_and_grey_and_never_turns_back(look: Look) -> None:
    tones = look.tones(np.linspace(0, 1, 10_001))
    assert (tones[0], tones[-1]) == (0, 1)
    assert (np.diff(tones) >= 0).all()
    assert abs(look.tones(np.array([0.18]))[0] - GREY) < 0.01
    np.testing.assert_allclose(look.matrix @ [0.3, 0.3, 0.3], 0.3)


def test_vivid_is_stronger_than_natural_and_mono_has_no_colour() -> None:
    red = np.array([0.5, 0.1, 0.1])
    natural, vivid, mono = (np.ptp(LOOKS[name].matrix @ red) for name in ("natural", "vivid", "mono"))
    assert vivid > 1.1 * natural
    assert mono < 1e-12
    dark, bright = np.array([0.05]), np.array([0.6])
    assert LOOKS["vivid"].tones(dark) < LOOKS["natural"].tones(dark) < MEASURED.tones(dark)
    assert LOOKS["vivid"].tones(bright) > LOOKS["natural"].tones(bright) > MEASURED.tones(bright)

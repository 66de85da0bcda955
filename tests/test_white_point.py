import numpy as np
import pytest
from numpy.typing import NDArray

from device.colour import camera_to_srgb
from device.frame import Colour, Triple
from device.white_point import matrix_under, temperature_k, white_point
from tests.photographs import IMX477

SRGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
A, D50, D65, D75 = (0.44757, 0.40745), (0.34567, 0.35850), (0.31271, 0.32902), (0.29902, 0.31485)
# Bradford's adaptation from D65 to A and to D50, six digits as B. Lindbloom's calculator prints them.
FROM_D65 = {
    A: [[1.2164557, 0.1109905, -0.1549325], [0.1533326, 0.9152313, -0.0559953], [-0.0239469, 0.0358984, 0.3147529]],
    D50: [[1.0478112, 0.0228866, -0.0501270], [0.0295424, 0.9904844, -0.0170491], [-0.0092345, 0.0150436, 0.7521316]],
}


def xyz(white: tuple[float, float]) -> NDArray[np.float64]:
    x, y = white
    return np.array([x / y, 1, (1 - x - y) / y])


def seen(colour: Colour, white: tuple[float, float]) -> Triple:
    """The neutral by its definition."""
    red, green, blue = matrix_under(colour, white) @ xyz(white)
    return float(red / green), 1.0, float(blue / green)


@pytest.mark.parametrize(("white", "kelvin"), [(A, 2856), (D50, 5003), (D65, 6504), (D75, 7504)])
def test_the_standard_illuminants_have_their_temperatures(white: tuple[float, float], kelvin: float) -> None:
    assert temperature_k(white) == pytest.approx(kelvin, rel=0.003)


@pytest.mark.parametrize("white", [A, D50, D65, D75, (0.40, 0.39), (0.36, 0.34)])
def test_the_light_is_found_from_what_the_camera_sees_of_white(white: tuple[float, float]) -> None:
    assert white_point(IMX477, seen(IMX477, white)) == pytest.approx(white, abs=2e-5)


def test_between_two_illuminants_matrices_are_mixed_by_reciprocal_temperature() -> None:
    share = (1 / temperature_k(D50) - 1 / 6504) / (1 / 2856 - 1 / 6504)
    expected = share * np.array(IMX477.matrices[0]) + (1 - share) * np.array(IMX477.matrices[1])
    np.testing.assert_allclose(matrix_under(IMX477, D50), expected)
    assert 0.2 < share < 0.25


def test_beyond_both_illuminants_the_nearer_matrix_holds() -> None:
    np.testing.assert_allclose(matrix_under(IMX477, D75), IMX477.matrices[1])
    np.testing.assert_allclose(matrix_under(IMX477, (0.53, 0.41)), IMX477.matrices[0])


def test_the_order_of_the_two_matrices_does_not_matter() -> None:
    turned = Colour(IMX477.matrices[::-1], IMX477.illuminants[::-1])
    np.testing.assert_allclose(matrix_under(turned, D50), matrix_under(IMX477, D50))


def test_a_single_matrix_or_two_for_the_same_light_are_taken_as_they_are() -> None:
    np.testing.assert_allclose(matrix_under(Colour(IMX477.matrices[:1], (17,)), D65), IMX477.matrices[0])
    np.testing.assert_allclose(matrix_under(Colour(IMX477.matrices, (255, 21)), A), IMX477.matrices[1])


@pytest.mark.parametrize("white", [A, D50])
@pytest.mark.parametrize("paint", [(1.0, 1.0, 1.0), (0.6, 0.2, 0.1), (0.1, 0.3, 0.7), (0.2, 0.5, 0.1)])
def test_paint_has_its_colour_under_lamps_and_sunshine(white: tuple[float, float], paint: Triple) -> None:
    """Forwards: what it would be in XYZ under that light, and what the camera makes of that."""
    camera = matrix_under(IMX477, white) @ FROM_D65[white] @ SRGB_TO_XYZ @ paint
    neutral = seen(IMX477, white)
    balanced = camera / (matrix_under(IMX477, white) @ xyz(white))
    np.testing.assert_allclose(camera_to_srgb(IMX477, neutral) @ balanced, paint, atol=2e-3)


@pytest.mark.parametrize("neutral", [(0.45, 1.0, 0.6), (1.0, 1.0, 1.0), (3.0, 1.0, 0.01), (0.01, 1.0, 3.0)])
def test_whatever_is_called_neutral_is_shown_grey(neutral: Triple) -> None:
    np.testing.assert_allclose(camera_to_srgb(IMX477, neutral).sum(axis=1), 1, atol=5e-4)

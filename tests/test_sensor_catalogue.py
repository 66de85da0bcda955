"""The catalogue of sensors, held to published figures and to itself."""

import numpy as np
import pytest

from device.colour import camera_to_srgb, daylight_neutral
from device.sensor import Setting
from device.sensor_catalogue import SENSORS, model_of
from device.sensor_facts import SensorModel


@pytest.mark.parametrize(
    ("name", "model"), [("imx477", "IMX477"), ("imx708_wide_noir", "IMX708"), ("IMX283", "IMX283"), ("ov5647", None)]
)
def test_a_sensor_is_found_by_libcameras_name(name: str, model: str | None) -> None:
    found = model_of(name)
    assert (found.facts.model if found else None) == model


@pytest.mark.parametrize(
    ("name", "crop", "full_hz", "black_of_16_bits"),
    # Crop factors as in hardware.md and its sources; full-resolution rates as the drivers list them
    [
        ("IMX477", 5.51, 10.0, 4096),
        ("IMX283", 2.74, 21.4, 3200),
        ("IMX296", 6.90, 60.38, 3840),
        ("IMX708", 5.85, 14.35, 4096),
        ("IMX219", 9.42, 21.19, 4096),
        ("IMX585", 3.37, 43.8, 3200),
    ],
)
def test_size_rate_and_black_are_the_published_ones(
    name: str, crop: float, full_hz: float, black_of_16_bits: int
) -> None:
    model = SENSORS[name]
    assert model.facts.crop_factor == pytest.approx(crop, rel=0.01)
    assert 1e6 / model.modes[Setting.ARMED].frame_duration_us == pytest.approx(full_hz, rel=0.002)
    assert model.levels(12).black[0] == black_of_16_bits / 16


@pytest.mark.parametrize("model", SENSORS.values(), ids=SENSORS)
def test_a_sensors_figures_agree_with_each_other(model: SensorModel) -> None:
    smooth, armed = model.modes[Setting.SMOOTH], model.modes[Setting.ARMED]
    assert (armed.width, armed.height) == (model.facts.width, model.facts.height)
    for mode in (smooth, armed):
        assert mode.readout_us <= mode.frame_duration_us
        assert abs(mode.width * mode.binning - model.facts.width) <= 8
    assert model.facts.exposure_min_us < armed.frame_duration_us < model.facts.exposure_max_us


@pytest.mark.parametrize("model", SENSORS.values(), ids=SENSORS)
def test_its_colours_make_daylight_grey_and_keep_the_primaries_apart(model: SensorModel) -> None:
    white = np.array(daylight_neutral(model.facts.colour))
    assert white[1] == 1.0
    assert (white[[0, 2]] > 0.2).all()
    assert (white[[0, 2]] < 1.0).all()  # silicon behind a green filter sees most
    matrix = camera_to_srgb(model.facts.colour)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0, atol=0.01)
    assert (np.diag(matrix) > 1).all()  # filters overlap, so every primary has to be drawn out

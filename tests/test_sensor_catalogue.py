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
    ("name", "crop", "black_of_16_bits"),
    # Crop factors as in hardware.md and its sources
    [
        ("IMX477", 5.51, 4096),
        ("IMX283", 2.74, 3200),
        ("IMX296", 6.90, 3840),
        ("IMX708", 5.85, 4096),
        ("IMX219", 9.42, 4096),
        ("IMX585", 3.37, 3200),
    ],
)
def test_size_and_black_are_the_published_ones(name: str, crop: float, black_of_16_bits: int) -> None:
    model = SENSORS[name]
    assert model.facts.crop_factor == pytest.approx(crop, rel=0.01)
    assert model.levels(12).black[0] == black_of_16_bits / 16


@pytest.mark.parametrize(
    ("name", "setting", "line_us", "lines"),
    # As the drivers count them: clocks of a line over the clock in MHz, or photosites over what a Pi 5 takes in a
    # microsecond; and lines of the shortest frame
    [
        ("IMX477", Setting.SMOOTH, 0x31C4 / 840, 1648),
        ("IMX477", Setting.ARMED, 0x5DC0 / 840, 3500),
        ("IMX283", Setting.SMOOTH, 2736 / 380, 3840),
        ("IMX283", Setting.ARMED, 5472 / 380, 3793),
        ("IMX296", Setting.ARMED, 1100 / 74.25, 1088 + 30),
        ("IMX708", Setting.SMOOTH, 0x1E90 / 585.6, 1296 + 40),
        ("IMX708", Setting.ARMED, 0x3D20 / 595.2, 2592 + 58),
        ("IMX219", Setting.SMOOTH, 3448 / 182.4, 1232 + 32),
        ("IMX219", Setting.ARMED, 3448 / 182.4, 2464 + 32),
        ("IMX585", Setting.SMOOTH, 550 / 74.25, 2250),
        ("IMX585", Setting.ARMED, 3856 / 380, 2250),
    ],
)
def test_lines_and_frames_last_as_the_drivers_have_it(name: str, setting: Setting, line_us: float, lines: int) -> None:
    mode = SENSORS[name].modes[setting]
    assert mode.frame_duration_us == pytest.approx(line_us * lines, abs=1)
    lines_a_row = 2 if (name, setting) in {("IMX283", Setting.SMOOTH), ("IMX585", Setting.SMOOTH)} else 1
    assert mode.line_us == pytest.approx(lines_a_row * line_us, abs=0.005)


@pytest.mark.parametrize(
    ("name", "gain", "shortest_us", "longest_s"),
    [
        ("IMX477", 1024 / (1024 - 978), 4 * 0x5DC0 / 840, 670.74),
        ("IMX283", 2048 / (2048 - 1957), (4 * 887 + 209) / 72, (65535 - 11) * 65535 / 72e6),
        ("IMX296", 10 ** (239 / 200), 1100 / 74.25 + 14.26, 1048575 * 1100 / 74.25e6),
        ("IMX708", 1024 / (1024 - 960), 8 * 0x3D20 / 595.2, ((65535 - 48) << 7) * 0x1E90 / 585.6e6),
        ("IMX219", 256 / (256 - 232), 4 * 3448 / 182.4, 11.76),
        ("IMX585", 10**1.5, 2 * 550 / 74.25, (0xFFFFF - 8) * 65535 / 74.25e6),
    ],
)
def test_gain_and_exposure_end_where_the_drivers_do(
    name: str, gain: float, shortest_us: float, longest_s: float
) -> None:
    facts = SENSORS[name].facts
    assert facts.gain_max == pytest.approx(gain, rel=0.001)
    assert facts.exposure_min_us == pytest.approx(shortest_us, abs=1)
    assert facts.exposure_max_us / 1e6 == pytest.approx(longest_s, rel=0.001)


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
    matrix = camera_to_srgb(model.facts.colour, daylight_neutral(model.facts.colour))
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0, atol=0.01)
    assert (np.diag(matrix) > 1).all()  # filters overlap, so every primary has to be drawn out

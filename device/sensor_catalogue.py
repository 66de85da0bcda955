"""The sensors that mcam knows behind a Pi's camera stack, each figure with its source.

What a camera says of itself (size, limits of exposure and gain, black) goes before what stands here; where both give a
limit, the narrower holds. For all but the IMX477, whose facts stand in sensor_facts.py:

- Size, gain, exposure, lines and rates: the drivers in raspberrypi/linux, drivers/media/i2c/imx*.c, by the constants
  named with each sensor; the IMX585's in will127534/imx585-v4l2-driver. Pitch: raspberrypi/libcamera,
  camera_sensor_properties.cpp, unitCellSize. Black: `rpi.black_level` of its tuning files, of 65535.
- Colour: reckoned from the colour matrices and the white balance curve of raspberrypi/libcamera, src/ipa/rpi/vc4/data
  (the IMX585's from will127534/libcamera), at 2856 K and, with Bradford's adaptation, 6504 K. They are made to please,
  not to measure.
- DN per electron: the square of `reference_slope` of `rpi.noise` in the same files, over 16, as its unit is the root
  of 16-bit numbers. For the IMX477 that gives 0.479, and 0.470 was measured.
- Read noise: **not known**. The IMX477's stands in, which errs towards more noise for larger photosites. Measure it
  with pairs of dark frames at two gains.
- On a Pi 5 libcamera lengthens lines that deliver more than 380 photosites a microsecond (raspberrypi/libcamera,
  controller.cpp, minPixelProcessingTime): so the IMX283's and the IMX585's are reckoned.
- CFA: as delivered with the rotation that each overlay sets by itself. It is only simulated by; a real one is read
  from the stream.
"""

from collections.abc import Mapping
from types import MappingProxyType

from device.frame import Cfa, Colour, Matrix, SensorFacts
from device.sensor import Setting
from device.sensor_facts import IMX477, Mode, SensorModel


def _facts(
    model: str,
    size: tuple[int, int],
    pitch_um: float,
    gains: tuple[float, float],
    exposures_us: tuple[int, int],
    matrices: tuple[Matrix, Matrix],
) -> SensorFacts:
    """Gains and exposures from least to most; matrices at standard illuminants A and D65, numbered as in Exif."""
    return SensorFacts(model, *size, pitch_um, *gains, *exposures_us, Colour(matrices, illuminants=(17, 21)))


def _model(
    facts: SensorFacts, smooth: Mode, armed: Mode, *, cfa: Cfa, black: int, reference_slope: float, margin: int
) -> SensorModel:
    black_dn, dn_per_electron = black // 16, reference_slope**2 / 16
    return SensorModel(
        facts=facts,
        modes=MappingProxyType({Setting.SMOOTH: smooth, Setting.ARMED: armed, Setting.CINEMA: smooth}),
        cfa=cfa,
        black_dn=black_dn,
        white_dn=IMX477.white_dn,
        full_well_e=(IMX477.white_dn - black_dn) / dn_per_electron,  # the converter's end; the photosite's is not known
        dn_per_electron=dn_per_electron,
        read_noise_dn=IMX477.read_noise_dn,
        exposure_margin_lines=margin,
    )


# Sony IMX283, 1 inch, 4 lanes only.
# - Size: imx283_recommended_area of 5592 x 3710. The driver by its maker (will127534) delivers 5568 x 3664 with some
#   black columns.
# - Gain: 2048 / (2048 - code), IMX283_ANA_GAIN_MAX 1957.
# - Exposure: 4 lines of 887 clocks and 209 more at 72 MHz (imx283_exposure) at least; at most 65535 - min_shr (11)
#   lines of IMX283_HMAX_MAX 65535 clocks. IMX283_EXPOSURE_MIN and _MAX, 52 and 49865, hold only until a frame length
#   was set.
# - Rates: min_vmax, 3793 and 3840 lines. They would be 5914 and 2414 clocks at 480 MHz, 21.4 and 51.8 frames/s; with
#   the limit of a Pi 5 it is 5472 / 380 and 2736 / 380 us.
# - A binned row takes two lines: 2 x 1824 of 3840, and 2736 x 12 bit would not fit into one over 4 x 1440 Mbit/s.
IMX283 = _model(
    _facts(
        "IMX283",
        (5472, 3648),
        2.4,
        gains=(1.0, 22.5),
        exposures_us=(53, 59_640_000),
        matrices=(
            ((1.3293, -0.6995, 0.1787), (-0.0232, 0.8232, 0.5684), (-0.0055, 0.0937, 0.7803)),
            ((0.8978, -0.3432, -0.0147), (-0.0011, 0.6926, 0.2833), (0.0806, 0.0613, 0.4793)),
        ),
    ),
    Mode(2736, 1824, binning=2, frame_duration_us=27_648, line_us=14.40),
    Mode(5472, 3648, binning=1, frame_duration_us=54_619, line_us=14.40),
    cfa=Cfa.RGGB,
    black=3200,
    reference_slope=2.147,
    margin=11,
)

# Sony IMX296, the Global Shutter camera: 10 bit, one mode, whose rows are exposed at the same time.
# - Lines of 1100 clocks at 74.25 MHz; 1088 + 30 of them, V4L2_CID_VBLANK, a frame.
# - Gain: steps of 0.1 dB up to IMX296_GAIN_MAX 480, of which libcamera uses 239 (cam_helper_imx296.cpp, maxGainCode).
# - Exposure: a line and 14.26 us at least (cam_helper_imx296.cpp); 1048575 lines at most.
_IMX296_MODE = Mode(1456, 1088, binning=1, frame_duration_us=16_563, line_us=14.81, bits=10)
IMX296 = _model(
    _facts(
        "IMX296",
        (1456, 1088),
        3.45,
        gains=(1.0, 15.66),
        exposures_us=(29, 15_534_000),
        matrices=(
            ((0.7058, -0.3377, 0.1382), (-0.1878, 0.9916, 0.6034), (0.0011, 0.0812, 0.7037)),
            ((0.3850, -0.1094, 0.0069), (-0.0913, 0.7393, 0.3191), (0.0859, 0.0572, 0.4704)),
        ),
    ),
    _IMX296_MODE,
    _IMX296_MODE,
    cfa=Cfa.BGGR,
    black=3840,
    reference_slope=2.671,
    margin=4,
)

# Sony IMX708, Camera Module 3: 10 bit; its own lens cannot be taken off.
# - Lines of 0x3d20 clocks at 595.2 MHz, binned 0x1e90 at 585.6 MHz; vblank_min 58 and 40.
# - Gain: 1024 / (1024 - code), IMX708_ANA_GAIN_MIN 112 to _MAX 960.
# - Exposure: exposure_lines_min 8 at full resolution. At most (65535 - 48) << IMX708_LONG_EXP_SHIFT_MAX lines, 220 s;
#   raspberrypi/documentation, hardware_specification.adoc, says 112 s, which is the binned mode's.
IMX708 = _model(
    _facts(
        "IMX708",
        (4608, 2592),
        1.4,
        gains=(1.123, 16.0),
        exposures_us=(211, 112_000_000),
        matrices=(
            ((1.1586, -0.5357, 0.0598), (-0.4397, 1.3645, 0.3332), (-0.0958, 0.2148, 0.6279)),
            ((0.8321, -0.2989, -0.0820), (-0.3007, 1.0886, 0.1811), (-0.0269, 0.1370, 0.4975)),
        ),
    ),
    Mode(2304, 1296, binning=2, frame_duration_us=17_850, line_us=13.36, bits=10),
    Mode(4608, 2592, binning=1, frame_duration_us=69_670, line_us=26.29, bits=10),
    cfa=Cfa.BGGR,
    black=4096,
    reference_slope=2.5,
    margin=48,
)

# Sony IMX219, Camera Module 2: 10 bit.
# - Lines of IMX219_PPL_DEFAULT 3448 clocks at 182.4 MHz; IMX219_VBLANK_MIN 32.
# - Gain: 256 / (256 - code), IMX219_ANA_GAIN_MAX 232. Exposure: IMX219_EXPOSURE_MIN 4 lines.
# - Longest exposure: raspberrypi/documentation, hardware_specification.adoc; older drivers end at 65531 lines, 1.24 s.
IMX219 = _model(
    _facts(
        "IMX219",
        (3280, 2464),
        1.12,
        gains=(1.0, 10.66),
        exposures_us=(76, 11_760_000),
        matrices=(
            ((1.3212, -0.7146, 0.3931), (0.1856, 0.5315, 0.7433), (0.1349, 0.0028, 0.7535)),
            ((0.8127, -0.2579, 0.0171), (0.1107, 0.5720, 0.2964), (0.2133, 0.0039, 0.4805)),
        ),
    ),
    Mode(1640, 1232, binning=2, frame_duration_us=23_895, line_us=18.9, bits=10),
    Mode(3280, 2464, binning=1, frame_duration_us=47_184, line_us=18.9, bits=10),
    cfa=Cfa.BGGR,
    black=4096,
    reference_slope=3.67,
    margin=4,
)

# Sony IMX585 (StarlightEye): 12 bit; a driver out of tree. ClearHDR and the high conversion gain are not used.
# - Pitch: will127534/libcamera, camera_sensor_properties.cpp. Lines of 550 clocks at 74.25 MHz with a link of 891 MHz
#   (HMAX_table_4lane_4K), of which a Pi 5 makes 3856 / 380 us where they are full; IMX585_VMAX_DEFAULT 2250 in both
#   modes, so that a binned row takes two.
# - Gain: steps of 0.3 dB up to IMX585_ANA_GAIN_MAX_NORMAL 240, of which the driver does not tell analogue from digital:
#   30 dB are taken as analogue, a guess.
# - Exposure: IMX585_EXPOSURE_MIN 2 lines; IMX585_VMAX_MAX - IMX585_SHR_MIN lines of IMX585_HMAX_MAX clocks at most.
IMX585 = _model(
    _facts(
        "IMX585",
        (3856, 2180),
        2.9,
        gains=(1.0, 31.6),
        exposures_us=(15, 925_000_000),
        matrices=(
            ((1.6478, -0.8131, 0.1205), (-0.0260, 0.9289, 0.2800), (-0.0368, 0.1457, 0.4729)),
            ((1.2730, -0.4603, -0.1513), (-0.3455, 1.1961, 0.1215), (-0.1116, 0.1839, 0.4766)),
        ),
    ),
    Mode(1928, 1090, binning=2, frame_duration_us=16_667, line_us=14.81),
    Mode(3856, 2180, binning=1, frame_duration_us=22_832, line_us=10.15),
    cfa=Cfa.RGGB,
    black=3200,
    reference_slope=1.614,
    margin=8,
)

SENSORS: Mapping[str, SensorModel] = MappingProxyType(
    {model.facts.model: model for model in (IMX477, IMX283, IMX296, IMX708, IMX219, IMX585)}
)


def model_of(name: str) -> SensorModel | None:
    """The facts of what libcamera calls "imx477" or "imx708_wide_noir"; None where nobody wrote them down."""
    return SENSORS.get(name.partition("_")[0].upper())

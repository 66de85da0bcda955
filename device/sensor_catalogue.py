"""The sensors that mcam knows behind a Pi's camera stack, each figure with its source.

What a camera says of itself (size, limits of exposure and gain, black) goes before what stands here. For all but the
IMX477, whose facts stand in sensor_facts.py:

- Colour: reckoned from the colour matrices and the white balance curve of raspberrypi/libcamera, src/ipa/rpi/vc4/data
  (the IMX585's from will127534/libcamera), at 2856 K and, with Bradford's adaptation, 6504 K. The same sum gives the
  matrices that were published for the IMX477. They are made to please, not to measure.
- DN per electron: the square of `reference_slope` of `rpi.noise` in the same files, over 16, as its unit is the root
  of 16-bit numbers. For the IMX477 that gives 0.479, and 0.470 was measured.
- Read noise: **not known**. The IMX477's stands in, which errs towards more noise for larger photosites. Measure it
  with pairs of dark frames at two gains.
- Rates, sizes and lines: the drivers in raspberrypi/linux, drivers/media/i2c, and for the IMX585
  will127534/imx585-v4l2-driver.
- CFA: as delivered with the rotation that each overlay sets by itself. It is only simulated by; a real one is read
  from the stream.
"""

from collections.abc import Mapping
from types import MappingProxyType

from device.frame import Cfa, Colour, Matrix, SensorFacts
from device.sensor import Setting
from device.sensor_facts import IMX477, Mode, SensorModel


def _colour(tungsten: Matrix, daylight: Matrix) -> Colour:
    return Colour(matrices=(tungsten, daylight), illuminants=(17, 21))


def _model(
    facts: SensorFacts, smooth: Mode, armed: Mode, *, cfa: Cfa, black_dn: int, reference_slope: float, margin: int
) -> SensorModel:
    dn_per_electron = reference_slope**2 / 16
    return SensorModel(
        facts=facts,
        modes=MappingProxyType({Setting.SMOOTH: smooth, Setting.ARMED: armed}),
        cfa=cfa,
        black_dn=black_dn,
        white_dn=4095,
        full_well_e=(4095 - black_dn) / dn_per_electron,  # where the converter ends; the photosite's own is not known
        dn_per_electron=dn_per_electron,
        read_noise_dn=IMX477.read_noise_dn,
        exposure_margin_lines=margin,
    )


# Sony IMX283, 1 inch. 5472 x 3648 of 5592 x 3710 are delivered; the driver by its maker (will127534) delivers 5568 x
# 3664 with some black columns. Lines of 887 and 362 clocks at 72 MHz. Gain 2048 / (2048 - code), code 1957 at most.
# Exposure: at least 52 lines, at most 49865, as the driver has them. Black 3200 of 65535. 4 lanes only.
IMX283 = _model(
    SensorFacts(
        model="IMX283",
        width=5472,
        height=3648,
        pixel_pitch_um=2.4,
        gain_min=1.0,
        gain_max=22.5,
        exposure_min_us=641,
        exposure_max_us=614_000,
        colour=_colour(
            ((1.3293, -0.6995, 0.1787), (-0.0232, 0.8232, 0.5684), (-0.0055, 0.0937, 0.7803)),
            ((0.8978, -0.3432, -0.0147), (-0.0011, 0.6926, 0.2833), (0.0806, 0.0613, 0.4793)),
        ),
    ),
    Mode(2736, 1824, binning=2, frame_duration_us=19_307, line_us=5.03),
    Mode(5472, 3648, binning=1, frame_duration_us=46_729, line_us=12.32),
    cfa=Cfa.RGGB,
    black_dn=200,
    reference_slope=2.147,
    margin=4,
)

# Sony IMX296, the Global Shutter camera: 10 bit, one mode. Lines of 1100 clocks at 74.25 MHz; gain in steps of 0.1 dB,
# of which those above 24 dB are digital; exposure a line and 14.26 us at least (cam_helper_imx296.cpp). Longest:
# raspberrypi/documentation. Black 3840 of 65535. Its rows are exposed at the same time.
IMX296 = _model(
    SensorFacts(
        model="IMX296",
        width=1456,
        height=1088,
        pixel_pitch_um=3.45,
        gain_min=1.0,
        gain_max=15.85,
        exposure_min_us=29,
        exposure_max_us=15_500_000,
        colour=_colour(
            ((0.7058, -0.3377, 0.1382), (-0.1878, 0.9916, 0.6034), (0.0011, 0.0812, 0.7037)),
            ((0.3850, -0.1094, 0.0069), (-0.0913, 0.7393, 0.3191), (0.0859, 0.0572, 0.4704)),
        ),
    ),
    Mode(1456, 1088, binning=1, frame_duration_us=16_562, line_us=14.81, bits=10),
    Mode(1456, 1088, binning=1, frame_duration_us=16_562, line_us=14.81, bits=10),
    cfa=Cfa.BGGR,
    black_dn=240,
    reference_slope=2.671,
    margin=4,
)

# Sony IMX708, Camera Module 3: 10 bit; its own lens cannot be taken off. Lines of 15648 pixels at 595.2 MHz, binned
# 7824 at 585.6 MHz. Longest exposure: raspberrypi/documentation. Black 4096 of 65535.
IMX708 = _model(
    SensorFacts(
        model="IMX708",
        width=4608,
        height=2592,
        pixel_pitch_um=1.4,
        gain_min=1.12,
        gain_max=16.0,
        exposure_min_us=27,
        exposure_max_us=112_000_000,
        colour=_colour(
            ((1.1586, -0.5357, 0.0598), (-0.4397, 1.3645, 0.3332), (-0.0958, 0.2148, 0.6279)),
            ((0.8321, -0.2989, -0.0820), (-0.3007, 1.0886, 0.1811), (-0.0269, 0.1370, 0.4975)),
        ),
    ),
    Mode(2304, 1296, binning=2, frame_duration_us=17_848, line_us=13.36, bits=10),
    Mode(4608, 2592, binning=1, frame_duration_us=69_686, line_us=26.29, bits=10),
    cfa=Cfa.BGGR,
    black_dn=256,
    reference_slope=2.5,
    margin=48,
)

# Sony IMX219, Camera Module 2: 10 bit. Lines of 3448 pixels at 182.4 MHz; gain 256 / (256 - code), code 232 at most;
# exposure four lines at least. Longest exposure: raspberrypi/documentation. Black 4096 of 65535.
IMX219 = _model(
    SensorFacts(
        model="IMX219",
        width=3280,
        height=2464,
        pixel_pitch_um=1.12,
        gain_min=1.0,
        gain_max=10.67,
        exposure_min_us=76,
        exposure_max_us=11_760_000,
        colour=_colour(
            ((1.3212, -0.7146, 0.3931), (0.1856, 0.5315, 0.7433), (0.1349, 0.0028, 0.7535)),
            ((0.8127, -0.2579, 0.0171), (0.1107, 0.5720, 0.2964), (0.2133, 0.0039, 0.4805)),
        ),
    ),
    Mode(1640, 1232, binning=2, frame_duration_us=23_895, line_us=18.9, bits=10),
    Mode(3280, 2464, binning=1, frame_duration_us=47_192, line_us=18.9, bits=10),
    cfa=Cfa.BGGR,
    black_dn=256,
    reference_slope=3.67,
    margin=4,
)

# Sony IMX585 (StarlightEye): 12 bit; a driver out of tree. Lines of 550 and 366 clocks at 74.25 MHz are its quickest;
# a stock Pi 5 manages 43.8 full frames/s. Gain in steps of 0.3 dB, of which the driver does not tell analogue from
# digital: 30 dB are taken as analogue, a guess. Exposure 2 lines at least, 49865 at most. Black 3200 of 65535. The
# ClearHDR modes are not used.
IMX585 = _model(
    SensorFacts(
        model="IMX585",
        width=3856,
        height=2180,
        pixel_pitch_um=2.9,
        gain_min=1.0,
        gain_max=31.6,
        exposure_min_us=15,
        exposure_max_us=369_000,
        colour=_colour(
            ((1.6478, -0.8131, 0.1205), (-0.0260, 0.9289, 0.2800), (-0.0368, 0.1457, 0.4729)),
            ((1.2730, -0.4603, -0.1513), (-0.3455, 1.1961, 0.1215), (-0.1116, 0.1839, 0.4766)),
        ),
    ),
    Mode(1928, 1090, binning=2, frame_duration_us=11_091, line_us=4.93),
    Mode(3856, 2180, binning=1, frame_duration_us=22_831, line_us=7.41),
    cfa=Cfa.RGGB,
    black_dn=200,
    reference_slope=1.614,
    margin=8,
)

SENSORS: Mapping[str, SensorModel] = MappingProxyType(
    {model.facts.model: model for model in (IMX477, IMX283, IMX296, IMX708, IMX219, IMX585)}
)


def model_of(name: str) -> SensorModel | None:
    """The facts of what libcamera calls "imx477" or "imx708_wide_noir"; None where nobody wrote them down."""
    return SENSORS.get(name.partition("_")[0].upper())

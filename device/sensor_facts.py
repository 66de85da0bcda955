"""Facts of a sensor, each with its source: what no stream tells and only a data sheet, a driver or a bench can.

The IMX477's stand here, as it is also the one that is simulated; those of the other sensors in sensor_catalogue.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from device.frame import QUANTISATION_DN2, Cfa, Colour, Exposure, Levels, Noise, SensorFacts
from device.sensor import Setting

NATIVE_BITS = 12


@dataclass(frozen=True, slots=True)
class Mode:
    """One way the sensor is read out."""

    width: int  # photosites delivered
    height: int
    binning: int  # 1, or 2: two by two photosites of one colour are averaged into one
    frame_duration_us: int  # the shortest
    line_us: float  # from the start of one row's readout to the next row's
    bits: int = 12  # of the sensor's converter
    top: int = 0  # photosites of full resolution that are left out above the picture, and as many below
    left: int = 0  # and on either side

    @property
    def covered(self) -> tuple[int, int]:
        """Columns and rows of full resolution that it reads."""
        return self.width * self.binning, self.height * self.binning

    def no_shorter_than(self, frame_duration_us: int) -> "Mode":
        """The same with frames that take at least so long."""
        return replace(self, frame_duration_us=max(self.frame_duration_us, frame_duration_us))

    @property
    def readout_us(self) -> int:
        """From the first row's end of exposure to the last row's: a rolling shutter."""
        return round(self.line_us * self.height)


@dataclass(frozen=True, slots=True)
class SensorModel:
    """A sensor as the simulation needs it. DN are those of `NATIVE_BITS`."""

    facts: SensorFacts
    modes: Mapping[Setting, Mode]
    cfa: Cfa  # as delivered with the board's usual rotation
    black_dn: int
    white_dn: int
    full_well_e: float
    dn_per_electron: float  # at gain 1
    read_noise_dn: tuple[float, float, float, float]  # gain, standard deviation, another gain, that one's
    exposure_margin_lines: int  # a frame lasts at least its exposure and these

    def levels(self, bits: int) -> Levels:
        """Black and white of a delivery with that many bits."""
        black = self.black_dn * 2.0 ** (bits - NATIVE_BITS)
        return Levels((black, black, black, black), self.white_dn >> (NATIVE_BITS - bits))

    def noise(self, gain: float, mode: Mode, bits: int) -> Noise:
        """The Poisson-Gaussian constants of what is delivered.

        Averaging n photosites divides both terms by n; dropping bits scales the slope by their weight and the floor
        by its square. Either rounds once more.
        """
        photosites = mode.binning**2
        weight = 2.0 ** (bits - NATIVE_BITS)
        again = QUANTISATION_DN2 if photosites > 1 or bits < NATIVE_BITS else 0.0
        floor = self.read_variance_dn2(gain) / photosites
        return Noise(self.dn_per_electron * gain * weight / photosites, floor * weight**2 + again)

    def read_variance_dn2(self, gain: float) -> float:
        """Of one photosite: a part before the amplifier, which the gain multiplies, and one behind it."""
        low, low_dn, high, high_dn = self.read_noise_dn
        before = (high_dn**2 - low_dn**2) / (high**2 - low**2)
        return before * gain**2 + low_dn**2 - before * low**2

    def clamped(self, exposure: Exposure) -> Exposure:
        """What the sensor makes of a wish."""
        facts = self.facts
        return Exposure(
            min(max(exposure.exposure_us, facts.exposure_min_us), facts.exposure_max_us),
            min(max(exposure.gain, facts.gain_min), facts.gain_max),
        )

    def frame_duration_us(self, mode: Mode, exposure_us: int) -> int:
        """From this frame to the next: long exposures stretch it."""
        margin_us = round(self.exposure_margin_lines * mode.line_us)
        return max(mode.frame_duration_us, exposure_us + margin_us)


# Sony IMX477 of the Raspberry Pi HQ camera.
# - Size, pitch: raspberrypi/documentation, camera/hardware_specification.adoc.
# - Gain: 1024 / (1024 - code), IMX477_ANA_GAIN_MAX 978, in raspberrypi/linux, drivers/media/i2c/imx477.c before the
#   improvements of 2025 (its pull request 6798, which makes full resolution 11.7 frames/s). From there, too, the
#   exposure's margin (IMX477_EXPOSURE_OFFSET), and
# - lines of 0x5dc0 clocks at 840 MHz for full resolution, 0x31c4 binned; timeperframe_min 1/10 and 1/40 s, the latter
#   cut to 1648 whole lines. IMX477_EXPOSURE_MIN 4 lines are 114 us. What films: timeperframe_min 1/50 and 1/120 s, the
#   latter of 1050 lines of 0x1a08 clocks, 10 bit, whose crop begins at row 528, which is two above the middle.
# - Longest exposure: raspberrypi/documentation, camera/hq.adoc.
# - Black 4096 of 65535: raspberrypi/libcamera, src/ipa/rpi/vc4/data/imx477.json.
# - CFA: native RGGB; the overlay defaults to rotation=180 and libcamera flips, so BGGR is delivered.
# - Full well, DN per electron, read noise at gains 1 and 16: measured, see strollswithmydog.com, "Pi HQ Cam
#   Sensor Performance", who also found that the sensor smooths its RAW a little and removes single bright photosites
#   at every gain. libcamera's noise profile (reference_slope 2.767) gives 4 % less photon noise.
# - Matrices: the community profile "Repro 2_5D" shipped with PiDNG; D65 neutral 0.308, 1, 0.683.
IMX477 = SensorModel(
    facts=SensorFacts(
        model="IMX477",
        width=4056,
        height=3040,
        pixel_pitch_um=1.55,
        gain_min=1.0,
        gain_max=22.26,
        exposure_min_us=114,
        exposure_max_us=670_740_000,
        colour=Colour(
            matrices=(
                ((0.6759, -0.2379, 0.0751), (-0.4432, 1.3871, 0.5465), (-0.0401, 0.1664, 0.7845)),
                ((0.5603, -0.1351, -0.0600), (-0.2872, 1.1180, 0.2132), (0.0600, 0.0453, 0.5821)),
            ),
            illuminants=(17, 21),
        ),
    ),
    modes=MappingProxyType(
        {
            Setting.SMOOTH: Mode(2028, 1520, binning=2, frame_duration_us=24_995, line_us=15.17),
            Setting.ARMED: Mode(4056, 3040, binning=1, frame_duration_us=100_000, line_us=28.57),
            Setting.CINEMA: Mode(2028, 1080, binning=2, frame_duration_us=19_990, line_us=15.17, top=440),
            Setting.SLOW_MOTION: Mode(
                1332, 990, binning=2, frame_duration_us=8_330, line_us=7.933, bits=10, top=530, left=696
            ),
        }
    ),
    cfa=Cfa.BGGR,
    black_dn=256,
    white_dn=4095,
    full_well_e=8180.0,
    dn_per_electron=0.47,
    read_noise_dn=(1.0, 1.53, 16.0, 11.5),
    exposure_margin_lines=22,
)

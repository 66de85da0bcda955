"""What EXIF (CIPA DC-008-2019, version 2.32) says of a photograph: the same in DNG and JPEG."""

from importlib.metadata import version
from math import log2

from device.decisions import Decisions
from device.photograph import Photograph
from device.summed import Summed
from device.tiff import EXIF_IFD, Type
from device.tiff_writer import Directory, fraction

MAKER = "mcam"
SOFTWARE = f"mcam {version('mcam')}"

_BIAS_PARTS = 60  # thirds and halves are exact, sums of both too
_HUNDREDTHS = 100  # lens data are given to two digits: f/0.95


def describe(ifd0: Directory, photograph: Photograph) -> None:
    """Put camera, time and, as a child, the EXIF IFD into IFD0."""
    ifd0.put(271, Type.ASCII, MAKER)
    ifd0.put(272, Type.ASCII, photograph.facts.model)
    ifd0.put(274, Type.SHORT, photograph.orientation)
    ifd0.put(305, Type.ASCII, SOFTWARE)
    exif = Directory()
    _put_time(ifd0, exif, photograph)
    _put_exposure(exif, photograph)
    _put_decisions(exif, photograph.decisions)
    _put_lens(exif, photograph)
    _put_photosites(exif, photograph)
    exif.put(36864, Type.UNDEFINED, b"0232")
    exif.put(37380, Type.SRATIONAL, fraction(photograph.bias_ev, _BIAS_PARTS))  # ExposureBiasValue
    if photograph.number:
        exif.put(37393, Type.LONG, photograph.number)  # ImageNumber, of TIFF/EP: "in a chained image burst"
    exif.put(37510, Type.UNDEFINED, b"ASCII\0\0\0" + press(photograph).encode())
    ifd0.children[EXIF_IFD] = [exif]


def press(photograph: Photograph) -> str:
    """The user comment: how far the exposure began from the press, what the sensor granted, which of a series it is.

    Of a sum of exposures it says of how many, how many are missing, and for how much of the time nothing was exposed.
    """
    offset_ms = photograph.press_offset_ns / 1e6
    side = "before" if offset_ms < 0 else "after"
    raw = f"raw {photograph.frame.bits}-bit {photograph.frame.cfa}"
    number = f"; {photograph.number}" + (f" of {photograph.of}" if photograph.of else "") if photograph.number else ""
    return f"Exposure began {abs(offset_ms):.3f} ms {side} the press; {raw}{number}{_sum(photograph.summed)}."


def _sum(summed: Summed | None) -> str:
    if summed is None:
        return ""
    missing = f"{summed.lost} missing, {100 * summed.dark_share:.2f} % of {summed.span_ns / 1e9:.3f} s not exposed"
    return f"; sum of {summed.frames} exposures, {missing}"


def lens_specification(photograph: Photograph) -> tuple[tuple[int, int], ...]:
    """Shortest and longest focal length, largest aperture at each; 0/0 is unknown (EXIF 2.32, LensSpecification)."""
    lens = photograph.lens
    aperture = fraction(lens.max_aperture, _HUNDREDTHS) if lens.max_aperture else (0, 0)
    return fraction(lens.shortest_mm, _HUNDREDTHS), fraction(lens.longest_mm, _HUNDREDTHS), aperture, aperture


def _put_time(ifd0: Directory, exif: Directory, photograph: Photograph) -> None:
    """DateTime, DateTimeOriginal and DateTimeDigitized are one instant here, each with its offset and sub-seconds."""
    taken_at = photograph.taken_at
    offset = taken_at.isoformat(timespec="seconds")[19:25]
    for ifd, date, date_offset, subsecond in (
        (ifd0, 306, 36880, 37520),
        (exif, 36867, 36881, 37521),
        (exif, 36868, 36882, 37522),
    ):
        ifd.put(date, Type.ASCII, taken_at.strftime("%Y:%m:%d %H:%M:%S"))
        exif.put(date_offset, Type.ASCII, offset)
        exif.put(subsecond, Type.ASCII, taken_at.strftime("%f"))


def _put_exposure(exif: Directory, photograph: Photograph) -> None:
    """Nothing is said of what is not known."""
    if photograph.frame.exposure.exposure_us:
        exif.put(33434, Type.RATIONAL, _seconds(photograph.frame.exposure.exposure_us))
    if photograph.iso:
        exif.put(34855, Type.SHORT, min(photograph.iso, 65535))
        exif.put(34864, Type.SHORT, 2)  # SensitivityType: a recommended exposure index, which follows
        exif.put(34866, Type.LONG, photograph.iso)
    if photograph.summed is not None:
        exif.put(42080, Type.SHORT, 3)  # CompositeImage: captured while shooting
        used = photograph.summed.frames
        exif.put(42081, Type.SHORT, min(used + photograph.summed.lost, 65535), min(used, 65535))  # images, those used
    if photograph.f_number:
        exif.put(33437, Type.RATIONAL, fraction(photograph.f_number, _HUNDREDTHS))


def _seconds(exposure_us: int) -> tuple[int, int]:
    """In microseconds, or in milliseconds where 32 bits do not hold them: from 71 minutes on."""
    return (exposure_us, 1_000_000) if exposure_us < 1 << 32 else (round(exposure_us / 1000), 1000)


def _put_decisions(exif: Directory, decisions: Decisions) -> None:
    if decisions.program:
        exif.put(34850, Type.SHORT, decisions.program)  # ExposureProgram
        exif.put(37383, Type.SHORT, decisions.metering)  # MeteringMode
        exif.put(37384, Type.SHORT, decisions.light)  # LightSource
        exif.put(41986, Type.SHORT, int(decisions.is_manual))  # ExposureMode
        exif.put(41987, Type.SHORT, int(decisions.is_balanced))  # WhiteBalance


def _put_photosites(exif: Directory, photograph: Photograph) -> None:
    """How many photosites lie on a centimetre: with it a program knows the crop, and replay the circle of confusion."""
    per_cm = fraction(10_000 / photograph.facts.pixel_pitch_um, _HUNDREDTHS)
    exif.put(41486, Type.RATIONAL, per_cm)  # FocalPlaneXResolution
    exif.put(41487, Type.RATIONAL, per_cm)  # FocalPlaneYResolution
    exif.put(41488, Type.SHORT, 3)  # FocalPlaneResolutionUnit: centimetre


def _put_lens(exif: Directory, photograph: Photograph) -> None:
    lens = photograph.lens
    if lens.max_aperture >= 1:  # MaxApertureValue is in APEX, where f/0.95 would be negative: it has no sign
        exif.put(37381, Type.RATIONAL, fraction(2 * log2(lens.max_aperture), _HUNDREDTHS))
    if lens.focal_length_mm:
        exif.put(37386, Type.RATIONAL, fraction(lens.focal_length_mm, _HUNDREDTHS))
        exif.put(41989, Type.SHORT, round(lens.focal_length_mm * photograph.facts.crop_factor))
        exif.put(42034, Type.RATIONAL, *lens_specification(photograph))
    if lens.maker:
        exif.put(42035, Type.ASCII, lens.maker)
    if lens.name:
        exif.put(42036, Type.ASCII, lens.name)

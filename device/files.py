"""The files of one photograph: what each ends in, and its bytes."""

from collections.abc import Iterator

from device import develop, dng, jpeg, stored_photograph
from device.dng import RawForm
from device.ljpeg import Each
from device.photograph import Photograph
from device.tiff import Bytes

_THUMBNAIL_PIXELS = 256


def encode(
    photograph: Photograph, jpeg_quality: int | None, raw: RawForm = "lossless", each: Each = map
) -> Iterator[tuple[str, list[Bytes]]]:
    """The DNG and, unless the quality is None, the JPEG: each made when it is asked for.

    So the RAW can be safe on the card before the JPEG is begun, and the bytes of one are gone before those of the next
    are made. How the RAW is stored, and what does the work on its parts, is as in `dng.encode`.

    Yields:
        The suffix and the buffers to be written one after the other.
    """
    colour = photograph.facts.colour
    small = develop.half_size(photograph.frame, colour)
    yield "DNG", dng.encode(photograph, jpeg.thumbnail(small, _THUMBNAIL_PIXELS), jpeg.preview(small), raw, each)
    if jpeg_quality is not None:
        yield "JPG", _jpeg(photograph, jpeg_quality)


def print_of(negative: Bytes, jpeg_quality: int) -> list[Bytes]:
    """The JPEG of a DNG that `encode` made, for one that a power cut kept from it.

    Raises:
        BadPicture: the DNG is not whole, or none of ours.
    """
    return _jpeg(stored_photograph.read(negative), jpeg_quality)


def _jpeg(photograph: Photograph, quality: int) -> list[Bytes]:
    return [jpeg.encode(develop.develop(photograph.frame, photograph.facts.colour), photograph, quality)]


def is_whole(data: Bytes) -> bool:
    """Whether these bytes, found under a temporary name after a power cut, are a complete picture of ours."""
    return dng.is_whole(data) or jpeg.is_whole(data)


def likely_bytes(photosites: int) -> int:
    """A guess at the files of one photograph, before the first has been saved: 12-bit RAW, previews and a JPEG."""
    return photosites * 3 // 2 + photosites // 2

"""The files of one photograph: what each ends in, and its bytes."""

from collections.abc import Iterator
from dataclasses import replace

from device import dng, jpeg, stored_photograph
from device.develop import Picture, develop
from device.dng import RawForm
from device.dust_removal import cleaned
from device.frame import Frame
from device.half_size import half_size
from device.hot_pixels import HotOf, none_of
from device.ljpeg import Each
from device.looks import NATURAL, Look
from device.photograph import Photograph
from device.tiff import Bytes

_THUMBNAIL_PIXELS = 256
_PREVIEW_COLUMNS = 2048  # at least, where the mosaic has as many


def encode(
    photograph: Photograph,
    jpeg_quality: int | None,
    raw: RawForm = "lossless",
    each: Each = map,
    look: Look = NATURAL,
) -> Iterator[tuple[str, list[Bytes]]]:
    """The DNG and, unless the quality is None, the JPEG: each made when it is asked for.

    So the RAW can be safe on the card before the JPEG is begun, and the bytes of one are gone before those of the next
    are made. How the RAW is stored, and what does the work on its parts, is as in `dng.encode`. The look is that of the
    JPEG and of the DNG's previews.

    Yields:
        The suffix and the buffers to be written one after the other.
    """
    yield "DNG", negative_of(photograph, raw, each, look)
    if jpeg_quality is not None:
        yield "JPG", _jpeg(photograph, jpeg_quality, look)


def negative_of(
    photograph: Photograph, raw: RawForm = "lossless", each: Each = map, look: Look = NATURAL
) -> list[Bytes]:
    """The DNG, with a thumbnail and a preview made for it.

    The preview is the half-size picture, enlarged where that is a little too narrow, as the IMX477's 2028 columns are.
    To develop the picture at full size for it, or to wait for the JPEG and put that in, takes longer, and all that time
    the RAW would not be safe on the card.
    """
    picture = _small_picture(photograph, look)
    columns = min(_PREVIEW_COLUMNS, photograph.frame.raw.shape[1])
    return dng.encode(photograph, jpeg.thumbnail(picture, _THUMBNAIL_PIXELS), jpeg.preview(picture, columns), raw, each)


def print_of(negative: Bytes, jpeg_quality: int, look: Look = NATURAL, hot_of: HotOf = none_of) -> list[Bytes]:
    """The JPEG of a DNG that `encode` made, for one that a power cut kept from it.

    Args:
        negative: the DNG.
        jpeg_quality: 1 to 100.
        look: tones and colours.
        hot_of: what is known of the sensor of that model.

    Raises:
        BadPicture: the DNG is not whole, or none of ours.
    """
    photograph = stored_photograph.read(negative)
    return _jpeg(replace(photograph, hot=hot_of(photograph.facts.model)), jpeg_quality, look)


def _small_picture(photograph: Photograph, look: Look) -> Picture:
    """Half size; a mosaic that is hardly wider than the preview shall be is developed whole."""
    frame, colour = _mended(photograph), photograph.facts.colour
    make = half_size if frame.raw.shape[1] > _PREVIEW_COLUMNS else develop
    return make(frame, colour, look, photograph.gains)


def _jpeg(photograph: Photograph, quality: int, look: Look) -> list[Bytes]:
    picture = develop(_mended(photograph), photograph.facts.colour, look, photograph.gains)
    return [jpeg.encode(picture, photograph, quality, look)]


def _mended(photograph: Photograph) -> Frame:
    """The frame that pictures are made of; the RAW in the file is another."""
    frame = photograph.frame
    return replace(frame, raw=cleaned(frame.raw, frame.cfa, frame.levels, photograph.hot, photograph.dust))


def is_whole(data: Bytes) -> bool:
    """Whether these bytes, found under a temporary name after a power cut, are a complete picture of ours."""
    return dng.is_whole(data) or jpeg.is_whole(data)


def likely_bytes(photosites: int) -> int:
    """A guess at the files of one photograph, before the first has been saved: 12-bit RAW, previews and a JPEG."""
    return photosites * 3 // 2 + photosites // 2

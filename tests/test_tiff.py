import struct
from pathlib import Path

import numpy as np
import pytest

from device import tiff, tiff_writer
from device.errors import BadPicture

# Packed by hand from TIFF 6.0: IFD0 with a width, a text of 7 bytes out of line, and an EXIF IFD with one fraction.
LITTLE = (
    b"II*\0" + struct.pack("<I", 8)
    + struct.pack("<H", 3)
    + struct.pack("<HHII", 256, 3, 1, 4056)
    + struct.pack("<HHII", 272, 2, 7, 50)
    + struct.pack("<HHII", 34665, 4, 1, 58)
    + struct.pack("<I", 0)
    + b"IMX477\0\0"
    + struct.pack("<H", 1) + struct.pack("<HHII", 33434, 5, 1, 76) + struct.pack("<I", 0)
    + struct.pack("<II", 8333, 1_000_000)
)  # fmt: skip
BIG = (
    b"MM\0*" + struct.pack(">I", 8)
    + struct.pack(">H", 1)
    + struct.pack(">HHIHH", 256, 3, 1, 4056, 0)
    + struct.pack(">I", 0)
)  # fmt: skip


def test_values_packed_by_hand_are_read() -> None:
    ifds = tiff.read(LITTLE)
    assert tiff.find(ifds, 256) == (4056,)
    assert tiff.find_text(ifds, 272) == "IMX477"
    assert tiff.find(ifds, 33434) == (0.008333,)
    assert tiff.find(ifds, 34850) == ()


def test_big_endian_files_are_read_too() -> None:
    assert tiff.find(tiff.read(BIG), 256) == (4056,)


@pytest.mark.parametrize("length", range(len(LITTLE)))
def test_a_file_cut_anywhere_is_refused_in_one_sentence(length: int) -> None:
    with pytest.raises(BadPicture, match=r"^[^\n]+\.$"):
        tiff.read(LITTLE[:length])


def test_rubbish_is_either_read_or_refused() -> None:
    random = np.random.default_rng(1)
    for _ in range(2000):
        rubbish = bytearray(LITTLE)
        for at in random.integers(4, len(rubbish), 4):
            rubbish[at] = random.integers(256)
        try:
            for ifd in tiff.read(rubbish):
                [(ifd.numbers(tag), ifd.integers(tag), ifd.text(tag)) for tag in ifd.entries]
        except BadPicture:
            continue


def test_directories_that_point_at_each_other_end() -> None:
    circle = b"II*\0" + struct.pack("<IHHHIII", 8, 1, 330, 4, 1, 8, 8)
    assert len(tiff.read(circle)) == 1


def test_a_fraction_over_zero_is_not_a_number() -> None:
    unknown = tiff.Entry(tiff.Type.RATIONAL, 1, "<", bytes(8))
    assert np.isnan(unknown.numbers()).all()


def test_a_real_raw_file_is_read(data: Path) -> None:
    whole = (data / "canon550d_colorchart.dng").read_bytes()
    ifds = tiff.read(whole)
    assert tiff.find_text(ifds, 272) == "Canon EOS Kiss X4"
    assert tiff.find(ifds, 50829) == (26, 152, 1182, 1886)
    assert tiff.find(ifds, 50728) == (1.0, 2.477, 1.462)
    assert tiff.holds_its_data(ifds, len(whole))
    assert not tiff.holds_its_data(ifds, len(whole) - 1)


def test_what_is_written_is_what_was_packed_by_hand() -> None:
    root, exif = tiff_writer.Directory(), tiff_writer.Directory()
    root.put(256, tiff.Type.SHORT, 4056)
    root.put(272, tiff.Type.ASCII, "IMX477")
    exif.put(33434, tiff.Type.RATIONAL, (8333, 1_000_000))
    root.children[tiff.EXIF_IFD] = [exif]
    assert b"".join(tiff_writer.write(root)) == LITTLE


def test_texts_keep_their_accents() -> None:
    root = tiff_writer.Directory()
    root.put(42036, tiff.Type.ASCII, "Noctilux-M 50 mm ƒ/0,95 für Müller")
    assert tiff.find_text(tiff.read(b"".join(tiff_writer.write(root))), 42036) == "Noctilux-M 50 mm ƒ/0,95 für Müller"


def test_blocks_lie_whole_on_even_places_and_are_not_copied() -> None:
    root, thumbnail = tiff_writer.Directory(), tiff_writer.Directory()
    odd, picture, jpeg = memoryview(b"abc"), np.arange(6, dtype=np.uint8).data, memoryview(b"jpeg")
    root.blocks[tiff.STRIP_OFFSETS, tiff.STRIP_BYTE_COUNTS] = [odd, picture]
    root.following = thumbnail
    thumbnail.blocks[tiff.JPEG_OFFSET, tiff.JPEG_BYTE_COUNT] = [jpeg]
    buffers = tiff_writer.write(root)
    whole = b"".join(buffers)
    ifds = tiff.read(whole)
    places = zip(
        ifds[0].integers(273) + ifds[1].integers(513), ifds[0].integers(279) + ifds[1].integers(514), strict=True
    )
    assert [whole[at : at + size] for at, size in places] == [b"abc", bytes(range(6)), b"jpeg"]
    assert all(at % 2 == 0 for at in ifds[0].integers(273))
    assert any(buffer is picture for buffer in buffers)
    assert tiff.holds_its_data(ifds, len(whole))
    assert not tiff.holds_its_data(ifds, len(whole) - 1)


def test_children_of_a_child_are_found() -> None:
    root, raw, deep = tiff_writer.Directory(), tiff_writer.Directory(), tiff_writer.Directory()
    deep.put(51041, tiff.Type.DOUBLE, 1.22e-4, 1.6e-7)
    raw.children[tiff.SUB_IFDS] = [deep]
    root.children[tiff.SUB_IFDS] = [raw]
    assert tiff.find(tiff.read(b"".join(tiff_writer.write(root))), 51041) == (1.22e-4, 1.6e-7)


def test_many_values_in_one_place_take_no_more_memory_than_a_file_may() -> None:
    place, size = 8 + 2 + 12 * 1000 + 4, 1 << 20
    entries = b"".join(struct.pack("<HHII", tag, 7, size, place) for tag in range(1000, 2000))
    bomb = b"II*\0" + struct.pack("<IH", 8, 1000) + entries + bytes(4) + bytes(size)
    with pytest.raises(BadPicture, match="more than any does"):
        tiff.read(bomb)

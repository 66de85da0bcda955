"""Photographs looked through: what the first sight of one takes, beside decoding its JPEG, in one run."""

import tempfile
import time
from io import BytesIO
from pathlib import Path

from PIL import Image

from device import embedded_picture, files
from device.album import Album, Picture
from device.light_table import ALL
from device.looked_at import LookedAt, Sizes
from device.review import Review
from device.roll import Shot
from device.seeking import SeekedFile
from device.stored_pictures import StoredPictures
from tests.bench.interleaved import in_turn, ms, ratio
from tests.bench.raw import ROUNDS, full_frame
from tests.photographs import photograph

SIZES = Sizes((480, 640), (480, 640))  # of a panel of 800 x 480
LISTED = 5000


class Counted(SeekedFile):
    """Counts what is asked for."""

    asked = 0

    def __getitem__(self, part: slice) -> bytes:
        found = super().__getitem__(part)
        self.asked += len(found)
        return found


def run() -> list[str]:
    """One line each: its picture, a window of it, its RAW with every reading, and the list of a full card."""
    with tempfile.TemporaryDirectory(prefix="mcam-bench-") as name:
        root = Path(name)
        folder = root / "DCIM" / "100MCAM_"
        folder.mkdir(parents=True)
        for suffix, buffers in files.encode(photograph(full_frame()), 92):
            (folder / f"MCAM0001.{suffix}").write_bytes(b"".join(buffers))
        jpeg, dng = ((folder / f"MCAM0001.{suffix}").read_bytes() for suffix in ("JPG", "DNG"))
        (picture,) = Album(root).newest(1)
        pictures = StoredPictures(root, lambda: SIZES.picture)

        def first_sight() -> None:
            pictures.clear()
            pictures.get(picture)

        def window() -> None:
            _until(_looked(pictures, picture), Review(zoom=True), "window")

        def whole() -> None:
            _until(_looked(pictures, picture), Review(), "whole")

        seen, near, all_of_it, decoded = in_turn(
            ROUNDS, time.perf_counter, first_sight, window, whole, lambda: Image.open(BytesIO(jpeg)).load()
        )
        for number in range(2, LISTED + 1):
            (folder / f"MCAM{number:04d}.DNG").hardlink_to(folder / "MCAM0001.DNG")
        (listed,) = in_turn(ROUNDS, time.perf_counter, lambda: Album(root).newest(ALL))
        with Counted(folder / "MCAM0001.DNG") as data:
            embedded_picture.preview(data, embedded_picture.directories(data), *SIZES.picture)
            share = data.asked / len(dng)
    return [
        f"first sight {ms(seen)} = {ratio(seen, decoded)} decoding its JPEG of 12 megapixels {ms(decoded)}, "
        f"reading {100 * share:.1f} % of the DNG",
        f"a window at 1:1 {ms(near)} = {ratio(near, decoded)}",
        f"RAW with every reading {ms(all_of_it)} = {ratio(all_of_it, decoded)}",
        f"a card of {LISTED} photographs listed {ms(listed)} = {ratio(listed, decoded)}",
    ]


def _looked(pictures: StoredPictures, picture: Picture) -> LookedAt:
    return LookedAt(Shot(picture), pictures.get(picture), pictures.path(picture.files[0]), SIZES)


def _until(looked: LookedAt, review: Review, stage: str) -> None:
    while looked.stage(review)[0] != stage:
        looked.read_on(review)
    looked.view(review)

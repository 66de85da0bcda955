"""The preview ring: what a client reads is what the daemon wrote, whole, or nothing."""

import threading
from dataclasses import fields
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest

from device.errors import NotRunning, RuntimeFolderFull
from device.frame import HISTOGRAM_BINS, Frame, Preview, Reading
from device.preview import PreviewReader, PreviewWriter, Sizes
from tests.conftest import build_frame

SIZES = Sizes(picture=(16, 24), focus=(4, 6), clipped=(16, 24))


def painted(number: int, rows: int = 16, columns: int = 24) -> tuple[Frame, Reading]:
    """A frame and reading wholly made of one number, so that a torn copy shows."""
    shade = number % 251
    half = (rows // 2, columns // 2)
    planes = Preview(
        np.full((rows, columns), shade, np.uint8), np.full(half, shade, np.uint8), np.full(half, shade, np.uint8)
    )
    reading = Reading(
        histogram=np.full((4, HISTOGRAM_BINS), number, np.float32),
        clipped_share=np.full(4, shade / 251, np.float32),
        mean=np.full(4, 0.5, np.float32),
        focus=np.full((4, 6), number, np.float32),
        clipped=np.full((rows, columns), shade, np.uint8),
        focus_score=float(number),
        noise_floor_ev=-9.5,
        headroom_ev=1.25,
        stops=np.full((4, 6), shade, np.uint8),
        spot_ev=-2.25,
    )
    return build_frame(np.zeros((32, 48), np.uint16), sequence=number, preview=planes), reading


def test_a_reader_sees_the_newest_frame_with_its_reading(tmp_path: Path) -> None:
    with PreviewWriter(tmp_path / "preview", SIZES) as writer:
        for number in (7, 8, 9):
            writer.publish(*painted(number))
        view = PreviewReader(tmp_path / "preview").newest()
        assert view is not None
        frame, reading = painted(9)
        assert (view.frame, view.bits, view.raw_size) == (9, 12, (32, 48))
        assert (view.exposure, view.sensor_timestamp_ns) == (frame.exposure, frame.sensor_timestamp_ns)
        for plane in ("y", "u", "v"):
            np.testing.assert_array_equal(getattr(view.preview, plane), getattr(frame.preview, plane))
        for name in (field.name for field in fields(Reading)):
            np.testing.assert_array_equal(getattr(view.reading, name), getattr(reading, name))


def test_a_frame_is_handed_out_once(tmp_path: Path) -> None:
    with PreviewWriter(tmp_path / "preview", SIZES) as writer:
        reader = PreviewReader(tmp_path / "preview")
        assert reader.newest() is None
        writer.publish(*painted(0))  # a sensor may count from nought
        first = reader.newest()
        assert first is not None
        assert reader.newest(after=first.number) is None
        writer.publish(*painted(2))
        second = reader.newest(after=first.number)
        assert second is not None
        assert second.frame == 2


def test_previews_may_change_their_size_within_the_rings_bounds(tmp_path: Path) -> None:
    with PreviewWriter(tmp_path / "preview", SIZES) as writer:
        writer.publish(*painted(1, 8, 12))
        view = PreviewReader(tmp_path / "preview").newest()
        assert view is not None
        assert view.preview.y.shape == (8, 12)


def test_a_larger_preview_gets_a_larger_ring_which_readers_notice(tmp_path: Path) -> None:
    with PreviewWriter(tmp_path / "preview", SIZES) as writer:
        writer.publish(*painted(1))
        reader = PreviewReader(tmp_path / "preview")
        writer.publish(*painted(2, 160, 240))
        assert reader.stale()
        view = PreviewReader(tmp_path / "preview").newest()
        assert view is not None
        assert view.preview.y.shape == (160, 240)


def test_a_reader_is_told_when_the_last_row_was_read(tmp_path: Path) -> None:
    with PreviewWriter(tmp_path / "preview", SIZES) as writer:
        frame, reading = painted(1)
        writer.publish(frame, reading, None, 23_000)
        view = PreviewReader(tmp_path / "preview").newest()
        assert view is not None
        assert view.ended_ns == frame.sensor_timestamp_ns + 23_000_000


def test_no_reader_ever_sees_half_a_frame_while_the_writer_races_round_the_ring(tmp_path: Path) -> None:
    with PreviewWriter(tmp_path / "preview", SIZES) as writer:
        writer.publish(*painted(1))
        reader = PreviewReader(tmp_path / "preview")
        seen_enough = threading.Event()

        def write() -> None:
            for number in cycle(range(2, 4000)):
                writer.publish(*painted(number))
                if seen_enough.is_set():
                    return

        thread = threading.Thread(target=write)
        thread.start()
        try:
            look_often(reader, 500)
        finally:
            seen_enough.set()
            thread.join()


def look_often(reader: PreviewReader, times: int) -> None:
    """Every frame that is handed out is made of its own number throughout."""
    seen = 0
    while seen < times:
        view = reader.newest()
        if view is None:
            continue
        seen += 1
        shade = view.frame % 251
        assert (view.preview.y == shade).all()
        assert (view.preview.v == shade).all()
        assert (view.reading.clipped == shade).all()
        assert (view.reading.focus == view.frame).all()
        assert (view.reading.stops == shade).all()
        assert view.reading.focus_score == view.frame


def test_a_torn_slot_is_refused(tmp_path: Path) -> None:
    """The seqlock itself: with the newest slot marked as being written, there is nothing to hand out."""
    with PreviewWriter(tmp_path / "preview", SIZES) as writer:
        writer.publish(*painted(5))
        raw = bytearray((tmp_path / "preview").read_bytes())
        start = 32 + 1 * 16  # the header, and the numbers of slot 0
        raw[start : start + 8] = (2 * 1 + 1).to_bytes(8, "little")
        torn = tmp_path / "torn"
        torn.write_bytes(raw)
        assert PreviewReader(torn).newest() is None
        raw[start : start + 8] = (2 * 1 + 2).to_bytes(8, "little")
        torn.write_bytes(raw[:5000])  # whole, says the number, but the file was cut off
        assert PreviewReader(torn).newest() is None
        assert PreviewReader(tmp_path / "preview").newest() is not None


def test_no_room_for_the_previews_is_said_in_a_sentence_and_readers_keep_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PreviewWriter(tmp_path / "preview", SIZES) as writer:
        writer.publish(*painted(1))
        with monkeypatch.context() as full:
            full.setattr("os.pwritev", lambda *_: 100)
            with pytest.raises(RuntimeFolderFull, match=r"no room .*: make some"):
                writer.publish(*painted(2))
        view = PreviewReader(tmp_path / "preview").newest()
        assert view is not None
        assert view.frame == 1


def test_a_reader_notices_that_the_daemon_went_or_came_back(tmp_path: Path) -> None:
    path = tmp_path / "preview"
    with PreviewWriter(path, SIZES) as writer:
        writer.publish(*painted(1))
        reader = PreviewReader(path)
        assert not reader.stale()
    assert reader.stale()
    assert reader.newest() is not None  # what was mapped stays readable
    with PreviewWriter(path, SIZES):
        assert reader.stale()


@pytest.mark.parametrize("content", [None, b"", b"rubbish" * 1000])
def test_what_is_no_ring_is_said_in_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "preview"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(NotRunning, match="mcam"):
        PreviewReader(path)

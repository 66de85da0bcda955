"""A clip on its way to the card: order, losses, a slow card, a full one, and the end."""

import errno
import os
import threading
from fractions import Fraction
from pathlib import Path

import pytest

from device.buffers import Bytes
from device.cinema import Clip
from device.photograph import Photograph
from device.recording import Filmed, Recording
from device.storage import Card
from tests.conftest import build_frame
from tests.failing_system import FailingSystem
from tests.filming import recording
from tests.photographs import noise_mosaic, photograph

RATE = 24
LONG_S = 20.0  # a way out for a thread that hangs


def frame(number: int) -> Photograph:
    stamp_ns = round(number * 1e9 / RATE)
    return photograph(build_frame(noise_mosaic(16, 16), sequence=number, sensor_timestamp_ns=stamp_ns))


CLIP = Clip("", frame(0), Fraction(RATE), Fraction(RATE))


class Gate:
    """Makes files only when it is opened."""

    def __init__(self) -> None:
        self.open = threading.Event()

    def encode(self, photograph: Photograph, clip: Clip) -> list[Bytes]:
        assert self.open.wait(LONG_S)
        return [f"{clip.reel} {photograph.frame.sequence} of a size".encode()]


def written(root: Path) -> list[str]:
    return [path.read_text() for path in sorted((root / "CINEMA" / "CLIP0001").iterdir())]


def test_frames_are_written_in_their_order_and_told_at_the_end(tmp_path: Path) -> None:
    told: list[Filmed] = []
    film = recording(tmp_path, CLIP, ended=told.append)
    film.start()
    assert all(film.take(frame(number)) for number in range(60))
    assert film.close(LONG_S)
    assert written(tmp_path) == [f"CLIP0001 {number} of a size" for number in range(60)]
    assert told == [Filmed("CLIP0001", frames=60, size_bytes=sum(map(len, written(tmp_path))))]


def test_a_frame_that_finds_no_room_is_lost_and_counted_and_the_others_are_not(tmp_path: Path) -> None:
    gate = Gate()
    film = recording(tmp_path, CLIP, room=5, encode=gate.encode)
    film.start()
    taken = [film.take(frame(number)) for number in range(8)]
    assert taken == [True] * 5 + [False] * 3
    gate.open.set()
    assert film.close(LONG_S)
    assert (film.status().frames, film.status().lost, film.status().sentence) == (5, 3, "")


def test_frames_that_the_sensor_did_not_bring_are_counted_too(tmp_path: Path) -> None:
    film = recording(tmp_path, CLIP)
    film.start()
    for number in (0, 1, 4, 5, 9):
        film.take(frame(number))
    assert film.close(LONG_S)
    assert (film.status().frames, film.status().lost) == (5, 5)


def test_a_card_so_slow_that_a_second_is_lost_ends_the_clip_with_a_sentence(tmp_path: Path) -> None:
    gate = Gate()
    film = recording(tmp_path, CLIP, room=3, encode=gate.encode)
    film.start()
    for number in range(3 + RATE):
        film.take(frame(number))
    assert film.status().sentence.startswith("The card is too slow for 24 frames a second:")
    assert not film.take(frame(99))
    gate.open.set()
    assert film.close(LONG_S)
    assert (film.status().frames, film.status().lost) == (3, RATE)
    assert len(written(tmp_path)) == 3


@pytest.mark.parametrize("call", ["posix_fallocate", "pwritev", "fsync", "link"])
def test_a_card_that_becomes_full_ends_the_clip_cleanly(tmp_path: Path, call: str) -> None:
    """Whatever has a name is whole, nothing half lies about, and the figures are what is there."""
    system = FailingSystem()
    calls: list[str] = []

    def fill(name: str) -> None:
        calls.append(name)
        if name == call and calls.count(call) > 7:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    system.before = fill
    film = Recording(
        clip=CLIP,
        card=Card(tmp_path, reserve_bytes=0, system=system),  # type: ignore[arg-type]
        room=100,
        encode=lambda photograph, clip: [f"{clip.reel} {photograph.frame.sequence} of a size".encode()],
        each=map,
        ended=lambda _: None,
    )
    for number in range(40):
        film.take(frame(number))
    film.start()
    assert film.close(LONG_S)
    status = film.status()
    assert status.sentence == "The card is full: make room on it or put in another."
    names = [path.name for path in (tmp_path / "CINEMA" / "CLIP0001").iterdir() if not path.name.startswith(".")]
    assert len(names) == status.frames
    assert status.frames + status.lost == 40
    assert film.failed is None


def test_a_clip_begun_while_the_last_is_written_has_another_name_and_only_the_room_that_is_left(tmp_path: Path) -> None:
    """Else each tap of the shutter took as much memory again, and the second clip the first one's name."""
    gate = Gate()
    first = recording(tmp_path, CLIP, room=5, encode=gate.encode)
    second = recording(tmp_path, CLIP, room=5, former=first)
    first.start()
    assert all(first.take(frame(number)) for number in range(3))
    first.stop()
    second.start()
    taken = [second.take(frame(number)) for number in range(4)]
    assert taken == [True] * 2 + [False] * 2
    assert second.backlog == 5
    gate.open.set()
    assert second.close(LONG_S)
    assert (first.status().reel, second.status().reel) == ("CLIP0001", "CLIP0002")
    assert (first.status().frames, second.status().frames, second.backlog) == (3, 2, 0)


def test_a_card_that_is_not_there_is_said(tmp_path: Path) -> None:
    told: list[Filmed] = []
    film = recording(tmp_path / "none" / "there", CLIP, ended=told.append)
    film.take(frame(0))
    film.start()
    assert film.close(LONG_S)
    assert told[0].sentence.startswith("No card at ")
    assert (told[0].frames, told[0].lost) == (0, 1)


def test_what_no_card_is_to_blame_for_is_told_and_kept_to_end_the_process(tmp_path: Path) -> None:
    def broken(_: Photograph, __: Clip) -> list[Bytes]:
        raise ZeroDivisionError

    film = recording(tmp_path, CLIP, encode=broken)
    film.start()
    film.take(frame(0))
    assert film.close(LONG_S)
    assert isinstance(film.failed, ZeroDivisionError)
    assert film.status().sentence.endswith("please report this.")

"""What is no file is refused wherever a file is opened, and nobody waits for it.

A pipe that has a writer, and a device without content, hold nobody up who reads them all the same, but find him out.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from device import raw_file, regular_file, wizard_shots
from device.clock import SteppedClock
from device.errors import BadPicture, BadValue
from device.scene import Scene
from device.seeking import SeekedFile
from device.sensor_replay import ReplaySensor
from device.storage import Card

PATH = "DCIM/100MCAM_/MCAM0001.DNG"


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "MCAM0001.DNG"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    yield path
    os.close(writer)


def replayed(path: Path) -> ReplaySensor:
    return ReplaySensor(path, SteppedClock(), buffers=4, preview_max=(768, 1024))


def test_a_file_is_read_from_its_beginning(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"whole")
    with regular_file.opened(tmp_path / "file") as file:
        assert file.read() == b"whole"


def test_a_device_and_a_folder_are_no_files(tmp_path: Path) -> None:
    for path in (Path("/dev/zero"), tmp_path):
        with pytest.raises(OSError, match="no file"):
            regular_file.opened(path)


def test_a_folder_that_comes_in_a_file_s_place_amidst_leaves_no_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regular_file.stat, "S_ISREG", lambda _: True)  # so it was, when it was looked at
    before = [*Path("/proc/self/fd").iterdir()]
    with pytest.raises(IsADirectoryError):
        regular_file.opened(tmp_path)
    assert [*Path("/proc/self/fd").iterdir()] == before


@pytest.mark.parametrize("read", [raw_file.read_head, raw_file.read, replayed, SeekedFile])
def test_a_pipe_is_refused_by_whoever_reads_pictures(read: Callable[[Path], object], pipe: Path) -> None:
    with pytest.raises((BadPicture, OSError), match="a pipe or a device, and no file") as refused:
        read(pipe)
    assert pipe.name in str(refused.value)


def test_a_scene_is_no_device(tmp_path: Path) -> None:
    (tmp_path / "scene.jpg").symlink_to("/dev/null")
    with pytest.raises(BadPicture, match="a pipe or a device, and no file"):
        Scene.from_photo(tmp_path / "scene.jpg")


def test_a_device_is_no_dng_to_be_measured_or_baked(tmp_path: Path) -> None:
    (tmp_path / "MCAM0001.DNG").symlink_to("/dev/null")
    with pytest.raises(BadValue, match=r"MCAM0001.DNG cannot be read \(it is a folder, a pipe or a device"):
        wizard_shots.read(tmp_path / "MCAM0001.DNG")


def test_a_socket_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "MCAM0001.DNG"))
        with pytest.raises(BadPicture, match=r"^MCAM0001.DNG cannot be read \(it is a folder, a pipe or a device, "):
            replayed(tmp_path / "MCAM0001.DNG")


def test_a_pipe_on_the_card_does_not_hold_up_the_darkroom(tmp_path: Path) -> None:
    (tmp_path / PATH).parent.mkdir(parents=True)
    os.mkfifo(tmp_path / PATH)
    card, found = Card(tmp_path), list[bytearray]()
    reader = threading.Thread(target=lambda: found.append(card.content(PATH)))
    reader.start()
    reader.join(10)
    if reader.is_alive():
        os.close(os.open(tmp_path / PATH, os.O_RDWR | os.O_NONBLOCK))  # lets it go on
        reader.join()
        pytest.fail("It waited for somebody who writes into the pipe.")
    assert found == [b""]

"""A small file that outlives a restart: whole or as it was, and nobody waits for it."""

import errno
import os
import threading
from pathlib import Path

import pytest

from device import state_file
from device.state_file import StateFile, folder_of_the_next_run, state_folder
from tests.failing_system import FailingSystem, PowerCut


def test_the_folder_is_the_units_or_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/x")
    assert state_folder({"STATE_DIRECTORY": "/var/lib/mcam:/other", "XDG_STATE_HOME": "/s"}) == Path("/var/lib/mcam")
    assert state_folder({"XDG_STATE_HOME": "/s"}) == Path("/s/mcam")
    assert state_folder({"XDG_STATE_HOME": "relative"}) == Path("/home/x/.local/state/mcam")
    assert state_folder({}) == Path("/home/x/.local/state/mcam")


def test_who_asks_for_a_camera_that_does_not_run_means_the_installed_one(tmp_path: Path) -> None:
    """`mcam reset` said that nothing was kept when the installed camera's settings kept that from starting."""
    own = {"XDG_STATE_HOME": "/s"}
    assert folder_of_the_next_run(own, tmp_path) == tmp_path
    assert folder_of_the_next_run(own, tmp_path / "not installed") == Path("/s/mcam")
    assert folder_of_the_next_run(own | {"STATE_DIRECTORY": "/of/a/test"}, tmp_path) == Path("/of/a/test")


def test_what_is_put_is_there_after_close_and_only_the_last_is_written(tmp_path: Path) -> None:
    file = StateFile(tmp_path / "new" / "x.json", pytest.fail, rest_s=60)
    assert file.content() is None
    for number in range(100):
        file.put(b"%d" % number)
    file.close()
    file.close()
    assert file.content() == b"99"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["x.json"]


def test_a_change_that_rests_is_written_without_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = threading.Event()
    replace = state_file.replace

    def told(path: Path, data: bytes) -> None:
        replace(path, data)
        written.set()

    monkeypatch.setattr(state_file, "replace", told)
    file = StateFile(tmp_path / "x", pytest.fail, rest_s=0)
    file.put(b"1")
    assert written.wait(20)
    assert (tmp_path / "x").read_bytes() == b"1"
    file.close()


def steps(path: Path) -> list[str]:
    """The calls of the system that replacing a file takes."""
    state_file.replace(path, b"before")
    system = FailingSystem()
    state_file.replace(path, b"after", system)  # type: ignore[arg-type]
    return system.calls


def test_contents_are_on_the_disk_before_they_get_the_name_and_the_name_after(tmp_path: Path) -> None:
    assert steps(tmp_path / "x") == ["open", "open", "pwritev", "fsync", "rename", "fsync", "close", "close"]


def test_the_power_may_go_at_any_step_and_the_old_or_the_new_is_there_whole(tmp_path: Path) -> None:
    for step, name in enumerate(steps(tmp_path / "trial" / "x")):
        path = tmp_path / str(step) / "x"
        state_file.replace(path, b"before")
        with pytest.raises(PowerCut):
            state_file.replace(path, b"after", FailingSystem(step, PowerCut()))  # type: ignore[arg-type]
        assert path.read_bytes() == (b"after" if step > 4 else b"before"), name
        state_file.replace(path, b"later")  # what was left behind is in nobody's way
        assert [each.name for each in path.parent.iterdir()] == ["x"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO], ids=errno.errorcode.get)
def test_an_error_at_any_step_leaves_what_was_there_and_the_next_attempt_succeeds(tmp_path: Path, number: int) -> None:
    for step, _ in enumerate(steps(tmp_path / "trial" / "x")[:5]):
        path = tmp_path / str(step) / "x"
        state_file.replace(path, b"before")
        with pytest.raises(OSError, match=os.strerror(number)):
            state_file.replace(path, b"after", FailingSystem(step, OSError(number, os.strerror(number))))  # type: ignore[arg-type]
        assert path.read_bytes() == b"before"
        state_file.replace(path, b"after")
        assert path.read_bytes() == b"after"


def test_a_disk_that_takes_nothing_is_an_error_and_not_tried_for_ever(tmp_path: Path) -> None:
    state_file.replace(tmp_path / "x", b"before")
    system = FailingSystem()
    system.pwritev = lambda *_: 0  # type: ignore[attr-defined]
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        state_file.replace(tmp_path / "x", b"after", system)  # type: ignore[arg-type]
    assert (tmp_path / "x").read_bytes() == b"before"


def test_a_file_that_cannot_be_written_is_a_sentence_and_the_next_change_another_try(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "folder").write_text("a file where the folder should be")
    file = StateFile(tmp_path / "folder" / "x", said.append, rest_s=60)
    file.put(b"1")
    file.close()
    assert len(said) == 1
    assert "cannot be written" in said[0]

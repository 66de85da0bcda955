"""A small file that outlives a restart: whole or as it was, and nobody waits for it."""

import threading
from pathlib import Path

import pytest

from device import state_file
from device.state_file import StateFile, state_folder


def test_the_folder_is_the_units_or_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/x")
    assert state_folder({"STATE_DIRECTORY": "/var/lib/mcam:/other", "XDG_STATE_HOME": "/s"}) == Path("/var/lib/mcam")
    assert state_folder({"XDG_STATE_HOME": "/s"}) == Path("/s/mcam")
    assert state_folder({"XDG_STATE_HOME": "relative"}) == Path("/home/x/.local/state/mcam")
    assert state_folder({}) == Path("/home/x/.local/state/mcam")


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


def test_a_power_cut_before_the_name_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    state_file.replace(path, b"before")

    def cut(self: Path, target: Path) -> None:
        assert target == path
        assert self.read_bytes() == b"after"
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut)
        with pytest.raises(OSError, match="Input/output"):
            state_file.replace(path, b"after")
    assert path.read_bytes() == b"before"
    state_file.replace(path, b"after")
    assert path.read_bytes() == b"after"
    assert [each.name for each in tmp_path.iterdir()] == ["x"]


def test_contents_are_on_the_disk_before_they_get_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, rename = state_file.os.fsync, Path.replace
    monkeypatch.setattr(state_file.os, "fsync", lambda fd: (steps.append("fsync"), fsync(fd))[1])
    monkeypatch.setattr(Path, "replace", lambda self, target: (steps.append("rename"), rename(self, target))[1])
    state_file.replace(tmp_path / "x", b"1")
    assert steps == ["fsync", "rename", "fsync"]


def test_a_file_that_cannot_be_written_is_a_sentence_and_the_next_change_another_try(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "folder").write_text("a file where the folder should be")
    file = StateFile(tmp_path / "folder" / "x", said.append, rest_s=60)
    file.put(b"1")
    file.close()
    assert len(said) == 1
    assert "cannot be written" in said[0]

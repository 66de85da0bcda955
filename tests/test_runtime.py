"""The runtime folder: found, made, and owned by one daemon."""

from pathlib import Path

import pytest

from device.errors import AlreadyRunning, BadValue
from device.runtime import LAST_WORDS, SOCKET, claim, default_folder, last_words, prepare


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"RUNTIME_DIRECTORY": "/run/mcam", "XDG_RUNTIME_DIR": "/run/user/1"}, "/run/mcam"),
        ({"RUNTIME_DIRECTORY": "/run/mcam:/run/other"}, "/run/mcam"),
        ({"XDG_RUNTIME_DIR": "/run/user/1"}, "/run/user/1/mcam"),
    ],
)
def test_systemd_comes_first_and_the_session_second(environment: dict[str, str], expected: str) -> None:
    assert default_folder(environment) == Path(expected)


def test_without_either_each_user_has_a_folder_of_his_own() -> None:
    assert default_folder({}).name.startswith("mcam-")


def test_a_camera_that_runs_as_a_service_is_found_before_one_of_the_session(tmp_path: Path) -> None:
    (tmp_path / SOCKET).touch()
    assert default_folder({"XDG_RUNTIME_DIR": "/run/user/1"}, service=tmp_path) == tmp_path
    (tmp_path / SOCKET).unlink()
    assert default_folder({"XDG_RUNTIME_DIR": "/run/user/1"}, service=tmp_path) == Path("/run/user/1/mcam")


def test_the_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    assert prepare(tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


def test_a_name_too_long_for_a_socket_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 110)
    with pytest.raises(BadValue, match="shorter"):
        prepare(long)
    assert not long.exists()


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadValue, match="choose another"):
        prepare(tmp_path / "file" / "run")


def test_one_daemon_to_a_folder_until_it_lets_go(tmp_path: Path) -> None:
    first = claim(tmp_path)
    with pytest.raises(AlreadyRunning, match=str(tmp_path)):
        claim(tmp_path)
    first.close()
    claim(tmp_path).close()


def test_what_ends_the_daemon_is_left_for_who_asks_later(tmp_path: Path) -> None:
    with pytest.raises(BadValue), last_words(tmp_path):
        raise BadValue("The card is gone: put it back.")
    assert (tmp_path / LAST_WORDS).read_text() == "The card is gone: put it back.\n"


def test_who_ends_well_leaves_no_word(tmp_path: Path) -> None:
    with last_words(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_no_room_for_last_words_hides_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadValue, match="put it back"), last_words(tmp_path / "gone"):
        raise BadValue("The card is gone: put it back.")

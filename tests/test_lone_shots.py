import json
from concurrent.futures import Future
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from device import cli, config, dng, lone_shots, tiff
from device.assembly import Parts
from device.errors import EXIT_CAMERA_LOST, CameraLost, CardFull, McamError, NotAllTaken, NotReady
from device.lone_shots import shoot_alone
from device.options import parse
from device.protocol import Photo
from device.storage import FULL
from tests.conftest import build_frame
from tests.photographs import smooth_mosaic
from tests.replayed import write_ours


@pytest.mark.parametrize(("changes", "compression"), [({}, 7), ({"card.raw": "packed"}, 1)])
def test_the_setting_says_how_the_raw_is_stored(tmp_path: Path, changes: dict[str, object], compression: int) -> None:
    source = write_ours(tmp_path / "source.dng", build_frame(smooth_mosaic(120, 160)))
    wanted = {"card.folder": str(tmp_path / "card"), "sensor.kind": f"replay:{source}", **changes}
    (photo,) = shoot_alone(config.with_changes(config.load(None), wanted), 1)
    taken = next((tmp_path / "card").rglob(f"{Path(photo.name).name}.DNG")).read_bytes()
    mosaic = dng.raw_ifd(tiff.read(taken))
    assert mosaic is not None
    assert mosaic.integers(259) == (compression,)
    assert dng.is_whole(taken)


def test_a_darkroom_that_died_ends_the_wait_for_its_photograph(monkeypatch: pytest.MonkeyPatch) -> None:
    never: Future[Photo] = Future()
    parts = Parts(
        camera=Mock(press=Mock(return_value=[never])),
        commands=Mock(),
        darkroom=Mock(failed=ZeroDivisionError()),
        stream=Mock(failure=None),
        clock=Mock(),
        studio=Mock(),
    )
    monkeypatch.setattr(lone_shots, "wait", lambda *_: SimpleNamespace(done=set()))
    with pytest.raises(ZeroDivisionError):
        next(lone_shots._shots(parts, 1))


def shots_until(refusal: McamError, room: int) -> Parts:
    """A camera whose card takes so many more photographs."""
    names = iter(range(1, room + 1))

    def press(_: int, count: int) -> "list[Future[Photo]]":
        saved: list[Future[Photo]] = []
        for number in islice(names, count):
            saved.append(Future())
            saved[-1].set_result(Photo(name=f"100MCAM_/MCAM{number:04d}", files=[]))
        if not saved:
            raise refusal
        return saved

    nothing = Mock(failure=None, failed=None)
    return Parts(Mock(press=press), nothing, nothing, nothing, nothing, nothing)


def shot(monkeypatch: pytest.MonkeyPatch, parts: Parts, *options: str) -> int:
    monkeypatch.setattr(lone_shots, "shoot_alone", lambda _, number: lone_shots._shots(parts, number))
    return cli.shoot(parse(["shoot", "--sensor", "simulated", *options]))


def test_of_a_row_that_does_not_fit_the_card_what_is_safe_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NotAllTaken) as told:
        shot(monkeypatch, shots_until(CardFull(FULL), room=2), "-n", "3", "--json")
    assert str(told.value) == (
        "At least 2 of 3 photographs are safe on the card, up to 100MCAM_/MCAM0002: "
        "The card is full: make room on it or put in another."
    )
    printed = json.loads(capsys.readouterr().out)
    assert [photo["name"] for photo in printed] == ["100MCAM_/MCAM0001", "100MCAM_/MCAM0002"]


def test_a_camera_lost_amidst_a_row_ends_with_its_own_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = shots_until(CameraLost("The camera sends no frames."), room=2)
    monkeypatch.setattr(lone_shots, "shoot_alone", lambda _, number: lone_shots._shots(parts, number))
    assert cli.main(["shoot", "--sensor", "simulated", "-n", "3"]) == EXIT_CAMERA_LOST
    assert capsys.readouterr().err == (
        "mcam: At least 2 of 3 photographs are safe on the card, up to 100MCAM_/MCAM0002: The camera sends no frames.\n"
    )


def test_of_those_after_one_that_could_not_be_finished_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The darkroom goes on with the rest of the burst."""
    burst: list[Future[Photo]] = [Future(), Future(), Future()]
    for number in (0, 2):
        burst[number].set_result(Photo(name=f"100MCAM_/MCAM{number + 1:04d}", files=[]))
    burst[1].set_exception(NotReady("A photograph could not be finished."))
    parts = shots_until(CardFull(FULL), room=0)
    monkeypatch.setattr(parts.camera, "press", lambda *_: burst)
    with pytest.raises(NotAllTaken, match=r"^At least 1 of 3 .*MCAM0001: A photograph could not be finished.$"):
        shot(monkeypatch, parts, "-n", "3")


def test_without_room_for_one_only_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CardFull, match=f"^{FULL}$"):
        shot(monkeypatch, shots_until(CardFull(FULL), room=0), "-n", "3")
    assert capsys.readouterr().out == ""

from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from device import config, dng, lone_shots, tiff
from device.assembly import Parts
from device.lone_shots import shoot_alone
from device.protocol import Photo
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
        lone_shots._shots(parts, 1)

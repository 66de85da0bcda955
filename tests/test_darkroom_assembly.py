"""The end of a camera: what the person is told of photographs that the card would not take."""

import os
from pathlib import Path
from unittest.mock import Mock

import pytest

from device import cli, daemon, darkroom_assembly
from device.errors import EXIT_FAILED, NotDeveloped


@pytest.mark.parametrize(
    ("sentence", "failed", "says"),
    [
        ("The card is full: make room on it.", None, "The card is full: make room on it."),
        ("", None, "The card was too slow for them in 30 seconds: use a faster one."),
        ("", ZeroDivisionError("x"), "The darkroom broke: ZeroDivisionError('x'); please report this."),
    ],
)
def test_photographs_lost_at_the_end_are_told_with_what_hindered(
    sentence: str, failed: Exception | None, says: str
) -> None:
    darkroom = Mock(close=Mock(return_value=[object(), object()]), failed=failed)
    darkroom.status.return_value.sentence = sentence
    with pytest.raises(NotDeveloped) as told:
        darkroom_assembly.close_darkroom(darkroom)
    assert str(told.value) == f"Photographs that could not be saved: 2. {says}"


def test_with_photographs_that_are_still_worked_on_the_process_ends_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Python, taken down around the darkroom, was seen to end by "malloc_consolidate(): invalid chunk size"."""
    lost = NotDeveloped("Photographs that could not be saved: 1. The card was too slow.")
    monkeypatch.setattr(daemon, "run_daemon", Mock(side_effect=lost))
    monkeypatch.setattr(os, "_exit", Mock(side_effect=SystemExit))
    with pytest.raises(SystemExit):
        cli.main(["capture", "--runtime", str(tmp_path), "--card", str(tmp_path)])
    os._exit.assert_called_once_with(EXIT_FAILED)  # type: ignore[attr-defined]
    assert capsys.readouterr().err == f"mcam: {lost}\n"

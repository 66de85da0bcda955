import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT
from tests.stored_pictures import dng_with_preview, jpeg, put
from ui.ghost import ASKED_AGAIN, Ghost, no_ghosts, photograph
from ui.screen import Pixels

NAME = "100MCAM_/MCAM0007"
SIZE = (64, 48)


def wait_for(ghost: Ghost) -> None:
    """Until what it reads is read."""
    assert ghost._last is not None
    ghost._last.join(30)
    assert not ghost._last.is_alive()


def test_the_jpeg_is_shown_in_blue_green_red_and_in_the_size_asked_for(tmp_path: Path) -> None:
    put(tmp_path, f"{NAME}.JPG", jpeg(colour="red"))
    found = photograph(str(tmp_path), NAME, SIZE)
    assert found is not None
    assert found.shape == (48, 64, 4)
    assert (np.abs(found.astype(int) - [0, 0, 255, 255]) < 12).all()


def test_without_a_jpeg_the_dngs_own_small_picture_serves(tmp_path: Path) -> None:
    put(tmp_path, f"{NAME}.DNG", dng_with_preview("navy"))
    found = photograph(str(tmp_path), NAME, SIZE)
    assert found is not None
    assert found.shape == (48, 64, 4)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xd8\xff rubbish", jpeg(colour="red")[:200]])
def test_a_photograph_that_cannot_be_read_is_no_ghost(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        put(tmp_path, f"{NAME}.JPG", content)
    assert photograph(str(tmp_path), NAME, SIZE) is None


def test_without_a_card_or_a_photograph_there_is_none(tmp_path: Path) -> None:
    assert photograph("", NAME, SIZE) is None
    assert photograph(str(tmp_path), "", SIZE) is None
    assert no_ghosts(str(tmp_path), NAME, SIZE) is None


def test_the_viewfinder_never_waits_for_the_card(tmp_path: Path) -> None:
    put(tmp_path, f"{NAME}.JPG", jpeg(colour="red"))
    ghost = Ghost()
    ghost.of(str(tmp_path), NAME, SIZE)
    wait_for(ghost)
    there = ghost.of(str(tmp_path), NAME, SIZE)
    assert there is not None
    assert ghost.of(str(tmp_path), NAME, SIZE) is there  # read once
    ghost.of(str(tmp_path), "100MCAM_/MCAM0008", SIZE)
    wait_for(ghost)
    assert ghost.of(str(tmp_path), "100MCAM_/MCAM0008", SIZE) is None


def test_a_photograph_that_could_not_be_read_is_tried_again_but_not_for_every_panel(tmp_path: Path) -> None:
    ghost = Ghost()
    ghost.of(str(tmp_path), NAME, SIZE)  # the card is out
    wait_for(ghost)
    put(tmp_path, f"{NAME}.JPG", jpeg(colour="red"))
    assert [ghost.of(str(tmp_path), NAME, SIZE) for _ in range(ASKED_AGAIN)] == [None] * ASKED_AGAIN
    ghost.of(str(tmp_path), NAME, SIZE)
    wait_for(ghost)
    assert ghost.of(str(tmp_path), NAME, SIZE) is not None


def test_what_is_asked_for_while_another_is_read_is_read_next_and_never_mistaken_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()

    def slowly(_: str, name: str, size: tuple[int, int]) -> Pixels:
        assert let_go.wait(30)
        return np.full((*size[::-1], 4), int(name[-1]), np.uint8)

    monkeypatch.setattr("ui.ghost.photograph", slowly)
    ghost = Ghost()
    assert ghost.of(str(tmp_path), NAME, SIZE) is None
    assert ghost.of(str(tmp_path), "100MCAM_/MCAM0008", SIZE) is None
    let_go.set()
    wait_for(ghost)
    ghost.of(str(tmp_path), "100MCAM_/MCAM0008", SIZE)
    wait_for(ghost)
    found = ghost.of(str(tmp_path), "100MCAM_/MCAM0008", SIZE)
    assert found is not None
    assert (found == 8).all()


def test_a_card_that_hangs_does_not_hold_up_the_end(tmp_path: Path) -> None:
    folder = put(tmp_path, f"{NAME}.DNG", b"").parent
    os.mkfifo(folder / "MCAM0007.JPG")  # whoever opens it waits for a writer, and there is none
    code = f"from ui.ghost import Ghost; Ghost().of({str(tmp_path)!r}, {NAME!r}, {SIZE})"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=60)


def test_what_goes_wrong_in_the_thread_reaches_who_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = threading.Event()

    def torn(*_: object) -> None:
        assert let_go.wait(30)
        raise MemoryError

    monkeypatch.setattr("ui.ghost.photograph", torn)
    ghost = Ghost()
    ghost.of(str(tmp_path), NAME, SIZE)
    let_go.set()
    wait_for(ghost)
    with pytest.raises(MemoryError):
        ghost.of(str(tmp_path), NAME, SIZE)

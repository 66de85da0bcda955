from pathlib import Path

import numpy as np
import pytest

from tests.stored_pictures import dng_with_preview, jpeg, put
from ui.ghost import Ghost, no_ghosts, photograph

NAME = "100MCAM_/MCAM0007"
SIZE = (64, 48)


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
    assert ghost._found is not None
    ghost._found.result(30)
    there = ghost.of(str(tmp_path), NAME, SIZE)
    assert there is not None
    assert ghost.of(str(tmp_path), NAME, SIZE) is there  # read once
    ghost.of(str(tmp_path), "100MCAM_/MCAM0008", SIZE)
    ghost._found.result(30)
    assert ghost.of(str(tmp_path), "100MCAM_/MCAM0008", SIZE) is None
    ghost.close()

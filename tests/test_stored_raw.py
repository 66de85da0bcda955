"""`mcam inspect` of a file: what it writes, and what it never writes over. The figures are in test_agreement.py."""

import sys
from pathlib import Path

import numpy as np
import pytest

from device.errors import BadValue
from device.stored_raw import inspect_file
from tests.replayed import textured, write_ours

SIZE = "160x128"


@pytest.mark.parametrize("option", ["--maps", "--png"])
@pytest.mark.parametrize("name", ["A.DNG", "soft", "hard"])
def test_an_output_that_is_the_raw_itself_is_refused_and_the_raw_stays(tmp_path: Path, name: str, option: str) -> None:
    raw = write_ours(tmp_path / "A.DNG")
    (tmp_path / "soft").symlink_to(raw)
    (tmp_path / "hard").hardlink_to(raw)
    before, out = raw.read_bytes(), tmp_path / name
    maps, png = (out, None) if option == "--maps" else (None, out)
    with pytest.raises(BadValue, match=f"is the RAW itself: give another place for {option}"):
        inspect_file(raw, png, maps, SIZE)
    assert raw.read_bytes() == before


def test_maps_are_the_arrays_behind_the_figures(tmp_path: Path) -> None:
    inspect_file(write_ours(tmp_path / "A.DNG"), None, tmp_path / "maps.npz", SIZE)
    raw = textured()
    with np.load(tmp_path / "maps.npz") as maps:
        shapes = {name: maps[name].shape for name in maps.files}
        counts, clipped = maps["histogram"].sum(axis=0), maps["clipped"]
    assert shapes == {
        "focus": (12, 16), "clipped": (4, 48, 64), "histogram": (4, 4096), "ev_histogram": (4, 112), "stops": (12, 16)
    }  # fmt: skip
    assert np.array_equal(counts, np.bincount(raw.ravel(), minlength=4096))
    assert clipped.sum() == (raw >= 4095).sum()


def test_a_viewfinder_that_the_system_ends_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does where memory runs out; it says nothing then."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "viewfinder"))
    (tmp_path / "viewfinder").write_text("#!/bin/sh\nkill -9 $$\n")
    (tmp_path / "viewfinder").chmod(0o755)
    with pytest.raises(BadValue, match=r"viewfinder ended before it drew .*panel.png \(-9\): try again"):
        inspect_file(write_ours(tmp_path / "A.DNG"), tmp_path / "panel.png", None, SIZE)


@pytest.mark.parametrize("name", ["", "nowhere/maps.npz", "x" * 300, "circle"])
def test_maps_that_cannot_be_written_are_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(BadValue, match=r"Cannot write .*: give another place for --maps"):
        inspect_file(write_ours(tmp_path / "A.DNG"), None, tmp_path / name, SIZE)

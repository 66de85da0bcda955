"""What numba does where there is no library of kernels: with its cache, with a spoilt one, and with none."""

import errno
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from device import kernel
from device.kernel import Kernel
from device.kernel_library import load
from tests.test_kernel import NUMBERS, PLANE, _sum


def test_without_a_library_numba_does_it_and_the_log_says_so_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    none = load(tmp_path / "none.so")
    monkeypatch.setattr(kernel, "library", lambda: none)
    monkeypatch.setenv("JOURNAL_STREAM", "8:1234")
    with caplog.at_level(logging.WARNING):
        assert [Kernel(_sum.function, _sum.signature)(NUMBERS, PLANE, 1.0) for _ in range(2)] == [26, 26]
    assert [record.message for record in caplog.records] == [
        "There are no kernels compiled for this machine ('make kernels' does that):"
        " numba compiles kernels as they are called."
    ]


def test_who_watches_a_thread_is_told_that_it_waits_for_numba(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    none, told = load(tmp_path / "none.so"), []

    class Watched(Kernel[Any, Any]):
        def by_numba(self, **options: Any) -> Any:
            told.append(kernel.compiling())
            return super().by_numba(**options)

    monkeypatch.setattr(kernel, "library", lambda: none)
    told.append(kernel.compiling())
    assert Watched(_sum.function, _sum.signature)(NUMBERS, PLANE, 1.0) == 26
    told.append(kernel.compiling())
    assert told == [False, True, False]


@pytest.mark.parametrize("left", [b"", bytes(64)], ids=["empty", "zeros"])
@pytest.mark.parametrize("files", ["*.nbi", "*.nbc"])
def test_a_cache_that_a_power_cut_emptied_is_begun_anew(
    files: str, left: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    none = load(tmp_path / "none.so")
    monkeypatch.setattr(kernel, "library", lambda: none)
    monkeypatch.setattr("numba.core.config.CACHE_DIR", str(tmp_path / "cache"))
    assert Kernel(_sum.function, _sum.signature)(NUMBERS, PLANE, 1.0) == 26
    (spoilt,) = (tmp_path / "cache").rglob(files)
    spoilt.write_bytes(left)
    assert Kernel(_sum.function, _sum.signature)(NUMBERS, PLANE, 1.0) == 26
    assert spoilt.read_bytes() != left


@pytest.mark.parametrize("trouble", ["no folder", "no room"])
def test_without_a_cache_each_process_compiles_for_itself(
    trouble: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    none = load(tmp_path / "none.so")
    monkeypatch.setattr(kernel, "library", lambda: none)
    monkeypatch.setattr("numba.core.config.CACHE_DIR", str(tmp_path / "cache"))
    if trouble == "no folder":
        monkeypatch.setattr("numba.core.caching.CompileResultCacheImpl._locator_classes", [])
    else:
        monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", full)
    assert Kernel(_sum.function, _sum.signature)(NUMBERS, PLANE, 1.0) == 26

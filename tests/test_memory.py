"""The queue's bound is taken from the memory there is."""

from pathlib import Path

import pytest

from device.memory import available_bytes, give_back, places, waiting_bytes

FULL = 4056 * 3040
PREVIEW = 1024 * 768
MB = 1_000_000


def test_a_waiting_photograph_takes_its_mosaic_and_its_preview() -> None:
    assert waiting_bytes(FULL, PREVIEW) == 24_660_480 + 1_179_648


@pytest.mark.parametrize(
    ("available", "expected"),
    [
        (None, 6),
        (4_000 * MB, 6),
        # 168 MB for others, 111 MB to make one, 181 MB for six buffers and one that is looked at are 460 MB; each that
        # waits takes 25.8 MB.
        (620 * MB, 6),
        (600 * MB, 5),
        (512 * MB, 2),
        (490 * MB, 1),
        (250 * MB, 1),
        (0, 1),
    ],
)
def test_fewer_wait_where_memory_is_short_but_one_always(available: int | None, expected: int) -> None:
    assert places(6, FULL, PREVIEW, 6, available) == expected


def test_the_kernel_tells_what_can_be_had(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:         436516 kB\nMemFree:           66104 kB\nMemAvailable:     251032 kB\n")
    assert available_bytes(meminfo) == 251_032 * 1024
    meminfo.write_text("MemTotal:         436516 kB\n")
    assert available_bytes(meminfo) is None
    assert available_bytes(tmp_path / "none") is None


def test_a_c_library_that_gives_nothing_back_by_request_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    give_back()
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    give_back()

"""What the stack below raises, as sentences that say what to do."""

import errno
import json
import os
from pathlib import Path

import pytest

from device import contiguous_memory, tuning
from device.camera_refusal import holders, out_of_memory, refusal
from device.errors import LossyRaw


def caused(error: Exception, *causes: Exception) -> Exception:
    """As picamera2 wraps what libcamera raised."""
    below = error
    for cause in causes:
        below.__cause__ = cause
        below = cause
    return error


BUSY = caused(RuntimeError("Camera __init__ sequence did not complete."), RuntimeError("Device or resource busy"))


def process(proc: Path, number: int, name: str, *opened: str) -> None:
    files = proc / str(number) / "fd"
    files.mkdir(parents=True)
    (proc / str(number) / "comm").write_text(name + "\n")
    for descriptor, target in enumerate(opened):
        (files / str(descriptor)).symlink_to(target)


def test_whoever_holds_the_camera_is_named(tmp_path: Path) -> None:
    process(tmp_path, 12, "wireplumber", "/dev/null", "/dev/media0")
    process(tmp_path, 7, "rpicam-hello", "/dev/media1")
    process(tmp_path, 5, "bash", "/dev/pts/1")
    process(tmp_path, os.getpid(), "mcam", "/dev/media0")
    assert holders(tmp_path) == ["wireplumber (process 12)", "rpicam-hello (process 7)"]
    assert "wireplumber (process 12) and rpicam-hello (process 7): end that first" in str(refusal(BUSY, tmp_path))


def test_where_nobody_can_be_named_it_is_another_program(tmp_path: Path) -> None:
    assert "used by another program" in str(refusal(BUSY, tmp_path))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RuntimeError("Could not open any dmaHeap device"), "video"),
        (PermissionError(errno.EACCES, "Permission denied"), "video"),
        (OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), "cma-512"),
        (caused(RuntimeError("x"), RuntimeError("Failed to configure: Cannot allocate memory")), "cma-512"),
        (RuntimeError("Failed to start camera: Invalid argument"), "Invalid argument"),
        (RuntimeError(), "RuntimeError"),
        (LossyRaw("BGGR_PISP_COMP1"), "PISP_COMP1"),
    ],
)
def test_each_refusal_says_what_to_do(error: Exception, said: str, tmp_path: Path) -> None:
    assert said in str(refusal(error, tmp_path))


def test_only_a_lack_of_memory_is_a_lack_of_memory() -> None:
    assert out_of_memory(caused(RuntimeError("a"), OSError(errno.ENOMEM, "x")))
    assert not out_of_memory(OSError(errno.EBUSY, "busy"))


MEMINFO = (
    "MemTotal:        3884376 kB\nCmaTotal:         524288 kB\nCmaFree:          262144 kB\nHugePages_Total:       0\n"
)


@pytest.mark.parametrize(
    ("text", "free"),
    [
        (MEMINFO, 262144 * 1024),
        (MEMINFO.replace("524288", "0"), None),  # an IOMMU: none is set aside
        ("MemTotal: 1 kB\n", None),
    ],
)
def test_contiguous_memory_is_read_from_the_kernels_own_table(tmp_path: Path, text: str, free: int | None) -> None:
    (tmp_path / "meminfo").write_text(text)
    assert contiguous_memory.free_bytes(tmp_path / "meminfo") == free


def test_a_machine_without_that_table_needs_none(tmp_path: Path) -> None:
    assert contiguous_memory.free_bytes(tmp_path / "meminfo") is None


def test_the_buffers_fit_into_what_is_free_with_some_to_spare() -> None:
    full = 26_500_000  # RAW and preview of an IMX477
    assert contiguous_memory.fitting(6, full, None) == 6
    assert contiguous_memory.fitting(6, full, 512 << 20) == 6
    assert contiguous_memory.fitting(6, full, 150 << 20) == 5
    assert contiguous_memory.fitting(6, full, 64 << 20) == 4  # tried, and refused with a sentence if they do not


def test_the_tuning_loses_the_shading_of_another_lens_and_nothing_else() -> None:
    black, shading = {"rpi.black_level": {"black_level": 4096}}, {"rpi.alsc": {"n_iter": 100}}
    newer = {"version": 2.0, "algorithms": [black, shading]}
    assert tuning.for_adapted_lens("imx477", {"imx477.json": newer}.__getitem__) == {**newer, "algorithms": [black]}
    assert newer["algorithms"] == [black, shading]
    assert tuning.without_shading({**black, **shading}) == black


def test_a_tuning_with_the_commas_that_libcamera_forgives_is_read() -> None:
    """As in libcamera's pisp/imx283.json; what looks like one within a string is left alone."""
    text = '{"target": "pisp,]", "algorithms": [{"rpi.awb": {"lo": 6000,\n  }}, {"rpi.alsc": {}}, ], }'
    found = tuning.for_adapted_lens("imx283", lambda _: json.loads(text))
    assert found == {"target": "pisp,]", "algorithms": [{"rpi.awb": {"lo": 6000}}]}


def test_a_tuning_that_is_broken_otherwise_leaves_the_stacks_own(caplog: pytest.LogCaptureFixture) -> None:
    assert tuning.for_adapted_lens("imx283", lambda _: json.loads('{"algorithms": [')) is None
    assert "keeps the shading" in caplog.text


def test_without_a_tuning_file_the_stacks_own_stays(caplog: pytest.LogCaptureFixture) -> None:
    def missing(name: str) -> tuning.Tuning:
        raise RuntimeError(f"Tuning file not found: {name}")

    assert tuning.for_adapted_lens("imx283", missing) is None
    assert "imx283" in caplog.text

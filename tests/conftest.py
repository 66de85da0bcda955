"""What tests share: a frame made by hand, the real RAW files where they are, and golden pictures."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageChops

from device import kernel_library
from device.frame import Cfa, Exposure, Frame, Levels, Noise, Preview
from device.kernel_build import kernels
from device.kernel_library import Library, load

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
FAILED = ROOT / "tests" / "failed"
LOOSE_SHARE = 0.005


@pytest.fixture(autouse=True, scope="session")
def this_users_own_state_is_left_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Cameras that several tests share remember what they do there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STATE_DIRECTORY", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(autouse=True)
def nothing_is_remembered_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state folder, of this process and of those that a test starts."""
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real RAW files and photographs; they may not be redistributed, so they are not in the project."""
    folder = Path(os.environ.get("MCAM_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real RAW files: set MCAM_DATA to a folder that has them (looked in {folder.name})")
    return folder


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """This machine's library, made now if there is none of these sources."""
    folder = Path(os.environ.get(kernel_library.FOLDER, ROOT / ".pytest_cache" / "kernels"))
    for path in (kernel_library.library_path(), folder / kernel_library.library_path().name):
        if all(load(path).function(each.symbol) for each in kernels()):
            return load(path)
    if shutil.which("ld") is None:
        pytest.skip("no linker")
    environment = {**os.environ, kernel_library.FOLDER: str(folder)}
    subprocess.run([sys.executable, "-m", "device.kernel_build"], check=True, cwd=ROOT, env=environment)
    # Under a new name: the loader takes one that it has for the one it is asked for.
    return load(shutil.copy(path, tmp_path_factory.mktemp("kernels") / path.name))


def build_frame(raw: NDArray[np.uint16], **changes: object) -> Frame:
    """A frame of that mosaic as a simulated IMX477 at gain 1 would deliver it, with a grey preview."""
    rows, columns = raw.shape
    even = (rows // 2 // 2 * 2, columns // 2 // 2 * 2)
    half = (even[0] // 2, even[1] // 2)
    grey = Preview(np.full(even, 128, np.uint8), np.full(half, 128, np.uint8), np.full(half, 128, np.uint8))
    values: dict[str, object] = {
        "sequence": 1,
        "sensor_timestamp_ns": 2_000_000_000,
        "raw": raw,
        "bits": 12,
        "cfa": Cfa.BGGR,
        "levels": Levels((256.0, 256.0, 256.0, 256.0), 4095),
        "noise": Noise(0.47, 2.34),
        "exposure": Exposure(10_000, 1.0),
        "neutral": (0.45, 1.0, 0.6),
        "preview": grey,
    }
    return Frame(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def golden() -> Callable[..., None]:
    """Compare a picture with tests/golden/NAME.png; on failure both and the difference lie in tests/failed.

    Exactly, but for `loose` pictures, in which floating-point arithmetic has a part: numpy's own exp and sin differ in
    the last bit from processor to processor, so a few pixels in a thousand may fall on the other side of a threshold.
    """

    def check(name: str, picture: Image.Image, *, loose: bool = False) -> None:
        path = GOLDEN / f"{name}.png"
        if os.environ.get("MCAM_GOLDEN") == "accept":
            picture.save(path, optimize=True)
            return
        expected = Image.open(path).convert(picture.mode)
        if expected.size == picture.size and different_share(expected, picture) <= (LOOSE_SHARE if loose else 0):
            return
        FAILED.mkdir(exist_ok=True)
        picture.save(FAILED / f"{name}.png")
        if expected.size == picture.size:
            ImageChops.difference(expected, picture).save(FAILED / f"{name}-difference.png")
        pytest.fail(f"{name} differs from its golden: look at tests/failed, then `make golden` if it is right")

    return check


def different_share(one: Image.Image, other: Image.Image) -> float:
    """Of the pixels, those that differ at all."""
    return float((np.asarray(one) != np.asarray(other)).any(axis=-1).mean())


@pytest.fixture(autouse=True)
def signals_are_left_as_they_were() -> Iterator[None]:
    """The processes' `main` catches them for good; called in a test, it would leave pytest deaf to Ctrl-C."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)

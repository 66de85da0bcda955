"""Each drive mode from the contact on a pin to DNGs that LibRaw and exiftool read, on the simulated sensor."""

import inspect
import json
import queue
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
import rawpy

from device import files
from device.buttons import Buttons
from device.commands import Commands
from device.config import load
from device.dial_rules import changed
from device.dials import Value
from device.dng import RawForm
from device.photograph import Photograph
from device.planned_faults import Faults
from device.rest import Rest
from device.tiff import Bytes
from tests.small_sensor import SMALL
from tests.test_buttons import SteppedFactory
from tests.test_camera import Rig
from tests.test_stream import Simulated

PINS = load(None).buttons.pins
MS = 1_000_000


class Hand:
    """A thumb on the contacts of a camera with the simulated sensor."""

    def __init__(self, folder: Path, mode: str, settings: dict[str, Value]) -> None:
        self.folder = folder / "card" / "DCIM" / "100MCAM_"
        self.running = Simulated(folder, Faults(), facts=SMALL.facts)
        self.clock, self.camera = self.running.clock, self.running.camera
        m = {"exposure.mode": "M", "exposure.auto_iso": False, "exposure.iso": 200, "exposure.shutter_us": 4_000}
        for key, value in {**m, "drive.mode": mode, **settings}.items():
            self.camera.dial(lambda now, key=key, value=value: changed(now, key, value))  # type: ignore[misc]
        parts: dict[str, Any] = {name: Mock() for name in inspect.signature(Commands).parameters}
        self._commands = Commands(**parts | {"camera": self.camera, "rest": Rest(can_sleep=False)})
        self._heard: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._factory = SteppedFactory(self.clock)
        self._buttons = Buttons(PINS, 5, self.clock, self._press, lambda *_: None, self._factory)
        self.running.see(4)

    def _press(self, name: str, down: bool, when_ns: int) -> None:
        self._commands.button(name, down, when_ns)
        self._heard.put(name)

    def press(self, name: str) -> None:
        self._factory.pin(PINS[name]).drive_low()
        assert self._heard.get(timeout=10) == name

    def release(self, name: str) -> None:
        """Told once the contact has stood still."""
        self._factory.pin(PINS[name]).drive_high()
        self.clock.advance(6 * MS)
        assert self._heard.get(timeout=10) == name

    def tap(self, name: str) -> None:
        self.press(name)
        self.clock.advance(20 * MS)
        self.release(name)

    def see(self, frames: int) -> None:
        self.running.see(frames)

    def until(self, done: Callable[[], bool]) -> None:
        self.running.turn_until(done, 2000)

    def until_idle(self) -> None:
        self.running.turn_until(lambda: self.camera.shooting[0].kind == "" and self.camera.state != "exposing", 2000)

    def close(self) -> None:
        self._buttons.close()
        self._factory.reset()

    def files(self) -> list[dict[str, Any]]:
        """What exiftool reads of each DNG, after LibRaw found in it the very mosaic that the sensor gave."""
        self.running.rig.save_all()
        paths = sorted(self.folder.glob("*.DNG"))
        for path, taken in zip(paths, self.running.rig.taken, strict=True):
            with rawpy.imread(str(path)) as raw:
                np.testing.assert_array_equal(raw.raw_image, taken.frame.raw)
        return exif_of(paths)


def exif_of(paths: list[Path]) -> list[dict[str, Any]]:
    tags = ["ExposureTime", "ISO", "ExposureCompensation", "ImageNumber", "SubSecDateTimeOriginal", "UserComment"]
    tags += ["CompositeImage", "CompositeImageCount", "ExposureMode"]
    command = ["exiftool", "-json", "-n", *(f"-{tag}" for tag in tags), *map(str, paths)]
    read: list[dict[str, Any]] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return read


def encoded(rig: Rig, photograph: Photograph) -> Iterator[tuple[str, list[Bytes]]]:
    rig.taken.append(photograph)
    yield from files.encode(photograph, None)


def stored_as(form: RawForm) -> Callable[[Rig, Photograph], Iterator[tuple[str, list[Bytes]]]]:
    def finish(rig: Rig, photograph: Photograph) -> Iterator[tuple[str, list[Bytes]]]:
        rig.taken.append(photograph)
        yield from files.encode(photograph, None, form)

    return finish


@pytest.fixture
def hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Hand]]:
    if shutil.which("exiftool") is None:
        pytest.skip("no exiftool: apt install libimage-exiftool-perl")
    monkeypatch.setattr(Rig, "finish", encoded)
    made: list[Hand] = []

    def hold(mode: str, **settings: Value) -> Hand:
        made.append(Hand(tmp_path, mode, {name.replace("__", "."): value for name, value in settings.items()}))
        return made[-1]

    yield hold
    for one in made:
        one.close()


def seconds_apart(read: list[dict[str, Any]]) -> list[float]:
    taken = [datetime.strptime(one["SubSecDateTimeOriginal"], "%Y:%m:%d %H:%M:%S.%f%z") for one in read]
    return [round((later - one).total_seconds(), 3) for one, later in pairwise(taken)]


def test_single(hand: Callable[..., Hand]) -> None:
    now = hand("single")
    now.press("s1")
    now.see(3)
    now.tap("s2")
    now.until_idle()
    (read,) = now.files()
    assert (read["ExposureTime"], read["ISO"], read["ExposureCompensation"]) == (0.004, 200, 0)
    assert "ImageNumber" not in read


def test_continuous(hand: Callable[..., Hand]) -> None:
    now = hand("continuous-high")
    now.press("s1")
    now.see(3)
    now.press("s2")
    now.see(5)
    now.release("s2")
    now.until_idle()
    read = now.files()
    assert [one["ImageNumber"] for one in read] == list(range(1, len(read) + 1))
    assert len(read) >= 5
    assert set(seconds_apart(read)) == {0.1}


@pytest.mark.parametrize(("mode", "wait_ms"), [("timer-2", 2_000), ("timer-10", 10_000)])
def test_the_self_timer(hand: Callable[..., Hand], mode: str, wait_ms: int) -> None:
    now = hand(mode)
    now.tap("s2")
    pressed_ns = now.clock.now_ns() - 26 * MS
    now.until_idle()
    (read,) = now.files()
    began_ns = now.running.rig.taken[0].frame.exposure_start_ns
    assert 0 <= began_ns - pressed_ns - wait_ms * MS <= 100 * MS
    assert read["UserComment"].startswith(
        f"Exposure began {(began_ns - pressed_ns) / 1e6 - wait_ms:.3f} ms after the press"
    )


def test_the_interval_timer(hand: Callable[..., Hand]) -> None:
    now = hand("interval", drive__interval_s=1.5, drive__interval_frames=3)
    now.tap("s2")
    now.until_idle()
    read = now.files()
    assert [one["ImageNumber"] for one in read] == [1, 2, 3]
    assert all(abs(apart - 1.5) <= 0.1 for apart in seconds_apart(read))
    assert read[1]["UserComment"].endswith("; 2 of 3.")


def test_a_bracket(hand: Callable[..., Hand]) -> None:
    now = hand("bracketing", drive__bracket_ev="2/3", drive__bracket_frames=5)
    now.press("s1")
    now.see(3)
    now.tap("s2")
    now.until_idle()
    read = sorted(now.files(), key=lambda one: one["ImageNumber"])
    assert [one["ExposureCompensation"] for one in read] == pytest.approx([0, -2 / 3, 2 / 3, -4 / 3, 4 / 3], abs=0.001)
    for one in read:
        assert one["ExposureTime"] == pytest.approx(0.004 * 2 ** one["ExposureCompensation"], rel=0.01)
        assert one["ISO"] == 200


def test_a_long_exposure(hand: Callable[..., Hand]) -> None:
    now = hand("single", exposure__shutter_us=8_000_000)
    now.tap("s2")
    now.until_idle()
    (read,) = now.files()
    assert read["ExposureTime"] == 8


@pytest.mark.parametrize("form", ["lossless", "packed"])
@pytest.mark.parametrize(("iso", "black"), [(200, 256), (1600, None)])
def test_bulb(hand: Callable[..., Hand], monkeypatch: pytest.MonkeyPatch, form: RawForm, iso: int, black: int) -> None:
    """At ISO 1600 so much read noise is added up that black is raised, and 12 bits do not hold white any more."""
    monkeypatch.setattr(Rig, "finish", stored_as(form))
    now = hand("bulb", exposure__iso=iso)
    now.running.sensor.turn(None, 8.0, -6.0)
    now.press("s2")
    now.until(lambda: now.camera.shooting[0].elapsed_s >= 16)
    now.release("s2")
    now.until_idle()
    (read,) = now.files()
    (taken,) = now.running.rig.taken
    assert taken.summed is not None
    count = taken.summed.frames
    assert 16 <= count <= 19
    assert (read["ExposureTime"], read["ISO"], read["ExposureMode"]) == (count, iso, 1)
    assert (read["CompositeImage"], read["CompositeImageCount"]) == (3, f"{count} {count}")
    assert f"sum of {count} exposures, 0 missing, 0.07 % of " in read["UserComment"]
    with rawpy.imread(str(next(now.folder.glob("*.DNG")))) as raw:
        assert raw.black_level_per_channel == [taken.frame.levels.green_black] * 4
        assert raw.white_level == taken.frame.levels.white
        assert raw.white_level - raw.black_level_per_channel[0] == 4095 - 256
        assert (raw.black_level_per_channel[0] == 256) == (black is not None)


def test_a_bulb_exposure_by_press_tells_what_is_missing(hand: Callable[..., Hand]) -> None:
    now = hand("bulb", drive__bulb="press")
    now.running.sensor.turn(None, 8.0, -6.0)
    now.running.sensor._faults = Faults(drop_every=4)
    now.tap("s2")
    now.until(lambda: now.camera.shooting[0].elapsed_s >= 10)
    now.tap("s2")
    now.until_idle()
    (read,) = now.files()
    used, of_all = read["ExposureTime"], read["ExposureTime"] + 2
    assert read["CompositeImageCount"] == f"{of_all} {used}"
    assert f"sum of {used} exposures, 2 missing, " in read["UserComment"]


def test_the_slow_burst(hand: Callable[..., Hand]) -> None:
    now = hand("continuous-low")
    now.press("s1")
    now.see(3)
    now.press("s2")
    now.see(15)
    now.release("s2")
    now.until_idle()
    read = now.files()
    assert [one["ImageNumber"] for one in read] == list(range(1, len(read) + 1))
    assert len(read) >= 4
    assert set(seconds_apart(read)) <= {0.3, 0.4}  # three a second, of frames that begin ten times a second
    assert sum(seconds_apart(read)) == pytest.approx((len(read) - 1) / 3, abs=0.1)


def test_best_of_rack(hand: Callable[..., Hand]) -> None:
    now = hand("best-of-rack", drive__rack_keep=2)
    now.press("s1")
    for focus_m in (0.5, 0.6, 0.9, 2.0, 2.02, 4.0, 20.0):
        now.running.sensor.turn(focus_m, 2.8, None)
        now.see(1)
    now.release("s1")
    read = now.files()
    assert [one["ImageNumber"] for one in read] == [1, 2]
    assert read[0]["UserComment"].endswith("; 1 of 2.")


def test_trap_focus(hand: Callable[..., Hand]) -> None:
    now = hand("trap-focus")
    now.running.sensor.turn(0.5, 2.8, None)
    now.press("s1")
    now.see(3)
    for focus_m in (0.6, 0.9, 1.4, 2.0, 3.0, 6.0, 20.0):
        now.running.sensor.turn(focus_m, 2.8, None)
        now.see(1)
    now.release("s1")
    assert [one["ImageNumber"] for one in now.files()] == [1]


def test_pre_capture(hand: Callable[..., Hand]) -> None:
    now = hand("single", drive__pre_capture_frames=4)
    now.press("s1")
    now.see(8)
    now.tap("s2")
    now.until_idle()
    read = now.files()
    assert seconds_apart(read) == [0.1] * 4
    assert [("before" in one["UserComment"]) for one in read] == [True] * 4 + [False]

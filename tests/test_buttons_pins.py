"""Which pins the buttons use: gpiozero's variable, a Raspberry Pi's, or none; and what lgpio does on import."""

import os
import queue
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from gpiozero import Device

from device.buttons import Buttons, available
from device.clock import SteppedClock
from device.config import load

CONFIG = load(None).buttons


def test_gpiozeros_own_variable_chooses_the_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    monkeypatch.setattr(Device, "pin_factory", None)
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    buttons = Buttons(CONFIG.pins, 5, SteppedClock(), lambda name, _down, _when: told.put(name), lambda *_: None)
    Device.pin_factory.pin(CONFIG.ok).drive_low()
    assert told.get(timeout=10) == "ok"
    buttons.close()
    Device.pin_factory.reset()


@pytest.fixture
def pi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """A machine's /dev and device tree, with a chip that we may use and a Raspberry Pi's revision."""
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY", raising=False)
    (tmp_path / "gpiochip0").touch()
    (tmp_path / "revision").write_bytes(b"\x00\xc0\x31\x11")
    return lambda: available(tmp_path, tmp_path / "revision")


@pytest.mark.skipif(find_spec("lgpio") is None, reason="lgpio is not installed")
def test_a_pi_has_pins(pi: Callable[[], bool]) -> None:
    assert pi()


def test_a_laptop_with_a_gpio_chip_has_no_pins_for_us(tmp_path: Path, pi: Callable[[], bool]) -> None:
    (tmp_path / "revision").unlink()
    assert not pi()


def test_a_pi_whose_chip_is_hidden_has_no_pins_for_us(tmp_path: Path, pi: Callable[[], bool]) -> None:
    (tmp_path / "gpiochip0").unlink()
    assert not pi()


def test_the_variable_of_gpiozero_means_there_are_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    assert available(Path("/nowhere"), Path("/nowhere"))


LOOK = """
import os
from device.buttons import available, pins_of_this_machine
assert available() in (True, False) and "lgpio" not in __import__("sys").modules
try:
    pins_of_this_machine()
except Exception as fault:
    print(type(fault).__name__)
print(os.getcwd())
"""


@pytest.mark.skipif(find_spec("lgpio") is None, reason="lgpio is not installed")
def test_lgpio_neither_moves_the_process_nor_litters(tmp_path: Path) -> None:
    """In a process of its own, since lgpio does its worst once, on import."""
    working, temporary = tmp_path / "working", tmp_path / "temporary"
    working.mkdir()
    temporary.mkdir()
    environment = {k: v for k, v in os.environ.items() if k != "GPIOZERO_PIN_FACTORY"} | {"TMPDIR": str(temporary)}
    looked = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=working, env=environment, capture_output=True, text=True, check=True
    )
    assert looked.stdout.splitlines()[-1] == str(working)
    assert list(working.iterdir()) == list(temporary.iterdir()) == []

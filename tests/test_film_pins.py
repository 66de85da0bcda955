"""A clip from the shutter's pin to files that LibRaw reads, through the whole daemon in real time."""

import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import rawpy
from gpiozero import Device

from device import assembly, config, daemon
from device.frame import LiveFrame
from device.news import News
from device.protocol import Event
from tests.small_sensor import SMALL, small_sensor

LONG_S = 30.0  # a way out for what hangs
FRAMES = 8


class Film:
    """A daemon that films with a small sensor, and its pins."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.early: list[Event] = []  # that came while another kind was awaited
        self.enough = threading.Event()
        self._seen = 0

    def see(self, _: LiveFrame) -> None:
        self._seen += 1
        if self._seen % FRAMES == 0:
            self.enough.set()

    def await_frames(self) -> None:
        self.enough.clear()
        assert self.enough.wait(LONG_S)
        self.enough.clear()
        assert self.enough.wait(LONG_S)

    def await_event(self, kind: str) -> Event:
        """The next of that kind; those of others that come before it are kept for who awaits them."""
        kept = next((event for event in self.early if event.kind == kind), None)
        if kept is not None:
            self.early.remove(kept)
            return kept
        while (event := self.events.get(timeout=LONG_S)).kind != kind:
            self.early.append(event)
        return event


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    monkeypatch.setattr(Device, "pin_factory", None)
    yield
    Device.pin_factory.reset()


def test_the_shutters_pin_begins_and_ends_a_clip_that_libraw_reads(
    tmp_path: Path, pins: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del pins
    changes = {"film.mode": "cinema", "film.pre_roll_s": 0.5, "card.folder": str(tmp_path / "card")}
    settings = config.with_changes(config.load(None), {**changes, "sensor.kind": "simulated", "buttons.enabled": True})
    monkeypatch.setattr(assembly, "open_sensor", lambda _, clock: (sensor := small_sensor(clock), sensor))
    film, news = Film(), News()
    news.subscribe(lambda: None, film.events.put)
    with assembly.running(settings, tmp_path, news, film.see) as parts, daemon._buttons(settings, parts, news):
        film.await_frames()
        press(settings.buttons.s2, film)
        film.await_frames()
        press(settings.buttons.s2, film)
        told = film.await_event("filmed").text
        state = parts.commands.state().film
    assert told == f"CLIP0001: {state.frames} frames." if not state.lost else told.endswith("missing.")
    frames = sorted((tmp_path / "card" / "CINEMA" / "CLIP0001").iterdir())
    assert len(frames) == state.frames >= FRAMES
    assert [path.name for path in frames] == [f"CLIP0001_{number:06}.DNG" for number in range(1, len(frames) + 1)]
    with rawpy.imread(str(frames[0])) as raw:
        size = SMALL.facts.width // 2, raw.raw_image_visible.shape[0]
        assert raw.raw_image_visible.shape[::-1] == size
        assert raw.white_level == SMALL.white_dn


def press(number: int, film: Film) -> None:
    Device.pin_factory.pin(number).drive_low()
    assert film.await_event("button").text == "s2 down"
    Device.pin_factory.pin(number).drive_high()
    assert film.await_event("button").text == "s2 up"

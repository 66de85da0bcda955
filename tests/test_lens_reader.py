"""The 6-bit reader on gpiozero's mock pins; nobody sleeps: its thread reads as fast as it can."""

import queue
from collections.abc import Iterator
from unittest.mock import Mock

import pytest
from gpiozero import InputDevice
from gpiozero.pins.mock import MockFactory

from device import daemon
from device.config import load, with_changes
from device.errors import NoPins
from device.lens_code import CodeWatch, code_of
from device.lens_reader import BITS, PRESENT, STEADY, LensReader

PINS = load(None).lens_reader.pins


# l-camera-forum.com/leica-news/leica-lens-codes: black squares, clockwise, and the value that is given beside them.
@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("⬜⬛⬜⬜⬜⬜", 16),
        ("⬛⬛⬜⬛⬜⬜", 52),
        ("⬜⬜⬜⬜⬜⬛", 1),
        ("⬛⬜⬛⬛⬛⬛", 47),
        ("⬛⬜⬛⬜⬛⬜", 42),
        ("⬛⬛⬜⬜⬜⬜", 48),
    ],
)
def test_the_published_patterns_have_their_values(pattern: str, value: int) -> None:
    assert code_of([square == "⬛" for square in pattern]) == value


def test_a_code_counts_once_it_stood_still_and_is_told_once() -> None:
    watch = CodeWatch(steady=3)
    turned_in = [(True, 63), (True, 30), (True, 62), (True, 30), (True, 30), (True, 30), (True, 30), (True, 30)]
    assert [watch.step(present=p, code=c) for p, c in turned_in] == [None] * 5 + [30, None, None]


def test_without_a_lens_nothing_is_told_and_the_same_lens_put_on_again_is() -> None:
    watch = CodeWatch(steady=2)
    on, off = (True, 30), (False, 0)
    told = [watch.step(present=p, code=c) for p, c in (off, off, off, on, on, on, off, on, on, off, off, on, on)]
    assert told == [None, None, None, None, 30, None, None, None, 30, None, None, None, 30]


class Rig:
    """Six readers that give low for white, and the switch."""

    def __init__(self, *, low_is_black: bool = False) -> None:
        self.factory = MockFactory()
        self.codes: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.failures: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.low_is_black = low_is_black
        self.reader: LensReader | None = None

    def put_on(self, code: int) -> None:
        for name in BITS:
            black = bool(code & int(name.removeprefix("code_")))
            self.drive(name, low=black == self.low_is_black)
        self.drive(PRESENT, low=True)

    def drive(self, name: str, *, low: bool) -> None:
        pin = self.factory.pin(PINS[name])
        (pin.drive_low if low else pin.drive_high)()

    def start(self) -> None:
        self.reader = LensReader(
            PINS,
            low_is_black=self.low_is_black,
            on_code=self.codes.put,
            on_failure=self.failures.put,
            pin_factory=self.factory,
            period_s=0.0005,
        )


@pytest.fixture(params=[False, True], ids=["white is low", "black is low"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    one = Rig(low_is_black=request.param)
    yield one
    if one.reader:
        one.reader.close()
        one.reader.close()


def test_a_lens_that_is_put_on_is_told_and_another_after_it(rig: Rig) -> None:
    rig.start()
    for code in (30, 42, 0, 63):
        rig.put_on(code)
        assert rig.codes.get(timeout=10) == code
        rig.drive(PRESENT, low=False)
        wait_for_readings(rig)
    assert rig.codes.empty()


def wait_for_readings(rig: Rig) -> None:
    """Until the reader has seen that there is no lens."""
    watch = rig.reader._watch if rig.reader else None
    assert watch is not None
    while watch._code is not None or watch._alike < STEADY:
        pass


def test_pins_that_are_taken_are_one_sentence_and_are_given_back(rig: Rig) -> None:
    taken = InputDevice(PINS["code_1"], pin_factory=rig.factory)
    with pytest.raises(NoPins, match=r"\[lens_reader\] in mcam.toml"):
        rig.start()
    taken.close()
    rig.start()


def test_an_expander_that_falls_off_is_told_once_and_ends_nothing_else(rig: Rig) -> None:
    rig.start()
    assert rig.reader is not None

    class Gone:
        @property
        def is_active(self) -> bool:
            raise OSError(121, "Remote I/O error")

        def close(self) -> None:
            pass

    rig.reader._contacts[PRESENT] = Gone()
    assert "choose the lens by hand" in rig.failures.get(timeout=10)
    rig.reader._thread.join(10)
    assert not rig.reader._thread.is_alive()
    assert rig.failures.empty()


def test_the_settings_keep_the_readers_pins_apart_from_the_buttons_when_they_share_a_chip() -> None:
    ours = load(None)
    assert not set(ours.buttons.pins.values()) & set(PINS.values())
    assert ours.lens_reader.pins_of_the_header == {}


def test_the_daemon_gives_the_codes_to_its_commands_and_opens_the_chip_that_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig, chips, parts = Rig(), [], Mock()
    monkeypatch.setattr(daemon.buttons, "pins_of_this_machine", lambda chip: chips.append(chip) or rig.factory)
    parts.commands.coded = rig.codes.put
    config = with_changes(load(None), {"lens_reader.enabled": True, "lens_reader.chip": 2})
    with daemon._lens_reader(config, parts, Mock()):
        rig.put_on(30)
        assert rig.codes.get(timeout=10) == 30
    with daemon._lens_reader(load(None), parts, Mock()):
        pass
    assert chips == [2]

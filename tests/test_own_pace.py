"""A slow panel beside a quick one. No test waits for time: the panel stands still until it is let go."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ui.own_pace import PAUSE_S, OwnPace
from ui.process import _check
from ui.screen import MemoryScreen, Pixels

SIZE = (4, 3)
PATIENCE_S = 20.0


def picture(grey: int) -> Pixels:
    return np.full((3, 4, 4), grey, np.uint8)


class SlowPanel:
    """Stands still in the middle of each picture, as who writes to a page that is being sent."""

    size = SIZE

    def __init__(self) -> None:
        self.began, self.may_go_on = threading.Semaphore(0), threading.Semaphore(0)
        self.shown: list[int] = []
        self.closed = False

    def show(self, pixels: Pixels) -> None:
        self.began.release()
        assert self.may_go_on.acquire(timeout=PATIENCE_S)
        assert len(np.unique(pixels)) == 1, "a picture that changed while it was shown"
        self.shown.append(int(pixels[0, 0, 0]))

    def close(self) -> None:
        self.closed = True

    def let_go(self, pictures: int) -> None:
        for _ in range(pictures):
            self.may_go_on.release()

    def wait_for_the_next(self) -> None:
        assert self.began.acquire(timeout=PATIENCE_S)


class Pauses:
    """Instead of sleeping, remembers how long, and waits until it is let go."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.may_end = threading.Semaphore(0)

    def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        assert self.may_end.acquire(timeout=PATIENCE_S)


@pytest.fixture
def panel() -> SlowPanel:
    return SlowPanel()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def paced(panel: SlowPanel, pauses: Pauses) -> Iterator[OwnPace]:
    screen = OwnPace(panel, pauses)
    yield screen
    panel.let_go(9)
    for _ in range(9):
        pauses.may_end.release()
    screen.close()


def test_who_shows_does_not_wait_for_the_panel_and_the_panel_gets_the_newest(
    paced: OwnPace, panel: SlowPanel, pauses: Pauses
) -> None:
    paced.show(picture(1))
    panel.wait_for_the_next()
    for grey in (2, 3, 4):  # returns although the panel stands still
        paced.show(picture(grey))
    assert panel.shown == []
    panel.let_go(1)
    pauses.may_end.release()
    panel.wait_for_the_next()
    assert panel.shown == [1]
    panel.let_go(1)
    pauses.may_end.release()
    paced.show(picture(5))
    panel.wait_for_the_next()
    assert panel.shown == [1, 4]


def test_between_two_pictures_the_twentieth_of_a_second_passes_that_the_kernel_takes(
    paced: OwnPace, panel: SlowPanel, pauses: Pauses
) -> None:
    for grey in (1, 2):
        paced.show(picture(grey))
        panel.wait_for_the_next()
        panel.let_go(1)
        if grey == 1:
            pauses.may_end.release()
    assert set(pauses.asked) == {PAUSE_S} == {1 / 20}


def test_the_last_picture_is_shown_though_no_other_follows(paced: OwnPace, panel: SlowPanel, pauses: Pauses) -> None:
    paced.show(picture(1))
    panel.wait_for_the_next()
    paced.show(picture(2))
    panel.let_go(2)
    pauses.may_end.release()
    panel.wait_for_the_next()
    pauses.may_end.release()
    paced.close()
    assert panel.shown == [1, 2]
    assert panel.closed


def test_it_has_the_panel_s_size_and_closes_it_without_a_picture() -> None:
    panel = SlowPanel()
    paced = OwnPace(panel)
    assert paced.size == SIZE
    paced.close()
    assert panel.closed


def test_what_the_panel_raises_reaches_who_shows_or_waits(tmp_path: Path) -> None:
    failed = threading.Event()

    class Torn(SlowPanel):
        def show(self, _: Pixels) -> None:
            raise OSError("The panel is gone.")

        def close(self) -> None:
            failed.set()

    paced = OwnPace(Torn())
    paced.show(picture(1))
    paced._thread.join(PATIENCE_S)
    with pytest.raises(OSError, match="gone"):
        paced.show(picture(2))
    with pytest.raises(OSError, match="gone"):
        _check([MemoryScreen(tmp_path / "panel", SIZE), paced])  # no picture comes: the camera sleeps
    paced.close()
    assert failed.is_set()


def test_a_panel_that_shows_is_no_fault(paced: OwnPace) -> None:
    _check([paced])

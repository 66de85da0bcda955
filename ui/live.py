"""The viewfinder turn by turn: take what happened, look for a newer frame, draw, show."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue

from device.errors import NotRunning
from device.level import Level, NoLevel
from device.preview import PreviewFrame, PreviewReader
from device.protocol import Event
from device.states import State
from device.strict import Struct
from device.tilt import Tilt
from ui.pace import Pace
from ui.reports import Reports, Say
from ui.screen import Screen
from ui.state import Seen, happened, held, looked, passed, told
from ui.viewfinder import Viewfinder

STRIPES_NS = 120_000_000  # from one step of the stripes on a photograph to the next, where no frames move them
FRAMES_STOPPED_NS = 100_000_000  # without a frame for so long, news is drawn by itself rather than with the next one


class Live:
    """Brings the ring's frames and the daemon's news together on the screens.

    Args:
        ring: the daemon's preview ring; it need not be there yet.
        viewfinder: draws.
        screens: show what it draws.
        level: read for each frame while the level line is wanted; None: there is none.
        say: calls the daemon; None: nobody does.
        now_ns: the clock of the frames' timestamps, read when a picture is shown; None: that of the turn.
        news: word from the daemon, put there by another thread as `tell` does; None: it comes by `tell` alone.
    """

    def __init__(
        self,
        ring: Path,
        viewfinder: Viewfinder,
        screens: Sequence[Screen],
        level: Level | None = None,
        say: Say | None = None,
        now_ns: Callable[[], int] | None = None,
        news: SimpleQueue[State | Event | None] | None = None,
    ) -> None:
        self._ring, self._viewfinder, self._screens = ring, viewfinder, screens
        self._level = level or NoLevel()
        self._reports, self._now_ns, self._pace = Reports(say or _to_nobody), now_ns, Pace()
        self._news = SimpleQueue() if news is None else news
        self._reader: PreviewReader | None = None
        self._view: PreviewFrame | None = None
        self._seen = Seen()
        self._is_lit = True
        self._drawn: Seen | None = None
        self._is_owed = False  # a frame that was not shown yet
        self._began_ns: int | None = None
        self._looked_ns = self._shown_ns = 0

    def tell(self, news: State | Event | None) -> None:
        """Word from the daemon, or None when it is lost. May be called from any thread."""
        self._news.put(news)

    def turn(self, now_ns: int) -> bool:
        """Do what there is to do at that time; says whether something was shown."""
        self._take_news(now_ns)
        if self._began_ns is None:
            self._began_ns = self._looked_ns = now_ns
        if self._drawn is None and self._seen.camera is None and now_ns - self._began_ns < FRAMES_STOPPED_NS:
            return False  # the daemon has yet to speak: a frame would be shown as of no camera; the splash stands
        view = self._look()
        if view is not None:
            self._view, self._looked_ns, self._is_owed = view, now_ns, True
            self._take(view, now_ns)
        self._move_stripes(now_ns)
        if self._is_torn() and now_ns - self._looked_ns < FRAMES_STOPPED_NS:
            return False  # ring and socket are not yet of one mind about what is looked at
        if not self._is_owed and (self._seen == self._drawn or now_ns - self._looked_ns < FRAMES_STOPPED_NS):
            return False
        self._show()
        self._shown_ns = now_ns
        if view is not None and not view.review:
            self._reports.shown(view.ended_ns, now_ns if self._now_ns is None else self._now_ns())
        return True

    def _take(self, view: PreviewFrame, now_ns: int) -> None:
        """A frame's readings; a photograph's are no news of what is before the lens."""
        if not view.review:
            self._pace.came(view.number, view.ended_ns, now_ns)
            self._seen = held(looked(self._seen, view), self._tilt())

    def _move_stripes(self, now_ns: int) -> None:
        """What is clipped in a photograph that is looked at must not pass for texture either."""
        view, camera = self._view, self._seen.camera
        if view is None or not view.review or camera is None or now_ns - self._shown_ns < STRIPES_NS:
            return
        if camera.review.raw == "ready" and camera.view.zebra and view.reading.clipped.any():
            self._view, self._is_owed = replace(view, frame=view.frame + 1), True

    def _is_torn(self) -> bool:
        camera = self._seen.camera
        if camera is None or self._view is None:
            return False
        return self._view.review != (camera.review.picture if camera.review.open else 0)

    def pause_s(self, now_ns: int) -> float:
        """Seconds until the next turn is worth its while."""
        return self._pace.pause_s(now_ns)

    def _tilt(self) -> Tilt | None:
        camera = self._seen.camera
        return self._level.read() if camera is not None and camera.view.level else None

    def _take_news(self, now_ns: int) -> None:
        self._seen = passed(self._seen, now_ns)
        self._hear(now_ns)
        camera = self._seen.camera
        self._reports.drawing(None if camera is None else self._viewfinder.room(camera.view))

    def _hear(self, now_ns: int) -> None:
        while True:
            try:
                news = self._news.get_nowait()
            except Empty:
                return
            if isinstance(news, Event):
                self._seen = happened(self._seen, news, now_ns)
            else:
                self._seen = told(self._seen, news)

    def _look(self) -> PreviewFrame | None:
        """A newer frame. The ring is opened anew when the daemon made another."""
        view = self._newest()
        if view is not None or (self._reader is not None and not self._reader.stale()):
            return view
        try:
            self._reader = PreviewReader(self._ring)
        except NotRunning:
            self._reader = None
            return None
        return self._reader.newest()

    def _newest(self) -> PreviewFrame | None:
        if self._reader is None:
            return None
        return self._reader.newest(after=self._view.number if self._view is not None else 0)

    def _show(self) -> None:
        camera = self._seen.camera
        is_strange = self._is_torn() and camera is not None and not camera.review.open  # a photograph is no live view
        pixels = self._viewfinder.draw(self._seen, None if is_strange else self._view)
        is_lit = camera is None or camera.camera != "asleep"
        for screen in self._screens:
            screen.show(pixels)
            if is_lit != self._is_lit:
                screen.light(on=is_lit)
        self._is_lit = is_lit
        self._drawn, self._is_owed = self._seen, False


def _to_nobody(_method: str, _parameters: Struct) -> None:
    """Where no daemon is to be told."""

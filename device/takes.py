"""Photographs made of frames: each gets its place in the darkroom, and those of before a press come with it.

It owns no thread, lock or clock: the camera's lock is held around every call.
"""

import contextlib
from collections.abc import Callable, Sequence

from device.continuous import Continuous
from device.darkroom import Darkroom
from device.errors import McamError
from device.frame import Frame
from device.plan import Kept, Plan, Shot
from device.pre_capture import PreCapture
from device.presses import Press, Presses
from device.timings import Timings


class Takes:
    """What the shutter does with a frame that is wanted.

    Args:
        darkroom: says how much room there is.
        presses: give each photograph its place.
        timings: told of each.
        take: makes a photograph of a frame that is nobody else's, for a press.
    """

    def __init__(
        self, darkroom: Darkroom, presses: Presses, timings: Timings, take: Callable[[Frame, Press], None]
    ) -> None:
        self._darkroom, self._presses, self._timings, self.take = darkroom, presses, timings, take
        self._before = PreCapture()

    def serve(self, frame: Frame, press: Press, *, armed: bool) -> None:
        """In the order they were exposed: those of before a finger's press, as far as there is room, and its own.

        Args:
            frame: lent; it is copied here, once.
            press: that it is for.
            armed: nothing but this frame was waited for.
        """
        if press.timed:
            self._timings.served(frame.exposure_start_ns - press.pressed_ns, armed=armed)
        self._timings.shot(frame.exposure_start_ns, press.shot)
        for earlier in self._before.taken(self._darkroom.room(early=True)) if press.timed else ():
            with contextlib.suppress(McamError):
                self.take(earlier, self._presses.place(Shot(press.pressed_ns), early=True))
        self.take(frame.copied(), press)

    def remember(self, frame: Frame, pre_capture: int) -> None:
        """Nothing is wanted of the frame yet: so many of the newest are kept for a press to come."""
        self._before.keep(frame, min(pre_capture, self._darkroom.room(early=True)))

    def forget(self) -> None:
        """What was kept is of a sensor that has been started anew since."""
        self._before.taken(0)

    def due(self, frame: Frame, plan: Plan) -> Press | None:
        """A place for the frame, if the plan wants it and there is one."""
        shot = plan.due(frame)
        if shot is None:
            return None
        try:
            is_first = isinstance(plan, Continuous) and shot.number == 1
            press = self._presses.place(shot, timed=is_first)
        except McamError as refusal:
            plan.refused(str(refusal))
            return None
        plan.took(frame)
        return press

    def keep(self, kept: Sequence[Kept]) -> str:
        """Copies that a plan kept become photographs; why some did not, where there is no room, else ""."""
        refused = ""
        for one in kept:
            try:
                self.take(one.frame, self._presses.place(one.shot))
            except McamError as refusal:
                refused = str(refusal)
        return refused

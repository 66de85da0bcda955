"""What S1 and S2 set going, and which frames become photographs by it.

It owns no thread, lock or clock: the camera's lock is held around every call, times come with the calls.
"""

from collections.abc import Callable

from device.aim import Aim
from device.bracketing import Bracketing
from device.bulb import Bulb
from device.continuous import Continuous
from device.darkroom import Darkroom
from device.drive import WEIGHING, places_wanted, planned
from device.errors import NotReady
from device.frame import Exposure, Frame, Reading, SensorFacts
from device.interval import Interval
from device.long_exposure import LongExposure, is_long
from device.notice import Notice
from device.plan import Plan, Shot
from device.presses import Press, Presses
from device.rack import Rack
from device.self_timer import SelfTimer
from device.shooting_states import ShootingState
from device.takes import Takes
from device.timings import Timings
from device.trap_focus import TrapFocus

NOT_OBEYED = "What gives the frames takes no exposure: choose another drive mode than bracketing or bulb."
CALLED_OFF = "The exposure was ended before its time: nothing of it was saved."
STILL_OPEN = "The bulb exposure is just ending: press again in a second."


class Shutter:
    """The buttons' meaning, and what goes on.

    Args:
        darkroom: gives a place to each photograph before it is taken.
        facts: of the sensor.
        take: makes a photograph of a frame that is nobody else's, for a press.

    Attributes:
        long: the long exposure that is waited for or under way, if one is.
        notice: what went wrong last.
        timings: what was measured.
    """

    def __init__(self, darkroom: Darkroom, facts: SensorFacts, take: Callable[[Frame, Press], None]) -> None:
        self._darkroom, self._facts = darkroom, facts
        self.timings = Timings()
        self._presses = Presses(darkroom, self.timings)
        self._takes = Takes(darkroom, self._presses, self.timings, take)
        self._plan: Plan | None = None
        self._held: set[str] = set()
        self._is_spent = False  # S1 called the self timer off, and S2 of the same push shall not start it again
        self._armed_at_press = False
        self.long = LongExposure()
        self.notice = Notice()

    # ---- the buttons ------------------------------------------------------------------------------------------------

    def half(self, when_ns: int, aim: Aim, *, down: bool) -> None:
        """S1: ends the self timer; best of rack and trap focus go on as long as it is held.

        Raises:
            Busy, CardFull, CardMissing, CardReadOnly, NotReady: as `Presses.add`.
        """
        if not down:
            self._is_spent = False
            self._let_go("s1", when_ns)
            return
        self._held.add("s1")
        if isinstance(self._plan, SelfTimer):
            self._plan, self._is_spent = None, True
        elif aim.drive.mode in WEIGHING and not isinstance(self._plan, Bulb):
            self._begin(when_ns, aim)

    def full(self, when_ns: int, aim: Aim, *, down: bool) -> None:
        """S2: what the drive mode says; while something goes on by itself, it ends that.

        Raises:
            NotReady: a bulb exposure is just ending; and as `half`.
        """
        if not down:
            self._let_go("s2", when_ns)
            return
        self._held.add("s2")
        self.notice.text = ""
        if not (self._is_spent or self._call_off(when_ns)):
            self._begin(when_ns, aim)
        self.follow(when_ns, aim.exposure)  # lest a frame that comes before the next look is taken for a long one

    @property
    def goes_on(self) -> bool:
        """Whether another press of S2 ends something."""
        if isinstance(self._plan, Bracketing):
            return self._plan.is_open
        return isinstance(self._plan, SelfTimer | Interval | Bulb) or self.long.exposure is not None

    def press(self, when_ns: int, count: int, *, armed: bool) -> list[Press]:
        """So many frames from that instant on, whatever the drive mode. Raises as `Presses.add`."""
        self._armed_at_press = armed
        return self._presses.add(when_ns, count)

    # ---- frames -----------------------------------------------------------------------------------------------------

    def serve(self, frame: Frame, pre_capture: int) -> None:
        """Make a photograph of an armed frame, if one is wanted of it; else keep it for a press to come.

        Args:
            frame: lent; it is copied here, once.
            pre_capture: so many are kept, as far as there is room.
        """
        self.timings.came(frame.sequence)
        plan = self._plan
        press = self._served(frame, plan)
        if press is not None:
            self._takes.serve(frame, press, armed=self._armed_at_press and self.long.exposure is None)
            self.long.began(frame.sensor_timestamp_ns)  # the next one follows without a pause
        elif not isinstance(plan, Bulb):
            self._takes.remember(frame, pre_capture)
        if plan is not None:
            plan.passed(frame)
            self._mind(plan, frame.sensor_timestamp_ns)

    def weigh(self, frame: Frame, reading: Reading) -> None:
        """What the meter says of an armed frame may make it, or one from before it, a photograph."""
        if self._plan is not None:
            self.notice.say(self._takes.keep(self._plan.weighed(frame, reading)), frame.sensor_timestamp_ns)

    # ---- what it needs and tells ------------------------------------------------------------------------------------

    def follow(self, now_ns: int, exposure: Exposure) -> None:
        """Have a long exposure, or those of a bulb one, begin when it is waited for, and end when none is.

        Args:
            now_ns: the time.
            exposure: that a photograph would get now.
        """
        plan = self._plan
        longest = plan.longest() if isinstance(plan, Bracketing) else exposure
        wanted = plan.each if isinstance(plan, Bulb) else longest if longest and is_long(longest) else None
        self.long.follow(wanted if self.waits(now_ns) and self._facts.obeys_exposure else None)

    def asks(self) -> Exposure | None:
        """The exposure that the sensor has to have now, if the dials have no say in it."""
        return (self._plan.asks() if self._plan is not None else None) or self.long.exposure

    def arms(self, now_ns: int) -> bool:
        """Whether full resolution is needed now."""
        return bool(self._presses) or (self._plan is not None and self._plan.arms(now_ns))

    def waits(self, now_ns: int) -> bool:
        """Whether the next frame is to be a photograph."""
        return bool(self._presses) or (self._plan is not None and self._plan.waits(now_ns))

    def told(self, now_ns: int) -> ShootingState:
        """For the panel."""
        counted = self.long.told(now_ns) if not isinstance(self._plan, Bracketing | Bulb) else None
        return counted or (self._plan.told(now_ns) if self._plan is not None else ShootingState())

    def restarted(self, now_ns: int, frame_us: int) -> None:
        """The sensor was started anew; frame_us is its frame time where that is the armed setting's, else 0."""
        self.timings.restarted(frame_us)
        self._takes.forget()
        self.long.began(now_ns)

    def interrupted(self, now_ns: int) -> None:
        """Frames stopped: a bulb exposure ends with what it has."""
        if isinstance(self._plan, Bulb):
            self._plan.interrupted()
            self._mind(self._plan, now_ns)

    def abandon(self, sentence: str, now_ns: int) -> None:
        """No frame will come: whoever waits for one is told so, and what is kept already is saved."""
        self.interrupted(now_ns)
        self._presses.abandon(sentence)  # first, as their places are wanted for what is kept
        if self._plan is not None:
            refused = self._takes.keep(self._plan.given_up())
            self._mind(self._plan, now_ns)
            self.notice.say(refused, now_ns)  # last: not all is saved
        self._plan = None
        self.long.follow(None)

    # ---- inside -----------------------------------------------------------------------------------------------------

    def _begin(self, when_ns: int, aim: Aim) -> None:
        """What the drive mode says; the weighing ones go on from the first button to the last."""
        if aim.drive.mode in WEIGHING and isinstance(self._plan, Rack | TrapFocus):
            return
        if aim.drive.mode == "single":
            self.press(when_ns, 1, armed=aim.armed)
            return
        if aim.drive.mode in ("bracketing", "bulb") and not self._facts.obeys_exposure:
            raise NotReady(NOT_OBEYED)
        if aim.drive.mode == "bulb":
            self._plan = Bulb(self._presses.place(Shot(when_ns)), aim.each, aim.drive)
            return
        plan = planned(when_ns, aim, self._facts, self._darkroom.room())
        if isinstance(plan, Continuous):  # held up from the first, it goes on when there is room
            self._plan, self._armed_at_press = plan, aim.armed
        self._presses.check(places_wanted(aim.drive))
        self._plan = plan

    def _let_go(self, button: str, when_ns: int) -> None:
        self._held.discard(button)
        plan, ends = self._plan, "s2" if isinstance(self._plan, Continuous | Bulb) else ""
        if plan is None or ends not in ("", button) or (isinstance(plan, Rack | TrapFocus) and self._held):
            return
        self.notice.say(self._takes.keep(plan.let_go(when_ns)), when_ns)
        self._mind(plan, when_ns)

    def _call_off(self, when_ns: int) -> bool:
        """End what goes on by itself; False when nothing does."""
        if isinstance(self._plan, Bulb):
            if self._plan.is_closing:
                raise NotReady(STILL_OPEN)
            self._plan.close(when_ns)
            return True
        if self.long.exposure is not None:
            self.abandon(CALLED_OFF, when_ns)
            return True
        if not self.goes_on:
            return False
        self._plan = None
        return True

    def _served(self, frame: Frame, plan: Plan | None) -> Press | None:
        """During a bracket, and until the sensor is back from it, other presses wait; and during a bulb exposure."""
        if isinstance(plan, Bracketing | Bulb):
            return self._takes.due(frame, plan)
        remark = self.long.takes(frame.exposure)
        if remark is None:
            return None
        press = self._presses.served_by(frame) or (self._takes.due(frame, plan) if plan is not None else None)
        if press is not None:
            self.notice.say(remark, frame.sensor_timestamp_ns)
        return press

    def _mind(self, plan: Plan, now_ns: int) -> None:
        """Its end, at which a bulb exposure becomes a photograph, and what it has to say."""
        if plan.over and self._plan is plan:
            self._plan = None
            if isinstance(plan, Bulb):
                self.long.follow(None)  # before the next photograph, whose exposure may be another
                self.timings.bulb(plan.finish(self._takes.take))
        self.notice.say(plan.sentence, now_ns)
        plan.sentence = ""

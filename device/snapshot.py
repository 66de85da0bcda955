"""The whole state as clients see it, gathered from the parts at one moment."""

import math
from collections.abc import Callable

from device.body_status import BodyStatus
from device.camera import Camera
from device.darkroom import Darkroom
from device.face_states import ReviewState
from device.lens_choice import LensChoice
from device.marks import Marks
from device.menu import Menu
from device.sensor import Bench
from device.showing import Showing
from device.states import BenchState, CardStatus, SensorState, State


class Snapshot:
    """The parts that a state is gathered from.

    Args:
        camera: the state machine.
        lenses: which lens is before it.
        darkroom: for the card's state.
        bench: the rings of a simulated lens, or none.
        rate: (frames per second, frames dropped), measured by the composition root.
        folder: the card's folder, for display.
        showing: what viewfinders tell of themselves.
        review: of the photographs.
        status: how the body stands.
        menu: what of it is to be drawn.
        marks: what was done with photographs on the card.
    """

    def __init__(
        self,
        *,
        camera: Camera,
        lenses: LensChoice,
        darkroom: Darkroom,
        bench: Bench,
        rate: Callable[[], tuple[float, int]],
        folder: str,
        showing: Showing,
        review: Callable[[], ReviewState],
        status: BodyStatus,
        menu: Menu,
        marks: Marks,
    ) -> None:
        self._camera, self._lenses, self._darkroom, self._bench = camera, lenses, darkroom, bench
        self._rate, self._folder, self._showing, self._review = rate, folder, showing, review
        self._menu, self._status, self._marks = menu, status, marks

    def state(self) -> State:
        """Everything there is to know."""
        camera = self._camera
        shooting, timing, notice = camera.shooting
        notice = notice or camera.film.warning(camera.dials.film)
        return State(
            camera=camera.state,
            message=camera.fault or self._darkroom.status().sentence or notice,
            sensor=self._sensor_state(),
            exposure=camera.dials.exposure,
            white_balance=camera.dials.white_balance,
            lens=self._lenses.state(self._focus_m()),
            card=self._card_state(),
            view=camera.dials.view,
            review=self._review(),
            film=camera.film.state(camera.dials.film),
            bench=self._bench_state(),
            viewfinder=self._showing.state(),
            drive=camera.dials.drive,
            shooting=shooting,
            timing=timing,
            power=camera.dials.power,
            status=self._status.state,
            menu=self._menu.state(),
        )

    def _sensor_state(self) -> SensorState:
        facts, granted = self._camera.facts, self._camera.granted
        if granted is None:
            return SensorState(model=facts.model, crop_factor=facts.crop_factor)
        frames_per_s, dropped = self._rate()
        return SensorState(
            model=facts.model,
            setting=self._camera.setting.value,
            width=granted.width,
            height=granted.height,
            bits=granted.bits,
            raw_format=granted.raw_format,
            cfa=granted.cfa or "",
            frames_per_s=round(frames_per_s, 1),
            dropped=dropped,
            crop_factor=round(self._camera.seen_facts.crop_factor, 3),
            hot_pixels=self._camera.hot_pixels,
        )

    def _card_state(self) -> CardStatus:
        status = self._darkroom.status()
        return CardStatus(
            state=status.card,
            folder=self._folder,
            shots_left=status.shots_left,
            queued=status.queued,
            queue_size=status.size,
            last=status.last,
            deleted=self._marks.deleted,
            changes=self._marks.changes,
            fix_bad_pixels=self._camera.dials.card.fix_bad_pixels,
        )

    def _focus_m(self) -> float | None:
        """The distance in focus, inf for infinity; None where the ring cannot be seen."""
        rings = self._bench.position()
        return rings[0] if rings else None

    def _bench_state(self) -> BenchState:
        rings = self._bench.position()
        if rings is None:
            return BenchState()
        focus_m, f_number, light_ev = rings
        focus = focus_m if math.isfinite(focus_m) else None
        return BenchState(simulated=True, focus_m=focus, f_number=f_number, light_ev=light_ev)

"""What a client may ask, in terms of the camera: one small function for each call of the protocol."""

import math
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from device.album import Album
from device.body_status import BodyStatus
from device.button_route import Face
from device.calibration import Calibration
from device.camera import Camera
from device.clock import Clock
from device.darkroom import Darkroom
from device.dial_rules import changed
from device.dials import Dials
from device.face_states import ReviewState
from device.hand import Hand
from device.held_buttons import FIRST_CLIENT
from device.hot_pixel_map import HotPixelMap
from device.lens_choice import LensChoice
from device.marks import Marks
from device.menu import Menu
from device.outcome import Told
from device.outcomes import Outcomes
from device.power_off import PowerOff
from device.protocol import (
    AlbumCall,
    AlbumReply,
    ArmCall,
    ButtonCall,
    DiscardReply,
    Event,
    FocusCall,
    GetStateReply,
    LensesReply,
    Nothing,
    Photo,
    SetCall,
    ShootCall,
    ShootReply,
)
from device.rest import Rest
from device.sensor import Bench
from device.showing import Showing
from device.snapshot import Snapshot
from device.states import State
from device.strict import Struct

Answer = Struct | list["Future[Photo]"]  # a reply, or the photographs that it waits for
ALBUM_MAX = 200
TOUCHES = frozenset({"Set", "PickGrey"})  # calls that somebody makes who wants the camera
PRESSES = frozenset({"Arm", "Shoot"})  # likewise, and the camera must not fall asleep over them


class Commands:
    """The camera behind the protocol.

    Args:
        camera: the state machine.
        lenses: which lens is before it.
        hot_pixels: of the sensor, where they are kept.
        darkroom: for the card's state.
        album: for what is on the card.
        bench: the rings of a simulated lens, or a real lens's refusal.
        clock: stamps presses that come over the socket.
        rate: (frames per second, frames dropped), measured by the composition root.
        folder: the card's folder, for display.
        status: how the body stands.
        rest: when it sleeps.
        power_off: switches the machine off.
        marks: what is done with photographs on the card.
        menu: has the buttons while it is open.
        review: of the photographs; it too.
        review_state: what of that the clients see.
        showing: what viewfinders tell of themselves.
        tell: hands an event to every client.
    """

    def __init__(
        self,
        *,
        camera: Camera,
        lenses: LensChoice,
        hot_pixels: HotPixelMap,
        darkroom: Darkroom,
        album: Album,
        bench: Bench,
        clock: Clock,
        rate: Callable[[], tuple[float, int]],
        folder: str,
        status: BodyStatus,
        rest: Rest,
        power_off: PowerOff,
        marks: Marks,
        menu: Menu,
        review: Face,
        review_state: Callable[[], ReviewState] = ReviewState,
        showing: Showing,
        tell: Callable[[Event], None],
    ) -> None:
        self._camera, self._lenses, self._bench = camera, lenses, bench
        self._darkroom, self._album, self._clock, self._tell = darkroom, album, clock, tell
        self._snapshot = Snapshot(
            camera=camera,
            lenses=lenses,
            darkroom=darkroom,
            bench=bench,
            rate=rate,
            folder=folder,
            showing=showing,
            review=review_state,
            status=status,
            menu=menu,
            marks=marks,
        )
        self._menu, self._status, self._outcomes = menu, status, Outcomes(camera, tell)
        self._hand = Hand(camera=camera, menu=menu, review=review, rest=rest, power_off=power_off, tell=tell)
        self._handlers = self._all_handlers(showing, marks, Calibration(camera, lenses, hot_pixels))

    def _all_handlers(
        self, showing: Showing, marks: Marks, calibration: Calibration
    ) -> dict[str, Callable[[Any], Answer]]:
        return {
            "GetState": self._get_state,
            "Set": self._set,
            "Arm": self._arm,
            "Shoot": self._shoot,
            "Focus": self._focus,
            "Look": showing.look,
            "Shown": showing.shown,
            "Album": self._newest,
            "Rate": marks.rate,
            "Protect": marks.protect,
            "Delete": marks.delete,
            "Undelete": marks.undelete,
            "PickGrey": self._pick_grey,
            "Discard": self._discard,
            "Lenses": lambda _: LensesReply(lenses=self._lenses.entries()),
            "Reset": self._reset,
            "FlatField": calibration.keep_flat_field,
            "HotPixels": calibration.keep_hot_pixels,
        }

    def answer(self, method: str, call: Struct, client: int = FIRST_CLIENT) -> Answer:
        """Do what a call of that client asks.

        Raises:
            McamError: the sentence for the client.
        """
        if isinstance(call, ButtonCall):
            return self._button(call, client)
        if method in PRESSES:
            with self._hand.touching(self._clock.now_ns()):
                return self._handlers[method](call)
        if method in TOUCHES:
            self._hand.touched(self._clock.now_ns())
        return self._handlers[method](call)

    def state(self) -> State:
        """Everything there is to know."""
        return self._snapshot.state()

    def button(self, name: str, down: bool, when_ns: int) -> None:  # noqa: FBT001 - down or up is what a button does
        """A button of the rig, as `Hand.button`."""
        self._hand.button(name, down, when_ns)

    def let_go(self, client: int) -> None:
        """That client is gone, and holds no button any more."""
        self._hand.let_go(client, self._clock.now_ns())

    def turn(self, steps: int) -> None:
        """The encoder, now."""
        self._hand.turn(steps, self._clock.now_ns())

    def passed(self, now_ns: int) -> None:
        """Time passes, for the hand and for the battery; to be called several times a second."""
        self._hand.passed(now_ns)
        self._status.look(now_ns)

    def report(self, told: Told) -> None:
        """What the darkroom has to say, to whoever waits for the photograph and to every client."""
        self._outcomes.report(told)

    def coded(self, code: int) -> None:
        """The 6-bit reader saw the code of a lens that was put on."""
        sentence = self._lenses.use_coded(code)
        if sentence is not None:
            self._tell(Event(kind="warning", text=sentence))

    def _get_state(self, _: Nothing) -> GetStateReply:
        return GetStateReply(state=self.state())

    def _set(self, call: SetCall) -> Nothing:
        if call.key.startswith("lens."):
            self._lenses.set(call.key, call.value)
            return Nothing()
        self._camera.dial(lambda settings: self._changed(settings, call))
        return Nothing()

    def _changed(self, settings: Dials, call: SetCall) -> Dials:
        """Within what the lens can: of a whole scale the rules know nothing else."""
        dials = changed(settings, call.key, call.value)
        if call.key == "exposure.f_number" and dials.exposure.f_number:
            self._camera.lens.check_aperture(dials.exposure.f_number)
        return dials

    def _arm(self, call: ArmCall) -> Nothing:
        self._camera.arm(call.on, self._clock.now_ns())
        return Nothing()

    def _shoot(self, call: ShootCall) -> Answer:
        saved = self._camera.press(self._clock.now_ns(), call.count)
        return saved if call.wait else ShootReply(photos=[])

    def _button(self, call: ButtonCall, client: int) -> Nothing:
        if call.name == "encoder":
            self.turn(call.steps)
        else:
            self._hand.button(call.name, call.down, self._clock.now_ns(), client)
        return Nothing()

    def _focus(self, call: FocusCall) -> Nothing:
        focus_m = math.inf if call.infinity else call.focus_m
        self._bench.turn(focus_m, call.f_number, call.light_ev)
        self._camera.refresh()
        if call.f_number is not None:  # the simulated ring can be seen, unlike a real one
            self._camera.dial(lambda settings: changed(settings, "exposure.f_number", call.f_number))
        return Nothing()

    def _newest(self, call: AlbumCall) -> AlbumReply:
        entries = self._album.newest(min(max(call.limit, 1), ALBUM_MAX))
        return AlbumReply(photos=[Photo(name=entry.name, files=list(entry.files)) for entry in entries])

    def _pick_grey(self, _: Nothing) -> Nothing:
        self._camera.pick_grey()
        return Nothing()

    def _reset(self, _: Nothing) -> Nothing:
        self._menu.reset()
        return Nothing()

    def _discard(self, _: Nothing) -> DiscardReply:
        return DiscardReply(count=self._darkroom.discard())

"""A daemon without a camera: the real socket server over a canned state, for tests of its clients.

What it is told it keeps in `calls`; Set and Focus change the state as the camera would; anything can be refused. Of a
connection that ends with buttons down `calls` tells as if they had been let go.
"""

import queue
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from device.errors import BadValue, McamError
from device.held_buttons import HeldButtons
from device.protocol import AlbumReply, ButtonCall, Event, FocusCall, GetStateReply, Nothing, SetCall, ShootReply
from device.server import Server
from device.states import BenchState, CardStatus, ExposureState, LensState, SensorState, State
from device.strict import Struct

STATE = State(
    camera="live",
    sensor=SensorState(
        model="IMX477", width=2028, height=1520, bits=12, raw_format="SBGGR12", frames_per_s=24.8, crop_factor=5.5
    ),
    exposure=ExposureState(shutter_us=8000, iso=200, f_number=4.0),
    lens=LensState(name="Summicron-M 35 mm f/2 ASPH", focal_length_mm=35.0),
    card=CardStatus(folder="/card", shots_left=412, queue_size=6),
    bench=BenchState(simulated=True, focus_m=2.0, f_number=4.0, light_ev=0.0),
)
_REPLIES: dict[str, Struct] = {"Shoot": ShootReply(photos=[]), "Album": AlbumReply(photos=[])}


class FakeDaemon:
    """Listens at RUNTIME/mcam.sock until closed."""

    def __init__(self, runtime: Path) -> None:
        self.runtime = runtime
        self.state = STATE
        self.refusal: McamError | None = None
        self.handlers: dict[str, Callable[[Any], Struct]] = {}  # calls that a test answers
        self.calls: queue.Queue[tuple[str, Struct]] = queue.Queue()
        self._held = HeldButtons()
        self._server = Server(runtime / "mcam.sock", self._respond, lambda: self.state, self._gone)
        self._server.start()

    def change(self, **sections: object) -> None:
        """Other values for some sections of the state."""
        self.state = msgspec.structs.replace(self.state, **sections)
        self._server.changed()

    def happen(self, event: Event) -> None:
        """Tell everybody."""
        self._server.tell(event)

    def close(self) -> None:
        """Gone, as after a crash: connections break."""
        self._server.close()

    def _respond(self, method: str, call: Struct, client: int) -> Struct:
        self.calls.put((method, call))
        if isinstance(call, ButtonCall):
            (self._held.down if call.down else self._held.up)(call.name, client)
        if self.refusal is not None:
            raise self.refusal
        if method in self.handlers:
            return self.handlers[method](call)
        if isinstance(call, SetCall):
            self._set(call)
        if isinstance(call, FocusCall):
            self._focus(call)
        return GetStateReply(state=self.state) if method == "GetState" else _REPLIES.get(method, Nothing())

    def _gone(self, client: int) -> None:
        for name in self._held.of(client):
            if self._held.up(name, client):
                self.calls.put(("Button", msgspec.convert({"name": name, "down": False}, ButtonCall)))

    def _set(self, call: SetCall) -> None:
        section, _, name = call.key.partition(".")
        if section != "view" or name not in self.state.view.__struct_fields__:
            raise BadValue(f'No setting "{call.key}".')
        self.change(view=msgspec.structs.replace(self.state.view, **{name: call.value}))

    def _focus(self, call: FocusCall) -> None:
        bench = self.state.bench
        focus_m = None if call.infinity else call.focus_m or bench.focus_m
        f_number = bench.f_number if call.f_number is None else call.f_number
        light_ev = bench.light_ev if call.light_ev is None else call.light_ev
        self.change(bench=BenchState(simulated=True, focus_m=focus_m, f_number=f_number, light_ev=light_ev))

"""The lens in use: chosen by the photographer or by the code on its flange, and remembered.

Any thread may call. The camera holds the lens; this knows which there are, and minds what was chosen.
"""

import math
import threading
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from device import depth_of_field, lens_memory
from device.camera import Camera
from device.depth_of_field import Rule
from device.drawer import Drawer
from device.dust import NO_DUST, Dust
from device.errors import BadValue
from device.flat_field import NO_GAINS, Gains
from device.flat_fields import FlatFields
from device.lens import NO_LENS, Lens
from device.lens_memory import LensMemory
from device.rules import OneOf, no_setting, shown
from device.states import LensEntry, LensState

KEYS = ("lens.key", "lens.focal_length_mm", "lens.circle_of_confusion", "lens.flat_field")
_RULES = {
    "lens.circle_of_confusion": OneOf(lambda: ("pixel", "diagonal")),
    "lens.flat_field": OneOf(lambda: (True, False)),
}
Value = bool | int | float | str | None


class LensChoice:
    """Which lens it is.

    Args:
        camera: which holds the lens in use.
        drawer: the lenses there are.
        bare: what "none" means: no lens known, or the simulated one, which says itself what it is.
        configured: the key that mcam.toml names.
        memory: what was remembered.
        keep: takes the memory's bytes, at once.
        ring_is_seen: whether the aperture ring tells where it stands, as a simulated one does.
        settings: "lens.circle_of_confusion" and "lens.flat_field", as mcam.toml has them.
        flats: the flat fields that were measured.
    """

    def __init__(
        self,
        *,
        camera: Camera,
        drawer: Drawer,
        bare: Lens,
        configured: str,
        memory: LensMemory,
        keep: Callable[[bytes], None],
        ring_is_seen: bool,
        settings: Mapping[str, Value],
        flats: FlatFields,
    ) -> None:
        self._drawer = drawer
        self._camera = camera
        self._bare = bare
        self._configured = configured
        self._memory = memory
        self._keep = keep
        self._ring_is_seen = ring_is_seen
        self._as_configured = dict(settings)
        kept = {key: memory.setting(key, value) for key, value in settings.items()}
        self._settings = {**settings, **{key: value for key, value in kept.items() if _RULES[key].accepts(value)}}
        self._flats = flats
        self._lock = threading.RLock()  # what the camera is told comes back here as news

    def set(self, key: str, value: Value) -> None:
        """A Set call: one of KEYS.

        Raises:
            BadValue: there is no such lens, focal length or rule.
        """
        if key == "lens.key":
            self.use(self.named(str(value)))
        elif key == "lens.focal_length_mm":
            self.use(self._camera.lens.at(_number(value)))
        elif key not in _RULES:
            raise BadValue(no_setting(key, KEYS))
        elif not _RULES[key].accepts(value):
            raise BadValue(f"{key} = {shown(value)} must be {_RULES[key].allowed}.")
        else:
            self._change(key, value)

    def named(self, key: str) -> Lens:
        """The lens of that key, at the focal length it stood at.

        Raises:
            BadValue: there is none.
        """
        if key in (NO_LENS.key, self._bare.key):
            return self._bare
        return self._memory.at_its_length(self._drawer.lens(key))

    @property
    def remembered(self) -> str:
        """The key to begin with."""
        return self._memory.first(self._configured)

    def begin(self, lens: Lens) -> None:
        """This lens at the start, with the aperture that was last set on it, or else what the settings say.

        One that the lens does not have is unknown: mcam.toml may mean another lens.
        """
        now = self._camera.dials.exposure.f_number
        kept = None if self._ring_is_seen else self._memory.f_numbers.get(lens.key)
        f_number = kept or now
        is_possible = self._ring_is_seen or (f_number is not None and lens.has_aperture(f_number))
        self._camera.mount(lens, f_number if is_possible else None)
        self._flatten()

    def use(self, lens: Lens) -> None:
        """This lens from now on, with the aperture that was last set on it."""
        with self._lock:
            if lens.key != self._camera.lens.key and not self._ring_is_seen:
                self._camera.mount(lens, self._memory.f_numbers.get(lens.key))
            else:
                self._camera.mount(lens, self._camera.dials.exposure.f_number)
            self._remember(self._memory.with_lens(lens, self._configured))

    def use_coded(self, code: int) -> str | None:
        """The lens of that 6-bit code; where there is none, the lens stays, and a sentence tells."""
        lens = self._drawer.coded(code)
        if code == 0:
            return "The lens has no code: choose it from the drawer."
        if lens is None:
            return f"No lens in the drawer has the code {code}: choose yours, or put it in by `mcam lens add`."
        if lens.key != self._camera.lens.key:
            self.use(self._memory.at_its_length(lens))
        return None

    def mind_aperture(self) -> None:
        """The dials may have been turned: what is said to be set on the lens is remembered for it."""
        with self._lock:
            key, f_number = self._camera.lens.key, self._camera.dials.exposure.f_number
            if self._memory.f_numbers.get(key) != f_number:
                self._remember(self._memory.with_f_number(key, f_number))
        self._flatten()

    def keep_flat_field(self, f_number: float, gains: Gains, dust: Dust = NO_DUST) -> None:
        """What was measured of the lens in use, from now on.

        Raises:
            BadValue: it is none, or cannot be kept.
        """
        self._flats.keep(self._camera.lens, f_number, gains, dust)
        self._flatten()
        self._camera.refresh()

    def keys(self) -> list[str]:
        """Those of all lenses, to choose from: that of none first, then those with a remembered aperture."""
        used = [key for key in self._memory.f_numbers if key in self._drawer.lenses]
        return [self._bare.key, *used, *(key for key in self._drawer.lenses if key not in used)]

    def entries(self) -> list[LensEntry]:
        """The drawer as clients see it."""
        return [
            LensEntry(
                key=lens.key,
                maker=lens.maker,
                name=lens.name,
                focal_lengths_mm=lens.focal_lengths_mm or (lens.focal_length_mm,),
                max_aperture=lens.max_aperture or None,
                code=lens.code,
            )
            for lens in self._drawer.lenses.values()
        ]

    def state(self, focus_m: float | None) -> LensState:
        """What clients see.

        Args:
            focus_m: the distance in focus, inf for infinity; None where nobody can know.
        """
        lens = self._camera.lens
        confusion_um = depth_of_field.circle_of_confusion_um(self._camera.facts, self._confusion)
        seen = LensState(
            key=lens.key,
            maker=lens.maker,
            name=lens.name,
            focal_length_mm=lens.focal_length_mm or None,
            focal_lengths_mm=lens.focal_lengths_mm,
            max_aperture=lens.max_aperture or None,
            min_aperture=lens.min_aperture or None,
            flat_field=self._flattens,
            flattened=self._flattens and self._gains() is not NO_GAINS,
            circle_of_confusion=self._confusion,
            circle_of_confusion_um=round(confusion_um, 2),
        )
        return _with_depth(seen, self._camera.dials.exposure.f_number, confusion_um, focus_m)

    def _change(self, key: str, value: Value) -> None:
        with self._lock:
            self._settings = {**self._settings, key: value}
            self._remember(self._memory.with_setting(key, self._as_configured[key], value))
            self._flatten()
        self._camera.refresh()

    @property
    def _confusion(self) -> Rule:
        return "pixel" if self._settings["lens.circle_of_confusion"] == "pixel" else "diagonal"

    @property
    def _flattens(self) -> bool:
        return bool(self._settings["lens.flat_field"])

    def _flatten(self) -> None:
        """Correct photographs by the map for lens and aperture."""
        if self._flattens:
            f_number = self._camera.dials.exposure.f_number
            self._camera.correct(self._gains(), self._flats.dust(self._camera.lens, f_number))
        else:
            self._camera.correct(NO_GAINS)

    def _gains(self) -> Gains:
        return self._flats.gains(self._camera.lens, self._camera.dials.exposure.f_number)

    def _remember(self, memory: LensMemory) -> None:
        if memory != self._memory:
            self._memory = memory
            self._keep(lens_memory.encoded(memory))


def _with_depth(seen: LensState, f_number: float | None, confusion_um: float, focus_m: float | None) -> LensState:
    """With what can be said of sharpness: nothing without focal length, aperture and the size of a photosite."""
    if not (seen.focal_length_mm and f_number and confusion_um):
        return seen
    optics = (seen.focal_length_mm, f_number, confusion_um)
    hyperfocal_m = round(depth_of_field.hyperfocal_m(*optics), 3)
    if focus_m is None:
        return replace(seen, hyperfocal_m=hyperfocal_m)
    near_m, far_m = depth_of_field.limits_m(focus_m, *optics)
    far = round(far_m, 3) if math.isfinite(far_m) else None
    return replace(seen, hyperfocal_m=hyperfocal_m, near_m=round(near_m, 3), far_m=far)


def _number(value: Value) -> float:
    if type(value) not in (int, float):
        raise BadValue(f"lens.focal_length_mm = {shown(value)} must be a number.")
    return float(value)  # type: ignore[arg-type]

"""`mcam hotpixels`: dark frames taken by the running camera and searched for photosites that are not dark in them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from device import wizard_shots
from device.album import DCIM
from device.calling import Connection
from device.errors import BadValue
from device.hot_pixel_search import DarkFrames, Found
from device.protocol import HotPixelsCall, Photo, SetCall
from device.states import State

PATIENCE = 12  # photographs that may pass until the sensor obeys, or in which it changes
_HIGHEST_ISO = 2226  # what `exposure.iso` may be; a sensor that has less gives what it has
_NEAR = 0.05  # of the time asked for


def measure(connection: Connection, state: State, frames: int, seconds: float) -> tuple[Found, list[Photo]]:
    """Take dark frames, search them, and give the daemon the map.

    Returns:
        What was found, and all photographs that were taken for it.

    Raises:
        BadValue: they are not dark, or the sensor exposes otherwise than asked, and how; or they cannot be read.
        CallFailed: the daemon refused.
    """
    with _long_and_sensitive(connection, state, seconds):
        dark, photos = _dark_frames(connection, Path(state.card.folder) / DCIM, frames, seconds)
    found = dark.found()
    connection.call("HotPixels", HotPixelsCall(rows=found.hot.rows, columns=found.hot.columns, steps=found.hot.steps))
    return found, photos


def forget(connection: Connection) -> None:
    """No map from now on."""
    connection.call("HotPixels", HotPixelsCall(rows=0, columns=0, steps=[]))


@contextmanager
def _long_and_sensitive(connection: Connection, state: State, seconds: float) -> Iterator[None]:
    """The dials so set, and afterwards as they were. With bulb as drive mode they would have no say in the exposure."""
    now = state.exposure
    asked: dict[str, bool | int | str] = {
        "drive.mode": "single",
        "exposure.mode": "M",
        "exposure.auto_iso": False,
        "exposure.iso": _HIGHEST_ISO,
        "exposure.shutter_us": round(seconds * 1e6),
    }
    before = {
        "exposure.shutter_us": now.set_shutter_us,
        "exposure.iso": now.set_iso,
        "exposure.auto_iso": now.auto_iso,
        "exposure.mode": now.mode,
        "drive.mode": state.drive.mode,
    }
    try:
        _set(connection, asked)
        yield
    finally:
        _set(connection, before)


def _set(connection: Connection, values: Mapping[str, bool | int | str]) -> None:
    for key, value in values.items():
        connection.call("Set", SetCall(key=key, value=value))


def _dark_frames(connection: Connection, folder: Path, frames: int, seconds: float) -> tuple[DarkFrames, list[Photo]]:
    """So many that were exposed as asked and alike; the sensor obeys some frames late.

    Raises:
        BadValue: it does not obey, or they are not dark.
    """
    dark, photos = DarkFrames(), list[Photo]()
    while dark.count < frames:
        if len(photos) == frames + PATIENCE:
            given_s = photos[-1].exposure_us / 1e6
            raise BadValue(f"The sensor exposes {given_s:g} s where {seconds:g} s are asked for: give --seconds.")
        photos += wizard_shots.shot(connection, 1)
        if abs(photos[-1].exposure_us / 1e6 / seconds - 1) <= _NEAR:
            frame = wizard_shots.read(folder / photos[-1].files[0]).frame
            dark = dark if dark.takes(frame) else DarkFrames()
            dark.add(frame)
    return dark, photos

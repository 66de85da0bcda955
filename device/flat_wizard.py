"""`mcam lens flatfield` and `mcam lens bake`: a white sheet photographed and measured, and RAW copies made flat."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from device import dust, files, flat_bake, flat_fit, wizard_shots
from device.album import DCIM
from device.calling import Connection
from device.dust_search import FoundDust, WhiteFrames
from device.errors import BadPicture, BadValue
from device.flat_fit import Cells, FlatField
from device.folder import Folder
from device.protocol import FlatFieldCall, Photo
from device.states import State

BAKED = "_FLAT.DNG"
_GAIN_DIGITS = 5


def preparation(state: State, frames: int) -> str:
    """What to do before the sheet is photographed.

    Raises:
        BadValue: the camera does not know which lens at which aperture it is.
    """
    lens, f_number = state.lens, state.exposure.f_number
    if not lens.focal_length_mm:
        raise BadValue("Which lens is it? Choose it first: mcam lens use KEY.")
    if not f_number:
        raise BadValue("Which aperture is set on the lens? Say it first: turn the aperture dial.")
    which = f"{lens.name} at {lens.focal_length_mm:g} mm and f/{f_number:g}"
    return (
        f"{which}: fill the picture with a white sheet, evenly lit, out of focus. It is photographed {frames} times; "
        "move the camera a little meanwhile: what does not move with the sheet is dust on the sensor."
    )


def measure(connection: Connection, state: State, frames: int) -> tuple[FlatField, FoundDust, Sequence[Photo]]:
    """Photograph the sheet, measure it, and give the daemon the map and the dust.

    Raises:
        BadValue: the sheet will not do, and why; or the photographs cannot be read.
        CallFailed: the daemon refused.
    """
    photos = _shot(connection, frames)
    folder = Path(state.card.folder) / DCIM
    white, cells = WhiteFrames(), list[Cells]()
    for photo in photos:
        frame = wizard_shots.read(folder / photo.files[0]).frame
        cells.append(flat_fit.cells_of(frame))
        white.add(frame)
    found = flat_fit.fitted(cells)
    specks = white.found(found.gains)
    _, rows, columns = found.gains.shape
    gains = [round(float(gain), _GAIN_DIGITS) for gain in found.gains.ravel()]
    f_number = state.exposure.f_number or 0.0  # `preparation` refused without
    text = dust.to_text(specks.dust)
    connection.call("FlatField", FlatFieldCall(f_number=f_number, rows=rows, columns=columns, gains=gains, dust=text))
    return found, specks, photos


def bake(paths: Sequence[Path], say: Callable[[str], None]) -> None:
    """A copy of each DNG beside it with the flat field in its RAW; nothing is overwritten.

    Raises:
        BadValue: one cannot be read, has no flat field, or its copy is there already; those before it are made.
    """
    for path in paths:
        copy = path.with_name(path.stem + BAKED)
        try:
            made = files.negative_of(flat_bake.baked(wizard_shots.read(path)))
            with Folder.opened(os, path.parent) as folder:
                folder.write(copy.name, made)
        except BadPicture as fault:
            raise BadValue(f"{path} cannot be made flat: {fault}.") from fault
        except FileExistsError:
            raise BadValue(f"{copy} is there already: remove it first.") from None
        except OSError as fault:
            raise BadValue(f"{copy} cannot be written ({fault.strerror}).") from fault
        say(str(copy))


def _shot(connection: Connection, frames: int) -> list[Photo]:
    """In bursts of as many as the darkroom has room for."""
    photos: list[Photo] = []
    while len(photos) < frames:
        photos += wizard_shots.shot(connection, frames - len(photos))
    return photos

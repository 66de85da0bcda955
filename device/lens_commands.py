"""What `mcam lens` does: the drawer listed, a lens put into it, a lens chosen."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from device import drawer, lens_memory, state_file
from device.config import Config
from device.errors import BadValue
from device.lens import NO_LENS, Lens
from device.states import State


class Listing(NamedTuple):
    """The drawer for programs and for people, and what is wrong with files of it."""

    table: list[dict[str, Any]]
    text: str
    faults: Sequence[str]


def listing(config: Config, state: State | None) -> Listing:
    """All lenses.

    Args:
        config: the settings.
        state: of the running daemon, which knows the lens in use; None if none answers, and the settings name it.
    """
    opened = drawer.opened(drawer.own_folder(config.lens.folder))
    used = state.lens.key if state else config.lens.key
    lenses = sorted(opened.lenses.values(), key=lambda lens: (lens.maker, lens.focal_length_mm, lens.key))
    table = [{**asdict(lens), "in_use": lens.key == used} for lens in (NO_LENS, *lenses)]
    return Listing(table, "\n".join(_line(lens, used) for lens in (NO_LENS, *lenses)), opened.faults)


def add(config: Config, options: argparse.Namespace) -> Path:
    """Put a lens of those options into the user's folder.

    Returns:
        The new file.

    Raises:
        BadValue: something is wrong with the lens, no folder is named, or the file cannot be written.
    """
    focal = options.focal if len(options.focal) > 1 else options.focal[0]
    table = {
        "name": options.name,
        "maker": options.maker,
        "focal_length_mm": focal,
        "max_aperture": options.aperture,
        "min_aperture": options.smallest,
        "code": options.code,
    }
    given = {name: value for name, value in table.items() if value not in (None, "")}
    own = drawer.own_folder(config.lens.folder)
    if own is None:
        raise BadValue("There is no folder for lenses of your own: name one with lens.folder.")
    return drawer.add(own, options.key, given)


def keep(config: Config, environment: Mapping[str, str], key: str, focal_length_mm: float | None) -> tuple[Lens, Path]:
    """Remember a lens for the next start, where no daemon runs that could be told.

    Returns:
        The lens, and the file that remembers it.

    Raises:
        BadValue: there is no such lens or focal length, or the file cannot be written.
    """
    lens = drawer.opened(drawer.own_folder(config.lens.folder)).lens(key)
    if focal_length_mm is not None:
        lens = lens.at(focal_length_mm)
    path = state_file.folder_of_the_next_run(environment) / lens_memory.FILE
    memory = lens_memory.decoded(state_file.content(path)).with_lens(lens, config.lens.key)
    try:
        state_file.replace(path, lens_memory.encoded(memory))
    except OSError as error:
        raise BadValue(f"{path} cannot be written ({error.strerror}): start the camera first, or use sudo.") from error
    return lens, path


def _line(lens: Lens, used: str) -> str:
    mark = "*" if lens.key == used else " "
    code = f"{lens.code:2} {lens.code:06b}" if lens.code else " " * 9
    return f"{mark} {lens.key:20} {code}  {lens.full_name or 'no lens known'}"

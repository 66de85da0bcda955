"""The lens drawer: the lenses that come with mcam, those of the user's own folder, and a new one put into it.

A lens of one's own comes before one of ours with the same key, and before one with the same 6-bit code. A faulty lens
is told and left out; the others are there all the same.
"""

import difflib
import errno
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device import lens_table, toml_file
from device.album import part_name
from device.errors import BadConfig, BadValue
from device.folder import Folder
from device.lens import NO_LENS, Lens
from device.rules import shown
from device.system import System
from device.written_path import at_home

OURS = Path(__file__).with_name("lenses")


@dataclass(frozen=True, slots=True)
class Drawer:
    """All lenses there are.

    Attributes:
        lenses: by key, the user's own before ours.
        faults: what is wrong with files of the user, a text of one or more lines for each.
    """

    lenses: Mapping[str, Lens]
    faults: tuple[str, ...] = ()

    def lens(self, key: str) -> Lens:
        """The lens of that key.

        Raises:
            BadValue: there is none.
        """
        if key == NO_LENS.key:
            return NO_LENS
        if key not in self.lenses:
            near = difflib.get_close_matches(key, self.lenses, 1)
            hint = f"did you mean {near[0]}?" if near else "see `mcam lens list`."
            raise BadValue(f"No lens {shown(key)} in the drawer: {hint}")
        return self.lenses[key]

    def coded(self, code: int) -> Lens | None:
        """The lens of that 6-bit code."""
        return next((lens for lens in self.lenses.values() if lens.code == code), None)


def own_folder(setting: str) -> Path | None:
    """The user's folder that `lens.folder` names; None for "", which as a path would be the working directory."""
    return at_home(setting) if setting else None


def opened(own: Path | None = None) -> Drawer:
    """The drawer.

    Args:
        own: the user's folder of TOML files, which need not be there; None: none is named.
    """
    ours, ours_faulty = _read(OURS)
    yours, yours_faulty = _read(own) if own else ({}, [])
    rest = {key: lens for key, lens in ours.items() if key not in yours}
    return Drawer({**yours, **rest}, (*ours_faulty, *yours_faulty))


def add(own: Path, key: str, table: Mapping[str, Any], system: System = os) -> Path:
    """Put a lens into the user's folder, whole or not at all.

    Args:
        own: the folder; made if need be.
        key: of the lens.
        table: what a lens file says of it.
        system: module `os`, or what a test puts in its place.

    Returns:
        The new file.

    Raises:
        BadValue: something is wrong with the lens, there is such a file already, or it cannot be written.
    """
    if wrong := lens_table.faults_in(key, dict(table)):
        raise BadValue(" ".join(wrong))
    path = own / f"{key}.toml"
    try:
        own.mkdir(parents=True, exist_ok=True)
        with Folder.opened(system, own) as folder:
            with suppress(FileNotFoundError):
                folder.remove(part_name(path.name))  # a power cut's
            folder.write(path.name, [lens_table.as_toml(key, table).encode()])
    except OSError as fault:
        if isinstance(fault, FileExistsError) and path.exists():
            raise BadValue(f"{path} is there already: change that file, or choose another key.") from None
        hint = "make room" if fault.errno == errno.ENOSPC else "with sudo, or name another --config"
        raise BadValue(f"{path} cannot be written ({fault.strerror}): {hint}.") from None
    return path


def _read(folder: Path) -> tuple[dict[str, Lens], list[str]]:
    lenses: dict[str, Lens] = {}
    faulty: list[str] = []
    for path in _files(folder):
        try:
            found, faults = lens_table.lenses_of(toml_file.read(path))
            twice = [key for key in found if key in lenses]
            faults += [f"{key} is in another file of the folder already: rename one." for key in twice]
            lenses = {**found, **lenses}
        except BadConfig as error:
            faulty.append(str(error))
            continue
        if faults:
            faulty.append(str(BadConfig(faults, str(path))))
    return lenses, faulty


def _files(folder: Path) -> list[Path]:
    """In order; none where there is no folder, or none that we may look into."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError:
        return []

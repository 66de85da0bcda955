"""What the doctor looks at: files below a root folder, what is wanted of them, and what no file tells."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from device import boot_config

SERVICE_USER = "mcam"


@dataclass(frozen=True, slots=True)
class User:
    """Whose permissions count."""

    name: str
    home: str
    uid: int
    groups: frozenset[int]

    def may_use(self, path: Path) -> bool:
        """Whether that user may read and write it. From its mode, since it need not be the user who asks."""
        try:
            status = path.stat()
        except OSError:
            return False
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid in self.groups else 0
        return self.uid == 0 or (status.st_mode >> shift) & 0o6 == 0o6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the settings ask of the machine."""

    sensor: str  # "auto", "picamera2", ...
    buffers: int
    panel: str  # the device file, "" without a panel
    card: str
    pins: Mapping[str, int]  # contact -> GPIO number; empty where buttons are switched off


@dataclass(frozen=True, slots=True)
class System:
    """What no file tells."""

    architecture: str  # of the kernel, "aarch64"
    pointer_bits: int  # of this Python: 32 on a 32-bit system with a 64-bit kernel
    kernel: str
    python: str
    numpy: str
    libraries: Mapping[str, str]  # of Python, those that are installed -> their versions
    wall_s: float  # since 1970
    may_enter: Callable[[Path], bool]  # who asks, and not the service's user
    has_module: Callable[[str], bool]
    free_bytes: Callable[[Path], int]
    write_mb_s: Callable[[Path], float]  # writes a few MB and removes them


@dataclass(frozen=True, slots=True)
class Rig:
    """One machine."""

    root: Path
    wanted: Wanted
    system: System

    def path(self, name: str) -> Path:
        """Of "dev/fb0", for instance."""
        return self.root / name.lstrip("/")

    def has(self, pattern: str) -> bool:
        """Whether there is such a file or link."""
        return bool(self.found(pattern))

    def found(self, pattern: str) -> list[str]:
        """Names of all files of that pattern, sorted."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.glob(pattern))

    def is_folder(self, path: Path) -> bool:
        """False, and no error, where we may not look."""
        return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises PermissionError

    def sizes(self, folder: Path, pattern: str) -> dict[str, int]:
        """Name -> bytes of all files of that pattern in the folder; nothing of those that may not be looked at."""
        found = {}
        for path in folder.glob(pattern):
            try:
                found[str(path.relative_to(folder))] = path.stat().st_size
            except OSError:  # it was just renamed, or is another's
                continue
        return found

    def may_use(self, name: str) -> bool:
        """Whether the user may read and write it."""
        return self.user.may_use(self.path(name))

    def text(self, name: str) -> str:
        """What stands in the file; "" where there is none or it may not be read."""
        try:
            return self.path(name).read_bytes().decode(errors="replace").replace("\0", "").strip()
        except OSError:
            return ""

    def number(self, name: str) -> int | None:
        """The whole number in the file, decimal or 0x...; None where there is none."""
        text = self.text(name)
        return int(text, 16 if text.startswith("0x") else 10) if re.fullmatch(r"0x[0-9a-fA-F]+|\d+", text) else None

    @property
    def model(self) -> str:
        """Such as "Raspberry Pi 4 Model B Rev 1.4"; empty on what has no device tree."""
        return self.text("proc/device-tree/model")

    @property
    def is_pi(self) -> bool:
        """Whether it is a Raspberry Pi."""
        return self.model.startswith("Raspberry Pi")

    @property
    def generation(self) -> int:
        """4 of a Pi 4 and a Compute Module 4; 0 of a Zero, and of anything else."""
        number = re.match(r"Raspberry Pi (?:Compute Module )?(\d)", self.model)
        return int(number[1]) if number else 0

    @property
    def wants_camera(self) -> bool:
        """Whether a real sensor is expected."""
        return self.wanted.sensor == "picamera2" or (self.wanted.sensor == "auto" and self.is_pi)

    @property
    def boot(self) -> list[tuple[str, str]]:
        """The lines of config.txt that hold for this model."""
        text = self.text("boot/firmware/config.txt") or self.text("boot/config.txt")
        return boot_config.settings(text, self.generation)

    @property
    def user(self) -> User:
        """The service's user where there is one, else who asks."""
        for line in self.text("etc/passwd").splitlines():
            name, _, uid, group, _, home, *_ = [*line.split(":"), *[""] * 6]
            if name == SERVICE_USER:
                return User(name, home, int(uid), frozenset({int(group), *self._groups_of(name)}))
        return User("you", str(Path.home()), os.getuid(), frozenset({os.getgid(), *os.getgroups()}))

    @property
    def card(self) -> Path:
        """The folder of the photographs."""
        folder = self.wanted.card
        return self.path(self.user.home + folder[1:] if folder.startswith("~/") else folder)

    def _groups_of(self, user: str) -> list[int]:
        entries = [line.split(":") for line in self.text("etc/group").splitlines()]
        return [int(entry[2]) for entry in entries if len(entry) == 4 and user in entry[3].split(",")]

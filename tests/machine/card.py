"""Cards for the machine: made here as images, mounted there, and their photographs judged here."""

import io
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import rawpy
from PIL import Image

from device import dng, jpeg
from tests.machine.camera import CARD
from tests.machine.machine import Machine

LABEL = "MCAM"
MAKE = {
    "ext4": ["mke2fs", "-q", "-F", "-t", "ext4", "-L", LABEL],
    "vfat": ["mkfs.vfat", "-F", "32", "-n", LABEL],
    "exfat": ["mkfs.exfat", "-L", LABEL],
}
# FAT and exFAT know no owners: the mount says whose the files are. ext4 does.
OPTIONS = {
    "ext4": "noatime",
    "vfat": "noatime,uid=mcam,gid=mcam,umask=0007",
    "exfat": "noatime,uid=mcam,gid=mcam,umask=0007",
}


@dataclass(frozen=True, slots=True)
class Card:
    """An image with that file system."""

    image: Path
    kind: str

    def mount(self, machine: Machine) -> None:
        """Mount it where the camera expects its card; it must be plugged in."""
        machine.shell(f"mount -t {self.kind} -o {OPTIONS[self.kind]} /dev/sda {CARD} && chown mcam:mcam {CARD}")

    def fstab(self) -> str:
        """The line of /etc/fstab by which it is there before the daemon, if it is there at all."""
        options = f"{OPTIONS[self.kind]},nofail,x-systemd.before=mcam-capture.service,x-systemd.device-timeout=20"
        return f"LABEL={LABEL} {CARD} {self.kind} {options} 0 2"


def make_card(image: Path, kind: str, size_mb: int = 256) -> Card:
    """A fresh one."""
    with image.open("wb") as file:
        os.truncate(file.fileno(), size_mb << 20)
    subprocess.run([*MAKE[kind], str(image)], check=True, capture_output=True)
    return Card(image, kind)


def broken(files: dict[str, bytes]) -> list[str]:
    """Those that are not whole, by our own judgement or by LibRaw's and Pillow's."""
    return [name for name, content in files.items() if not _is_whole(name, content)]


def _is_whole(name: str, content: bytes) -> bool:
    if name.endswith(".DNG"):
        return dng.is_whole(content) and _libraw_reads(content)
    return jpeg.is_whole(content) and _pillow_reads(content)


def _libraw_reads(content: bytes) -> bool:
    try:
        with rawpy.imread(io.BytesIO(content)) as raw:
            return bool(raw.raw_image.any())
    except rawpy.LibRawError:
        return False


def _pillow_reads(content: bytes) -> bool:
    try:
        Image.open(io.BytesIO(content)).load()
    except OSError:
        return False
    return True

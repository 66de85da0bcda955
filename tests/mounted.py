"""A small file system of its own to fill, to write-protect and to pull out."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(place: Path, size_kib: int) -> Iterator[Path]:
    """A memory card of that size at `place`; skips the test where nothing may be mounted."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a card")
    place.mkdir(exist_ok=True)
    if not mount("-t", "tmpfs", "-o", f"size={size_kib}k", "card", str(place)):
        pytest.skip("this machine lets nobody mount anything")
    try:
        yield place
    finally:
        unmount(place)


def mount(*arguments: str) -> bool:
    return _run("mount", *arguments)


def unmount(place: Path) -> None:
    """Also while files on it are open, as when a card is pulled out."""
    while place.is_mount() and _run("umount", "--lazy", str(place)):
        pass


def _run(command: str, *arguments: str) -> bool:
    program = shutil.which(command, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    return (
        program is not None and subprocess.run([program, *arguments], capture_output=True, check=False).returncode == 0
    )


@contextmanager
def mounted_image(place: Path, image: Path) -> Iterator[Path]:
    """A file as a disk with ext4 at `place`, which writes nothing by itself for five minutes; skips where it cannot."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a disk")
    place.mkdir(exist_ok=True)
    if not mount("-t", "ext4", "-o", "loop,commit=300", str(image), str(place)):
        pytest.skip("this machine has no loop devices, no ext4, or lets nobody mount anything")
    try:
        yield place
    finally:
        unmount(place)


@contextmanager
def mounted_vfat(place: Path, image: Path, size_mib: int) -> Iterator[Path]:
    """A disk with FAT, as most memory cards have it, at `place`; skips where there is none."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a disk")
    with image.open("wb") as file:
        file.truncate(size_mib << 20)
    place.mkdir(exist_ok=True)
    if not _run("mkfs.vfat", str(image)) or not mount("-t", "vfat", "-o", "loop", str(image), str(place)):
        pytest.skip("this machine has no mkfs.vfat, no loop devices, or a kernel without vfat")
    try:
        yield place
    finally:
        unmount(place)


def ext4_image(path: Path, size_mib: int) -> Path:
    """A file that holds an empty ext4; skips where none can be made."""
    with path.open("wb") as file:
        file.truncate(size_mib << 20)
    if not _run("mkfs.ext4", "-q", "-F", str(path)):
        pytest.skip("mkfs.ext4 is not installed")
    return path

"""What the machine is made of, made once and kept in a folder outside the checkout: about 3 GB."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

from tests.machine.machine import MODEL, Board
from tests.machine.stage import write_scene

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PYTHON = "313"  # of Debian trixie
PACKAGES = {
    "mmdebstrap": "mmdebstrap",
    "qemu-system-aarch64": "qemu-system-arm",
    "qemu-img": "qemu-utils",
    "qemu-aarch64-static": "qemu-user-static",
    "update-binfmts": "binfmt-support",
    "fdtput": "device-tree-compiler",
    "mke2fs": "e2fsprogs",
    "mkfs.vfat": "dosfstools",
    "mkfs.exfat": "exfatprogs",
    "mcopy": "mtools",
    "zstd": "zstd",
    "ssh": "openssh-client",
}
PROJECT = ("device", "ui", "systemd", "Makefile", "README.md", "LICENSE", "pyproject.toml")


def missing() -> str:
    """One sentence on what this host lacks; empty when it lacks nothing."""
    packages = sorted({package for program, package in PACKAGES.items() if not shutil.which(program)})
    if os.geteuid():
        return "Only root may make a disk with Debian on it: sudo make test-machine."
    return f"The emulated machine needs more programs: sudo apt install {' '.join(packages)}." if packages else ""


def cache() -> Path:
    """$MCAM_MACHINE_CACHE, else ~/.cache/mcam-machine."""
    folder = Path(os.environ.get("MCAM_MACHINE_CACHE", "~/.cache/mcam-machine")).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def root_image() -> Path:
    """Debian's packages as a disk."""
    sources = [HERE / "make_root.sh", HERE / "package_lgpio.sh", *_files(HERE / "root")]
    image = cache() / f"root-{_digest(sources)}.qcow2"
    if not image.exists():
        _run("sh", HERE / "make_root.sh", image)
    return image


def board() -> Board:
    """A kernel and a device tree."""
    tree = cache() / f"board-{_digest([HERE / 'make_board.sh'])}.dtb"
    if not tree.exists():
        _run("sh", HERE / "make_board.sh", tree, *MODEL)
    return Board(kernel() / "Image", tree)


def kernel() -> Path:
    """A folder with Image and modules.tar.

    Taken from $MCAM_MACHINE_KERNEL, from shared/bench beside the checkout, or built from Debian's source package, which
    takes half an hour on two cores.
    """
    folder = cache() / "kernel"
    if not (folder / "modules.tar").exists():
        folder.mkdir(exist_ok=True)
        given = Path(os.environ.get("MCAM_MACHINE_KERNEL", ROOT.parent / "shared" / "bench"))
        if given.is_dir():
            _unpacked(next(given.glob("Image*")), folder / "Image")
            _unpacked(next(given.glob("modules*")), folder / "modules.tar")
        else:
            _run("sh", HERE / "make_kernel.sh", folder)
    return folder


def wheels() -> Path:
    """What the project needs from PyPI, for the machine's Python; the machine itself has no network."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    replay = project["project"]["optional-dependencies"]["replay"]  # the machine's sensor plays a file
    wanted = [*project["project"]["dependencies"], *replay, *project["build-system"]["requires"], "wheel"]
    folder = cache() / f"wheels-{hashlib.sha256(repr(wanted).encode()).hexdigest()[:12]}"
    if not folder.exists():
        for outdated in cache().glob("wheels-*"):
            shutil.rmtree(outdated)
        making = Path(tempfile.mkdtemp(dir=cache()))
        platforms = [f"--platform=manylinux_2_{glibc}_aarch64" for glibc in (17, 27, 28, 34)]
        options = [*platforms, "--platform=manylinux2014_aarch64", f"--python-version={PYTHON}", "--quiet"]
        _run("python3", "-m", "pip", "download", "--only-binary=:all:", *options, "--dest", making, *wanted)
        making.rename(folder)
    return folder


def baggage() -> Path:
    """A disk with the project, its wheels and the kernel's modules, to be plugged in for the installation."""
    image = cache() / "baggage.img"
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        packed = Path(folder)
        for name in PROJECT:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, packed / "mcam" / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, packed / "mcam")
        shutil.copytree(HERE / "provision", packed / "provision")
        write_scene(packed / "scene.dng")
        os.link(kernel() / "modules.tar", packed / "modules.tar")
        shutil.copytree(wheels(), packed / "wheels", copy_function=os.link)
        image.unlink(missing_ok=True)
        _run("mke2fs", "-q", "-F", "-t", "ext4", "-d", packed, image, "1G")
    return image


def installed_name() -> str:
    """Changes with everything that an installed machine consists of."""
    sources = [file for name in PROJECT for file in _files(ROOT / name)]
    sources += [*_files(HERE / "provision"), HERE / "machine.py"]
    return f"installed-{_digest([*sources, wheels(), root_image()])}"


def overlay(base: Path, image: Path) -> Path:
    """A disk that begins as the base is and leaves that alone."""
    _run("qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "qcow2", image)
    return image


def revert(image: Path, snapshot: str) -> None:
    """Make the disk what it was when that was saved; the machine must be off."""
    _run("qemu-img", "snapshot", "-q", "-a", snapshot, image)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        if path.is_file() and ROOT in path.parents:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _unpacked(packed: Path, target: Path) -> None:
    if packed.suffix == ".zst":
        _run("zstd", "-q", "-d", "-f", packed, "-o", target)
    else:
        shutil.copy(packed, target)


def _run(*command: str | Path) -> None:
    subprocess.run(list(map(str, command)), check=True)

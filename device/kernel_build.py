"""Compile all kernels ahead of time into one shared library: `python -m device.kernel_build`, or `make kernels`.

numba makes LLVM's language of each kernel, unoptimised; LLVM, which comes with numba, optimises that for one processor
and writes object code; the linker of binutils makes a library of it. The optimisation is done here rather than by
numba, so that it can also be for a processor that is not this one: tests count the instructions of a Pi's.
"""

import os
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from device.errors import CannotBuild
from device.kernel import Kernel
from device.kernel_code import object_code
from device.kernel_library import digest, is_current, library_path, load, signed

PACKAGES = ("device", "ui")
ROOT = Path(__file__).parents[1]


def kernels() -> list[Kernel[Any, Any]]:
    """All that Python calls, of every module that has any."""
    return [
        value
        for module in _modules()
        for value in vars(import_module(module)).values()
        if isinstance(value, Kernel) and value.signature is not None and value.__module__ == module
    ]


def build(path: Path) -> int:
    """Compile every kernel for this machine.

    Args:
        path: of the library; it is whole or not there at all, at any moment.

    Returns:
        How many kernels are in it.

    Raises:
        CannotBuild: the linker is missing, or the folder cannot be written.
    """
    every = kernels()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=path.parent) as folder:
            objects = [_written(Path(folder) / f"{n}.o", object_code(each)) for n, each in enumerate(every)]
            linked = Path(folder) / path.name
            _link(objects, linked)
            _keep(linked, path)
    except OSError as error:
        raise CannotBuild(
            f"The kernels cannot be written to {path.parent} ({error.strerror or error}): make room there, or let this "
            "user write to it."
        ) from error
    made = load(path)
    missing = [each.name for each in every if made.function(each.symbol) is None]
    if missing:
        raise CannotBuild(f"{made.state}; it lacks {', '.join(missing)}.")
    return len(every)


def _modules() -> list[str]:
    """Of all modules, those that have kernels: others may need packages that are not there."""
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).glob("*.py"))
    return [f"{path.parent.name}.{path.stem}" for path in paths if "\n@kernel(" in path.read_text()]


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _link(objects: list[Path], path: Path) -> None:
    try:
        made = subprocess.run(
            ["ld", "-shared", "--gc-sections", "-o", path, *objects],  # noqa: S607 - the system's linker
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise CannotBuild("There is no linker: sudo apt install binutils.") from error
    if made.returncode:
        raise CannotBuild(f"The kernels cannot be linked: {made.stderr.strip()}")


def _keep(linked: Path, path: Path) -> None:
    """Under its name only when it is on the card, so that no power cut leaves half a library."""
    with linked.open("r+b") as file:
        content = signed(file.read() + made_by().encode())
        file.seek(0)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    linked.rename(path)


def made_by() -> str:
    """The compiler: numba, its LLVM and our way of using them. Not in a kernel's symbol: who runs it need not know."""
    versions = [f"{name} {version(name)}" for name in ("numba", "llvmlite")]
    ours = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in ("kernel_code", "narrow", "prefetch")]
    return f"made by {', '.join(versions)}, {digest(b''.join(ours), 12).hex()}"


def _is_made(path: Path) -> bool:
    """Whether this machine has the library that this source makes, and can load it."""
    symbols = [each.symbol for each in kernels()]
    if not is_current(path, [*symbols, made_by()]):
        return False  # and not loaded: the loader would take it for the one that is made in its place
    return all(map(load(path).function, symbols))


def main() -> int:
    """Build, and say what was done."""
    os.environ.update(NUMBA_OPT="0", NUMBA_LOOP_VECTORIZE="0", NUMBA_SLP_VECTORIZE="0")  # before numba is imported
    path = library_path()
    if _is_made(path):
        sys.stdout.write(f"The kernels are compiled already: {path}\n")
        return 0
    try:
        count = build(path)
    except CannotBuild as error:
        sys.exit(f"mcam: {error}")
    sys.stdout.write(f"{count} kernels compiled for this machine: {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

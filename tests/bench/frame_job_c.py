"""The frame job's kernel in C, compiled for this machine, called with the kernel's own arguments."""

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_suffix(".c").with_name("frame_job.c")
COMPILERS = ("clang", "gcc")  # the first that is found


def compiler() -> str | None:
    """Which there is."""
    return next((name for name in COMPILERS if shutil.which(name)), None)


def compiled(name: str, folder: Path) -> ctypes.CDLL:
    """The C source as that compiler makes it with -O3 -march=native."""
    library = folder / "frame_job.so"
    subprocess.run([name, "-O3", "-march=native", "-shared", "-fPIC", "-o", library, SOURCE], check=True)
    return ctypes.CDLL(str(library))


def job(library: ctypes.CDLL, paint: tuple[Any, ...]) -> Callable[[], None]:
    """It with the arguments of `pixels.paint`."""
    y, u, v, _, _, _, _, sought, limits, spans, cell_rows, firsts, marks, _, colour, *rest = paint
    clipped, rows, columns, stripes, phase, out, *_ = rest
    at = {id(each): each.ctypes.data_as(ctypes.c_void_p) for each in paint if hasattr(each, "ctypes")}
    arguments = (at[id(y)], at[id(u)], at[id(v)], *y.shape, at[id(sought)], at[id(limits)], limits.shape[1],
                 at[id(spans)], at[id(cell_rows)], at[id(firsts)], ctypes.c_uint32(int(colour)), at[id(clipped)],
                 clipped.shape[1], at[id(rows)], at[id(columns)], at[id(stripes)], *stripes.shape[1:], phase,
                 at[id(marks)], at[id(out)])  # fmt: skip
    return lambda: library.paint(*arguments)

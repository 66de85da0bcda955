"""The frame job's two kernels in C, compiled for this machine, called with the kernels' own arguments."""

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

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


def job(library: ctypes.CDLL, mark_all: tuple[Any, ...], paint: tuple[Any, ...]) -> Callable[[], None]:
    """Both, one after the other, with the arguments of the kernels of those names."""
    y, limits, spans, reach, cell_rows, cell_columns, found = mark_all
    _, u, v, *_, marks, _, colour, clipped, rows, columns, stripes, phase, out, _, _, _ = paint
    pointers = {
        id(each): each.ctypes.data_as(ctypes.c_void_p) for each in (*mark_all, *paint) if hasattr(each, "ctypes")
    }
    at = {id(each): pointers[id(each)] for each in (*mark_all, *paint) if id(each) in pointers}
    found_at = at[id(found)]
    finding = (at[id(y)], *y.shape, at[id(limits)], limits.shape[1], at[id(spans)], at[id(reach)], at[id(cell_rows)],
               at[id(cell_columns)], found_at)  # fmt: skip
    painting = (at[id(y)], at[id(u)], at[id(v)], *y.shape, at[id(marks)], ctypes.c_uint32(int(colour)), at[id(clipped)],
                clipped.shape[1], at[id(rows)], at[id(columns)], at[id(stripes)], stripes.shape[1], phase,
                at[id(out)])  # fmt: skip

    def run() -> None:
        found[:] = np.uint8(0)
        library.mark_all(*finding)
        library.paint(*painting)

    return run

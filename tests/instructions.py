"""Instructions that a kernel takes on a Pi's processor: cross-compiled, run by QEMU's user mode, counted one by one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

COMPILER, EMULATOR = "aarch64-linux-gnu-gcc", "qemu-aarch64-static"
TRIPLE = "aarch64-unknown-linux-gnu"

_COMPILE = """
import sys
from pathlib import Path
from device.kernel_build import kernels
from device.kernel_code import Target, object_code
kernel = next(each for each in kernels() if each.name == sys.argv[1])
Path(sys.argv[4]).write_bytes(object_code(kernel, Target(sys.argv[2], sys.argv[3])))
print(kernel.symbol)
"""
# A kernel is called as often as the first argument says, so that the difference between two runs is its alone.
_PROGRAM = """
#include <stdint.h>
#include <stdlib.h>
%(arrays)s
extern int32_t kernel(int64_t *) __asm__("%(symbol)s");
int main(int count, char **arguments) {
%(fill)s
  int64_t slots[] = {%(slots)s};
  for (int k = 0; k < atoi(arguments[1]); k++)
    if (kernel(slots)) return 1;
  return 0;
}
"""


def missing_tool() -> str | None:
    """Of the two programs, one that is not here."""
    return next((tool for tool in (COMPILER, EMULATOR) if shutil.which(tool) is None), None)


def count(name: str, cpu: str, arrays: dict[str, str], fill: str, call: list[str], folder: Path) -> int:
    """Instructions of one call.

    Args:
        name: of the kernel.
        cpu: LLVM's name of the processor.
        arrays: C declarations by name.
        fill: C statements that give them values.
        call: what is in each slot but the last, see `kernel_signature.Argument.slots`; whole numbers and arrays only.
        folder: to build in.
    """
    environment = {**os.environ, "NUMBA_OPT": "0", "NUMBA_LOOP_VECTORIZE": "0", "NUMBA_SLP_VECTORIZE": "0"}
    made = _run([sys.executable, "-c", _COMPILE, name, TRIPLE, cpu, str(folder / "kernel.o")], environment)
    program = _PROGRAM % {
        "arrays": "\n".join(arrays.values()),
        "symbol": made.strip(),
        "fill": fill,
        "slots": ", ".join(f"(int64_t)({value})" for value in [*call, "0"]),
    }
    (folder / "main.c").write_text(program)
    _run(
        [
            COMPILER,
            "-O1",
            "-static",
            "-o",
            str(folder / "main"),
            str(folder / "main.c"),
            str(folder / "kernel.o"),
            "-lm",
        ]
    )
    once, twice = (_executed(folder, calls) for calls in (1, 2))
    return twice - once


def _executed(folder: Path, calls: int) -> int:
    """QEMU logs each block that it executes; told to translate single instructions, that is each instruction."""
    log = folder / f"{calls}.log"
    _run([EMULATOR, "-singlestep", "-d", "nochain,exec", "-D", str(log), str(folder / "main"), str(calls)])
    with log.open("rb") as lines:
        return sum(1 for line in lines if line.startswith(b"Trace "))


def _run(command: list[str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout

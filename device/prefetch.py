"""A hint for the processor in a kernel: these numbers will be read soon, so fetch them into the cache now.

Where a kernel reads a line of a large array and then computes for a while, processors do not guess the next line; they
fetch it when it is asked for, and wait. numba has no word for the hint, LLVM has. It changes no result.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from numpy.typing import NDArray

from device.kernel import inner
from device.kernel_parts import parts_of_code

CACHE_LINE = 64  # bytes, of every processor that this runs on


class Prefetch:
    """Of one element of an array; only kernels can use it."""

    def __call__(self, array: object, index: object) -> None:
        """For the type checker: it is never run."""
        raise TypeError(f"Element {index!r} of {array!r} can be fetched in kernels only.")

    @property
    def _numba_type_(self) -> object:
        return _numba_type()

    def parts(self) -> Iterator[str]:
        """What a kernel's digest has of it: see `kernel_parts`."""
        yield from parts_of_code(_numba_type.__wrapped__.__code__)


@cache
def _numba_type() -> object:
    from llvmlite import ir  # noqa: PLC0415 - only where a kernel is compiled
    from numba.core.registry import cpu_target  # noqa: PLC0415
    from numba.core.types import intp, void  # noqa: PLC0415
    from numba.extending import intrinsic  # noqa: PLC0415

    def fetch(_typing: object, array: Any, _index: object) -> object:  # noqa: ANN401 - numba's
        def code(context: Any, builder: Any, signature: Any, args: Any) -> object:  # noqa: ANN401 - llvmlite's
            address = builder.gep(context.make_array(signature.args[0])(context, builder, args[0]).data, [args[1]])
            word, none = ir.IntType(32), ir.VoidType()
            kind = ir.FunctionType(none, [address.type, word, word, word])
            function = builder.module.declare_intrinsic("llvm.prefetch.p0", (), kind)
            builder.call(function, [address, word(0), word(3), word(1)])  # to read, into the nearest cache, data
            return context.get_dummy_value()

        return void(array, intp), code

    made = intrinsic(fetch)
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
    kind: object = cpu_target.typing_context.resolve_value_type(made)
    return kind


fetch = Prefetch()


@inner
def fetch_all(row: NDArray[Any]) -> None:
    """Each cache line of a row."""
    step = CACHE_LINE // row.itemsize
    for k in range(0, row.size, step):
        fetch(row, k)

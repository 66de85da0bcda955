"""Arithmetic on bytes for kernels, as processors have it: a sum that stops at 255, a difference that stops at 0.

numba widens whatever is smaller to 64 bits, which costs seven eighths of a vector register. By these it does not: each
becomes one operation of LLVM's. numba is imported when it compiles a kernel that uses one, and not before.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from device.kernel_parts import parts_of_code


class Operation(msgspec.Struct, frozen=True):
    """An operation on two bytes that gives a byte: a name in LLVM's language. Only kernels can use it."""

    name: str

    def __call__(self, one: object, other: object) -> Any:  # noqa: ANN401 - a byte to numba, anything to what is around
        """For the type checker: it is never run."""
        raise TypeError(f"{self.name} of {one!r} and {other!r} can be had in kernels only.")

    @property
    def _numba_type_(self) -> object:
        return _numba_type(self.name)

    def parts(self) -> Iterator[str]:
        """What a kernel's digest has of it: see `kernel_parts`."""
        yield from (self.name, *parts_of_code(_numba_type.__wrapped__.__code__))


@cache
def _numba_type(name: str) -> object:
    from llvmlite import ir  # noqa: PLC0415 - see above
    from numba.core.registry import cpu_target  # noqa: PLC0415
    from numba.core.types import uint8  # noqa: PLC0415
    from numba.extending import intrinsic  # noqa: PLC0415

    def operation(_typing: object, _one: object, _other: object) -> object:
        def code(_context: object, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401 - llvmlite's
            byte = ir.IntType(8)
            function = builder.module.declare_intrinsic(name, (byte,), ir.FunctionType(byte, (byte, byte)))
            return builder.call(function, args)

        return uint8(uint8, uint8), code

    made = intrinsic(operation)
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
    kind: object = cpu_target.typing_context.resolve_value_type(made)
    return kind


add = Operation("llvm.uadd.sat")
subtract = Operation("llvm.usub.sat")

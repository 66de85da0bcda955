"""Arithmetic on narrow numbers for kernels, as processors have it: sums and differences that stop at the last number.

numba widens whatever is smaller to 64 bits, which costs seven eighths of a vector register. By these it does not: each
becomes one operation of LLVM's. numba is imported when it compiles a kernel that uses one, and not before.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from device.kernel_parts import parts_of_code


class Operation(msgspec.Struct, frozen=True):
    """An operation on two numbers that gives one of their kind. Only kernels can use it.

    Attributes:
        name: in LLVM's language.
        kind: numba's name of the numbers' type.
        bits: of them.
    """

    name: str
    kind: str
    bits: int

    def __call__(self, one: object, other: object) -> Any:  # noqa: ANN401 - a byte to numba, anything to what is around
        """For the type checker: it is never run."""
        raise TypeError(f"{self.name} of {one!r} and {other!r} can be had in kernels only.")

    @property
    def _numba_type_(self) -> object:
        return _numba_type(self.name, self.kind, self.bits)

    def parts(self) -> Iterator[str]:
        """What a kernel's digest has of it: see `kernel_parts`."""
        yield from (self.name, self.kind, str(self.bits), *parts_of_code(_numba_type.__wrapped__.__code__))


@cache
def _numba_type(name: str, kind: str, bits: int) -> object:
    from llvmlite import ir  # noqa: PLC0415 - see above
    from numba.core import types  # noqa: PLC0415
    from numba.core.registry import cpu_target  # noqa: PLC0415
    from numba.extending import intrinsic  # noqa: PLC0415

    def operation(_typing: object, _one: object, _other: object) -> object:
        def code(_context: object, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401 - llvmlite's
            number = ir.IntType(bits)
            function = builder.module.declare_intrinsic(name, (number,), ir.FunctionType(number, (number, number)))
            return builder.call(function, args)

        numbers = getattr(types, kind)
        return numbers(numbers, numbers), code

    made = intrinsic(operation)
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
    resolved: object = cpu_target.typing_context.resolve_value_type(made)
    return resolved


add = Operation("llvm.uadd.sat", "uint8", 8)  # 255 at most
subtract = Operation("llvm.usub.sat", "uint8", 8)  # 0 at least
add_signed = Operation("llvm.sadd.sat", "int16", 16)  # -32768 to 32767

"""What a kernel takes, and how that is handed to machine code: of each array its address and its shape."""

import re
import struct
from collections.abc import Callable
from ctypes import (
    addressof,
    c_char,
    c_char_p,
    c_double,
    c_float,
    c_int8,
    c_int16,
    c_int32,
    c_int64,
    c_uint8,
    c_uint16,
    c_uint32,
    c_uint64,
)
from functools import lru_cache
from types import CodeType
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from device.kernel_parts import parts_of_code

_NUMBERS: dict[str, Any] = {
    **dict(zip(("u1", "u2", "u4", "u8"), (c_uint8, c_uint16, c_uint32, c_uint64), strict=True)),
    **dict(zip(("i1", "i2", "i4", "i8"), (c_int8, c_int16, c_int32, c_int64), strict=True)),
    **dict(zip(("f4", "f8"), (c_float, c_double), strict=True)),
}
# How `struct` fills a number's slot: a whole number's own bytes only, so that it refuses what they do not hold.
_SLOTS = {"u1": "B7x", "u2": "H6x", "u4": "I4x", "u8": "Q", "i1": "b7x", "i2": "h6x", "i4": "i4x", "i8": "q"}
_TEXT = re.compile(r"(\w+)\((.*)\)")
_ARGUMENT = re.compile(r"([uifb][1248])(?:\[((?::, )*)(:|::1)\])?")


class Argument(msgspec.Struct, frozen=True):
    """One argument of a kernel; a number if it has no dimensions."""

    kind: str
    dimensions: int
    contiguous: bool

    @property
    def slots(self) -> str:
        """What machine code is handed, eight bytes each, in the letters of `struct`.

        A number, or an address, the shape, and the strides unless it is contiguous.
        """
        if self.dimensions == 0:
            return _SLOTS.get(self.kind, "d")
        return "q" + "q" * self.dimensions * (1 if self.contiguous else 2)

    @property
    def demands(self) -> tuple[int, np.dtype[Any], bool]:
        """Dimensions, dtype and whether it must be contiguous."""
        return self.dimensions, self.dtype, self.contiguous

    def holds(self, value: Any) -> bool:  # noqa: ANN401 - whatever a caller gives
        """Whether that number is one of this kind, or an array that fits."""
        if self.dimensions:
            return _fits(value, *self.demands)
        return self.dtype.kind == "f" or np.iinfo(self.dtype).min <= int(value) <= np.iinfo(self.dtype).max

    def __str__(self) -> str:
        if self.dimensions == 0:
            return f"a number of {self.kind}"
        contiguous = "a contiguous" if self.contiguous else "an"
        return f"{contiguous} array of {self.kind} with {self.dimensions} dimensions"

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the number or of the array's elements."""
        return np.dtype("?" if self.kind == "b1" else self.kind)


class Signature(msgspec.Struct, frozen=True):
    """What a kernel returns and takes."""

    text: str
    returns: str  # "void" or a kind of number
    arguments: tuple[Argument, ...]

    def called(self, name: str, function: Any) -> Callable[..., Any]:  # noqa: ANN401 - ctypes' own, of any kind
        """Python's way into machine code that `kernel_build` made.

        It takes one block of numbers: for ctypes to convert dozens takes longer than for `struct` to pack them.
        """
        function.argtypes, function.restype = [c_char_p], c_int32
        result_kind = _NUMBERS.get(self.returns, c_int64)
        packed = self._packer(name)

        def call(*args: object) -> object:
            result = result_kind()
            if function(packed(args, addressof(result))):
                raise MemoryError(f"There is no memory left for the kernel {name}.")
            return None if self.returns == "void" else result.value

        return call

    def checked(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same for what numba made, with the same complaints; numba itself tells read-only arrays from others."""
        packed = self._packer(name)

        def call(*args: object) -> object:
            packed(args, 0)
            return function(*(_writeable(each) if isinstance(each, np.ndarray) else each for each in args))

        return call

    @classmethod
    def handed_over(cls) -> tuple[str, ...]:
        """How arguments are handed over, as texts for a digest: what was made for another way must not be called."""
        functions = (vars(Argument)["slots"].fget, cls.called, cls._packer, cls._flattener)
        return _texts(*(each.__code__ for each in functions))

    def _packer(self, name: str) -> Callable[[tuple[Any, ...], int], bytes]:
        """A function that makes a block of slots of arguments and of where the result is wanted."""
        slots = struct.Struct("".join(["=", *(argument.slots for argument in self.arguments), "q"]))
        flat = self._flattener(name)

        def packed(args: tuple[Any, ...], result: int) -> bytes:
            try:
                return slots.pack(*flat(args), result)
            except struct.error:
                raise TypeError(self._complaint(name, args)) from None

        return packed

    def _flattener(self, name: str) -> Callable[[tuple[Any, ...]], list[Any]]:
        """A function that makes slots of arguments: see `Argument.slots`.

        It is called hundreds of times a second, with dozens of arrays. One that can be taken for a buffer has no gaps,
        and its address in a fifth of the time that numpy's own way takes.
        """
        wanted = [(*each.demands, int if each.dtype.kind in "iu" else float) for each in self.arguments]

        def flat(args: tuple[Any, ...]) -> list[Any]:
            if len(args) != len(wanted):
                raise TypeError(f"{name} takes {len(wanted)} arguments, not {len(args)}.")
            values: list[Any] = []
            for value, (dimensions, dtype, contiguous, number) in zip(args, wanted, strict=True):
                if dimensions == 0:
                    values.append(number(value))
                    continue
                if not isinstance(value, np.ndarray) or value.ndim != dimensions or value.dtype != dtype:
                    raise TypeError(self._complaint(name, args))
                try:
                    values.append(addressof(c_char.from_buffer(value)))  # type: ignore[arg-type] # Python 3.12's types allow it
                except (TypeError, ValueError):  # read-only, empty, or with gaps
                    if contiguous and not value.flags.c_contiguous:
                        raise TypeError(self._complaint(name, args)) from None
                    values.append(int(value.__array_interface__["data"][0]))
                values += value.shape
                if not contiguous:
                    values += value.strides
            return values

        return flat

    def _complaint(self, name: str, args: tuple[Any, ...]) -> str:
        """Which argument does not fit."""
        both = enumerate(zip(args, self.arguments, strict=True), 1)
        number, value, wanted = next((n, value, each) for n, (value, each) in both if not each.holds(value))
        return f"Argument {number} of {name} must be {wanted}, not {_told(value)}."


def _fits(value: object, dimensions: int, dtype: np.dtype[Any], contiguous: bool) -> bool:  # noqa: FBT001 - an Argument's
    if not isinstance(value, np.ndarray):
        return False
    return value.dtype == dtype and value.ndim == dimensions and (not contiguous or value.flags.c_contiguous)


def _told(value: object) -> str:
    if not isinstance(value, np.ndarray):
        return repr(value)
    shape = " x ".join(map(str, value.shape))
    gaps = "" if value.flags.c_contiguous else ", not contiguous"
    return f"{shape} of {value.dtype.str[1:]}{gaps}"


class _Alias:
    """The same memory, but as numba wants arrays that a kernel might write to; machine code does not ask."""

    def __init__(self, array: NDArray[Any]) -> None:
        interface = array.__array_interface__
        self.array, self.__array_interface__ = array, {**interface, "data": (interface["data"][0], False)}


def _writeable(array: NDArray[Any]) -> NDArray[Any]:
    return array if array.flags.writeable else np.asarray(_Alias(array))


def parse(text: str) -> Signature:
    """Understand "i8(u2[:, ::1], f8)".

    Raises:
        ValueError: it is none, or of a type that cannot be handed over.
    """
    parts = _TEXT.fullmatch(text)
    if parts is None or parts[1] not in {"void", *_NUMBERS}:
        raise ValueError(f'"{text}" is no signature: write it as in "void(u1[:, ::1], i8)".')
    return Signature(text, parts[1], tuple(_argument(each) for each in re.split(r", (?!:)", parts[2]) if each))


@lru_cache(maxsize=1)
def _texts(*codes: CodeType) -> tuple[str, ...]:
    return repr(_SLOTS), *(text for code in codes for text in parts_of_code(code))


def _argument(text: str) -> Argument:
    parts = _ARGUMENT.fullmatch(text)
    if parts is None or (parts[1] == "b1" and parts[3] is None):
        raise ValueError(f'"{text}" is no argument of a kernel: write a number as "f4", an array as "u1[:, ::1]".')
    return Argument(parts[1], 0 if parts[3] is None else len(parts[2] or "") // 3 + 1, parts[3] == "::1")

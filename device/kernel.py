"""Kernels: loops over pixels, written in the part of Python that numba compiles, run from a library where one is.

    @kernel("void(u1[:, ::1], i8, u1[:, ::1])")
    def darken(picture: Plane, keep: int, out: Plane) -> None: ...

`make kernels` compiles all of them once for the machine at hand (`kernel_build.py`). A process that finds its kernels
in that library never imports numba, which would cost seconds and 100 MB on a small Pi. Where the library is missing,
damaged, or older than a kernel, numba compiles that kernel at its first call and keeps the result in its cache; the log
says so once. Either way the same LLVM makes the same results, bit for bit, and the interpreter's lock is released.
"""

import pickle
import types
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Generic, ParamSpec, TypeVar

from device.kernel_library import digest, library
from device.kernel_parts import named, parts_of_code, parts_of_value
from device.kernel_signature import Signature, parse

P = ParamSpec("P")
R = TypeVar("R")

_compiling: list[str] = []  # names, for whoever watches the threads that called them


def compiling() -> bool:
    """Whether numba is at work on any kernel of this process, which can take a small Pi a minute."""
    return bool(_compiling)


class Kernel(Generic[P, R]):
    """A function that is called as machine code; arguments by position only."""

    def __init__(self, function: Callable[P, R], signature: Signature | None) -> None:
        self.function, self.signature = function, signature
        self.__name__, self.__doc__, self.__module__ = function.__name__, function.__doc__, function.__module__
        self._run: Callable[..., Any] = self._first

    def __call__(self, *args: P.args, **_: P.kwargs) -> R:
        """Run it."""
        result: R = self._run(*args)
        return result

    @property
    def name(self) -> str:
        """Module and name."""
        return f"{self.__module__}.{self.__name__}"

    @cached_property
    def symbol(self) -> str:
        """What a library calls it: its name and a digest of `parts` and of how arguments are handed over.

        What compiled it is not in it.
        """
        return f"{self.name}.{digest(chr(0).join((*Signature.handed_over(), *self.parts())).encode(), 12).hex()}"

    def parts(self) -> Iterator[str]:
        """Signature and code, and those of the kernels it calls and the constants it names, wherever they are."""
        yield from (repr(self.signature), self.name, *parts_of_code(self.function.__code__))
        for value in named(self.function):
            if value is not self:
                yield from parts_of_value(value)

    def by_numba(self, **options: Any) -> Callable[..., Any]:  # noqa: ANN401 - numba's own, of any kind
        """The dispatcher that numba makes of it."""
        text = None if self.signature is None else self.signature.text
        made: Callable[..., Any] = self._dispatcher(text, **options)
        return made

    def _dispatcher(self, signature: str | None, **options: Any) -> Any:  # noqa: ANN401 - as above
        from numba import njit  # noqa: PLC0415 - slow and large, so only where there is no library

        return njit(signature, nogil=True, error_model="numpy", **options)(self._named_anew())

    def _named_anew(self) -> Callable[P, R]:
        """The function under the name `symbol`: numba's cache knows a function by its name and by its own file only.

        So what another file has, a part of it or a constant, could change and the cache would not notice.
        """
        given = self.function
        function = types.FunctionType(given.__code__, given.__globals__, given.__name__, given.__defaults__)
        function.__qualname__, function.__doc__ = self.symbol, given.__doc__
        return function

    def _cached_by_numba(self) -> Callable[..., Any]:
        """By numba's cache, begun anew where a power cut left empty or broken files in it, of which numba raises.

        Where there is no folder for a cache that this user may write to, or no room in it, each process compiles.
        """
        try:
            return self.by_numba(cache=True)
        except (OSError, RuntimeError):
            return self.by_numba()
        except (EOFError, pickle.UnpicklingError):
            self._dispatcher(None, cache=True)._cache.flush()  # noqa: SLF001 - numba's own way
            return self.by_numba(cache=True)

    def _compiled_now(self) -> Callable[..., Any]:
        """With a word in `compiling` meanwhile."""
        _compiling.append(self.name)
        try:
            return self._cached_by_numba()
        finally:
            _compiling.remove(self.name)

    @property
    def _numba_type_(self) -> object:
        """By this numba compiles a call from one kernel to another: for whatever types the arguments have there."""
        return self._within_others._numba_type_

    @cached_property
    def _within_others(self) -> Any:  # noqa: ANN401 - numba's, untyped
        return Kernel(self.function, None).by_numba()

    def _first(self, *args: object) -> object:
        """The first call decides how all others go."""
        if self.signature is None:
            raise TypeError(f"{self.name} has no signature, so only kernels can call it: give it one.")
        compiled = library().function(self.symbol)
        if compiled is None:
            library().log_once()
            self._run = self.signature.checked(self.name, self._compiled_now())
        else:
            self._run = self.signature.called(self.name, compiled)
        return self._run(*args)


def kernel(signature: str) -> Callable[[Callable[P, R]], Kernel[P, R]]:
    """Make a kernel of a function.

    It must not raise: a division by zero gives what the processor gives, an index out of bounds is not noticed.

    Args:
        signature: in numba's notation, as in "i8(u2[:, ::1], f4[:], f8)": the type returned ("void", or a number), and
            of each argument its kind (u, i, f, b) and bytes; `::1` marks arrays that must be contiguous, other ones
            may have gaps, and are slower.
    """
    return lambda function: Kernel(function, parse(signature))


def inner(function: Callable[P, R]) -> Kernel[P, R]:
    """Make a part of kernels: compiled into those that call it, for the types it is called with there."""
    return Kernel(function, None)

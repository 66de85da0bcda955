"""What makes a kernel this and no other: its code, and whatever that names, as texts for a digest. Pure."""

import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

_OURS = ("device.", "ui.")  # modules of which kernels take parts and constants


def parts_of_code(code: types.CodeType) -> Iterator[str]:
    """Of a function and of those inside it."""
    yield from (code.co_code.hex(), repr(code.co_names), repr(code.co_varnames))
    for constant in code.co_consts:
        yield from parts_of_code(constant) if isinstance(constant, types.CodeType) else (repr(constant),)


def named(function: Callable[..., Any]) -> Iterator[object]:
    """The global values that a function's code names; of a module of ours those that it asks that for."""
    names = function.__code__.co_names
    for name in names:
        value = function.__globals__.get(name)
        if isinstance(value, types.ModuleType) and value.__name__.startswith(_OURS):
            yield from (vars(value)[each] for each in names if each in vars(value))
        else:
            yield value


def parts_of_value(value: object) -> Iterator[str]:
    """Of a constant, or of what tells its own: a kernel, an operation of `narrow`. Nothing else has any."""
    if hasattr(value, "parts"):
        yield from value.parts()
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype.str}{value.shape}{value.tobytes().hex()}"
    elif isinstance(value, bool | int | float | str | tuple | np.generic):
        yield repr(value)

"""Words for kernels that take many numbers of a row at once, and say so: vectors of LLVM's, as processors have them.

LLVM vectorises loops over single numbers by itself, and mostly well. What it does not find is said by these: sums of
neighbours, and of their squares, for which processors have one operation, and rows that are loaded once for all that is
to be known of them. Lanes may be more than a processor takes at once: LLVM makes several operations of each. `+`, `-`,
`*` and, of float32, `/` go lane by lane, with a single number on either side, too. numba is imported when it compiles a
kernel that uses a word, and not before (`lanes_type`).
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from device import lanes_type
from device.kernel_parts import parts_of_code
from device.lanes_type import is_whole, kind_of, taken

Definition = Callable[..., Any]  # numba's type and a function that makes LLVM's code, by the types of the arguments
Code = tuple[Any, Callable[..., Any]]


class Word:
    """A function that only kernels can call."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    def __call__(self, *args: object) -> Any:  # noqa: ANN401 - lanes to numba, anything to what is around
        """For the type checker: it is never run."""
        raise TypeError(f"{self.definition.__name__} of {args!r} can be had in kernels only.")

    def parts(self) -> Iterator[str]:
        """What a kernel's digest has of it: see `kernel_parts`."""
        yield from parts_of_code(self.definition.__code__)
        yield from (repr(cell.cell_contents) for cell in self.definition.__closure__ or ())
        yield from lanes_type.parts()

    @cached_property
    def _numba_type_(self) -> Any:  # noqa: ANN401 - numba's
        return lanes_type.numba_type(self.definition)


def _load(count: int) -> Word:
    def load(_typing: object, row: Any, _at: object) -> Code:  # noqa: ANN401 - numba's, here and below
        kind = kind_of(row.dtype, count)

        def code(context: Any, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401 - llvmlite's
            value = builder.load(lanes_type.address(context, builder, row, args, kind))
            value.align = row.dtype.bitwidth // 8
            return value

        return kind(row, lanes_type.index()), code

    return Word(load)


def _store(_typing: object, lanes: Any, row: Any, _at: object) -> Code:  # noqa: ANN401
    """Whole numbers become the row's kind: of the same size, or float32."""
    kind = kind_of(row.dtype, lanes.count)

    def code(context: Any, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        value = args[0] if is_whole(kind) else lanes_type.as_float(context, builder, lanes, args[0])
        stored = builder.store(value, lanes_type.address(context, builder, row, args[1:], kind))
        stored.align = row.dtype.bitwidth // 8
        return context.get_dummy_value()

    return lanes_type.nothing()(lanes, row, lanes_type.index()), code


def _every_other(first: int) -> Word:
    def every_other(_typing: object, lanes: Any) -> Code:  # noqa: ANN401
        def code(_context: object, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
            return taken(builder, args[0], range(first, lanes.count, 2))

        return kind_of(lanes.dtype, lanes.count // 2)(lanes), code

    return Word(every_other)


def _one_half(which: int) -> Word:
    def one_half(_typing: object, lanes: Any) -> Code:  # noqa: ANN401
        half = lanes.count // 2

        def code(_context: object, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
            return taken(builder, args[0], range(which * half, which * half + half))

        return kind_of(lanes.dtype, half)(lanes), code

    return Word(one_half)


def _chosen(sign: str) -> Word:
    def chosen(_typing: object, one: Any, other: Any) -> Code:  # noqa: ANN401
        def code(_context: object, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
            return builder.select(lanes_type.compared(builder, sign, one, args), *args)

        return one(one, other), code

    return Word(chosen)


def _kept_below(_typing: object, lanes: Any, values: Any, _limit: Any) -> Code:  # noqa: ANN401
    """Lanes where values are below a limit, 0 elsewhere."""

    def code(_context: object, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        none = args[0].type(None)
        return builder.select(lanes_type.compared(builder, "<", values, args[1:]), args[0], none)

    return lanes(lanes, values, values), code


def _filled(_typing: object, _value: object, lanes: Any) -> Code:  # noqa: ANN401
    """As many as there are lanes, all of one value."""

    def code(context: Any, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        return lanes_type.filled(context, builder, lanes, args[0])

    return lanes(lanes.dtype, lanes), code


def _joined(_typing: object, one: Any, other: Any) -> Code:  # noqa: ANN401
    def code(_context: object, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        return taken(builder, args[0], range(2 * one.count), args[1])

    return kind_of(one.dtype, 2 * one.count)(one, other), code


def _interleaved(_typing: object, one: Any, other: Any) -> Code:  # noqa: ANN401
    """The first of one, the first of the other, and so on."""

    def code(_context: object, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        return taken(builder, args[0], [k + n for k in range(one.count) for n in (0, one.count)], args[1])

    return kind_of(one.dtype, 2 * one.count)(one, other), code


def _shifted(by: int) -> Word:
    def shifted(_typing: object, lanes: Any, following: Any) -> Code:  # noqa: ANN401
        """Those from `by` on, and as many of the following."""

        def code(_context: object, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
            return taken(builder, args[0], range(by, by + lanes.count), args[1])

        return lanes(lanes, following), code

    return Word(shifted)


def _as_float(_typing: object, lanes: Any) -> Code:  # noqa: ANN401
    def code(context: Any, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        return lanes_type.as_float(context, builder, lanes, args[0])

    return kind_of(lanes_type.named("float32"), lanes.count)(lanes), code


def _of_pairs(way: str) -> Word:
    """Of two neighbours each. Of int16, which must not be below 0, they are halves of one int32: so none moves."""

    def of_pairs(_typing: object, lanes: Any) -> Code:  # noqa: ANN401
        kind = kind_of(lanes_type.named("int32") if is_whole(lanes) else lanes.dtype, lanes.count // 2)

        def code(context: Any, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
            both = lanes_type.pairs(context, builder, lanes, kind, args[0])
            if way == "added":
                return lanes_type.added(builder, kind, both)
            return builder.select(lanes_type.compared(builder, ">", kind, both), *both)

        return kind(lanes), code

    return Word(of_pairs)


def _squared_pairs(_typing: object, lanes: Any) -> Code:  # noqa: ANN401
    """Of two neighbours each: an operation of its own where it is not pulled apart, hence `frozen`."""
    kind = kind_of(lanes_type.named("uint32") if is_whole(lanes) else lanes.dtype, lanes.count // 2)

    def code(context: Any, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        both = [taken(builder, args[0], range(k, lanes.count, 2)) for k in (0, 1)]
        wide = [lanes_type.widened(context, builder, kind, each) for each in both]
        squares = [lanes_type.multiplied(builder, kind, (each, each)) for each in wide]
        return lanes_type.frozen(builder, lanes_type.added(builder, kind, squares))

    return kind(lanes), code


load16, load32, load64 = _load(16), _load(32), _load(64)  # of row[at:]
store = Word(_store)  # into row[at:]
evens, odds = _every_other(0), _every_other(1)
first_half, second_half = _one_half(0), _one_half(1)
joined = Word(_joined)
interleaved = Word(_interleaved)
filled = Word(_filled)
kept_below = Word(_kept_below)
shifted1, shifted15 = _shifted(1), _shifted(15)
lowest, highest = _chosen("<"), _chosen(">")
as_float = Word(_as_float)
add_pairs, highest_of_pairs = _of_pairs("added"), _of_pairs("highest")
add_squared_pairs = Word(_squared_pairs)

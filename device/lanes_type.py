"""What numba and LLVM have to be told of lanes (`lanes.py`): a type, and code for it. They are imported when asked."""

import inspect
import operator
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from device.kernel_parts import parts_of_code

Value = Any  # llvmlite's, or numba's types, which have no types for us
BITS = 16  # of the numbers of which two are one of twice as many


def parts() -> Iterator[str]:
    """Code of this module, for the digest of kernels that use it: all of it, so that none is forgotten."""
    yield repr(BITS)
    for each in globals().values():
        if getattr(each, "__module__", None) == __name__:
            yield from parts_of_code(inspect.unwrap(each).__code__)


@cache
def numba_type(definition: Callable[..., Value]) -> Value:
    """Of a word."""
    from numba.core.registry import cpu_target  # noqa: PLC0415 - see above, here and below
    from numba.extending import intrinsic  # noqa: PLC0415

    _lanes()
    made = intrinsic(definition)
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
    return cpu_target.typing_context.resolve_value_type(made)


def kind_of(dtype: Value, count: int) -> Value:
    """So many numbers of a kind."""
    return _lanes()(dtype, count)


@cache
def _lanes() -> Value:
    """The class of types, made known to numba."""
    from llvmlite import ir  # noqa: PLC0415
    from numba import extending  # noqa: PLC0415
    from numba.core import types  # noqa: PLC0415

    numba: Any = extending  # it ships no types

    class Lanes(types.Type):
        def __init__(self, dtype: Value, count: int) -> None:
            self.dtype, self.count = dtype, count
            super().__init__(f"{count} lanes of {dtype}")

    def model(manager: Value, kind: Value) -> Value:
        return numba.models.PrimitiveModel(
            manager, kind, ir.VectorType(manager[kind.dtype].get_value_type(), kind.count)
        )

    numba.register_model(Lanes)(model)
    _give_operators(Lanes)
    return Lanes


def _give_operators(lanes: Value) -> None:
    from numba import extending  # noqa: PLC0415
    from numba.core import types  # noqa: PLC0415
    from numba.core.typing import templates  # noqa: PLC0415

    typing: Any = templates  # it ships no types
    numba: Any = extending

    def generic(_: object, args: Value, _names: object) -> Value:
        kind = next((each for each in args if isinstance(each, lanes)), None)
        fit = kind is not None and len(args) == 2 and all(each in (kind, kind.dtype) for each in args)
        return typing.signature(kind, *args) if fit else None

    def give(key: Value, make: Callable[..., Value]) -> None:
        def code(context: Value, builder: Value, signature: Value, args: Value) -> Value:
            kind = signature.return_type
            both = zip(args, signature.args, strict=True)
            return make(builder, kind, [v if t == kind else filled(context, builder, kind, v) for v, t in both])

        typing.infer_global(key)(type("Both", (typing.AbstractTemplate,), {"key": key, "generic": generic}))
        for kinds in ((lanes, lanes), (lanes, types.Number), (types.Number, lanes)):
            numba.lower_builtin(key, *kinds)(code)

    give(operator.add, added)
    give(operator.sub, subtracted)
    give(operator.mul, multiplied)
    give(operator.truediv, divided)
    give(operator.and_, lambda builder, _kind, both: builder.and_(*both))
    give(operator.or_, lambda builder, _kind, both: builder.or_(*both))


def named(name: str) -> Value:
    """A number's type, numba's."""
    from numba.core import types  # noqa: PLC0415

    return getattr(types, name)


def index() -> Value:
    """Its type, numba's."""
    return named("intp")


def nothing() -> Value:
    """Its type, numba's."""
    return named("void")


def is_whole(lanes: Value) -> bool:
    """Whether they have no fractions."""
    return not lanes.dtype.name.startswith("float")


def count_of(number: int) -> Value:
    """A constant of LLVM's."""
    from llvmlite import ir  # noqa: PLC0415

    return ir.Constant(ir.IntType(32), number)


def unset(context: Value, lanes: Value) -> Value:
    """Lanes of which nothing is known."""
    from llvmlite import ir  # noqa: PLC0415

    return ir.Constant(context.get_value_type(lanes), ir.Undefined)


def address(context: Value, builder: Value, row: Value, args: Sequence[Value], kind: Value) -> Value:
    """Of lanes of a kind, from a place of a row on."""
    array = context.make_array(row)(context, builder, args[0])
    return builder.bitcast(builder.gep(array.data, [args[1]]), context.get_value_type(kind).as_pointer())


def filled(context: Value, builder: Value, kind: Value, value: Value) -> Value:
    """Lanes that are all of one value."""
    first = builder.insert_element(unset(context, kind), value, count_of(0))
    return taken(builder, first, [0] * kind.count)


def taken(builder: Value, lanes: Value, places: Sequence[int], others: Value = None) -> Value:
    """Lanes at these places; of others where they are counted on."""
    from llvmlite import ir  # noqa: PLC0415

    mask = ir.Constant(ir.VectorType(ir.IntType(32), len(places)), list(places))
    return builder.shuffle_vector(lanes, ir.Constant(lanes.type, ir.Undefined) if others is None else others, mask)


def constant(context: Value, lanes: Value, number: int) -> Value:
    """The same number in all lanes of a kind."""
    from llvmlite import ir  # noqa: PLC0415

    return ir.Constant(context.get_value_type(lanes), [number] * lanes.count)


def operation(context: Value, builder: Value, name: str, lanes: Value, args: Sequence[Value]) -> Value:
    """One that LLVM has a name for, on lanes of a kind, which it gives."""
    from llvmlite import ir  # noqa: PLC0415

    kind, functions = context.get_value_type(lanes), builder.module.globals
    full = f"{name}.v{lanes.count}i{lanes.dtype.bitwidth}"  # llvmlite's own way knows no vectors
    if full not in functions:
        ir.Function(builder.module, ir.FunctionType(kind, [each.type for each in args]), full)
    return builder.call(functions[full], args)


def absolute(context: Value, builder: Value, lanes: Value, value: Value) -> Value:
    """Lane by lane."""
    from llvmlite import ir  # noqa: PLC0415

    return operation(context, builder, "llvm.abs", lanes, (value, ir.IntType(1)(0)))


def as_float(context: Value, builder: Value, lanes: Value, value: Value) -> Value:
    """As float32."""
    if not is_whole(lanes):
        return value
    turned = builder.sitofp if lanes.dtype.signed else builder.uitofp
    return turned(value, context.get_value_type(kind_of(named("float32"), lanes.count)))


def compared(builder: Value, sign: str, kind: Value, both: Sequence[Value]) -> Value:
    """Lane by lane."""
    if not is_whole(kind):
        return builder.fcmp_ordered(sign, *both)
    return (builder.icmp_signed if kind.dtype.signed else builder.icmp_unsigned)(sign, *both)


def added(builder: Value, kind: Value, both: Sequence[Value]) -> Value:
    """Lane by lane."""
    return (builder.add if is_whole(kind) else builder.fadd)(*both)


def subtracted(builder: Value, kind: Value, both: Sequence[Value]) -> Value:
    """Lane by lane."""
    return (builder.sub if is_whole(kind) else builder.fsub)(*both)


def multiplied(builder: Value, kind: Value, both: Sequence[Value]) -> Value:
    """Lane by lane."""
    return (builder.mul if is_whole(kind) else builder.fmul)(*both)


def divided(builder: Value, _kind: Value, both: Sequence[Value]) -> Value:
    """Lane by lane, of numbers with fractions."""
    return builder.fdiv(*both)


def widened(context: Value, builder: Value, kind: Value, value: Value) -> Value:
    """Signed numbers of half the size as those of a kind."""
    return builder.sext(value, context.get_value_type(kind)) if is_whole(kind) else value


def pairs(context: Value, builder: Value, lanes: Value, kind: Value, value: Value) -> tuple[Value, Value]:
    """The first and the second of two neighbours each; whole ones as halves of one number of twice the size."""
    if not is_whole(kind):
        return taken(builder, value, range(0, lanes.count, 2)), taken(builder, value, range(1, lanes.count, 2))
    from llvmlite import ir  # noqa: PLC0415

    wide = context.get_value_type(kind)
    both = builder.bitcast(value, wide)
    low, high = (ir.Constant(wide, [number] * kind.count) for number in (2**BITS - 1, BITS))
    return builder.and_(both, low), builder.lshr(both, high)


def frozen(builder: Value, value: Value) -> Value:
    """A value that LLVM computes as it is written: it does not move its parts into other sums."""
    from llvmlite import ir  # noqa: PLC0415

    made = ir.Instruction(builder.block, value.type, "freeze", (value,))
    builder._insert(made)  # noqa: SLF001 - llvmlite has no word for this instruction
    return made

"""Words for kernels on lanes of bytes (`lanes.py`): what pictures need of them, as processors have it.

Wide is int16: sums of a few bytes, and their differences. numba is imported when it compiles a kernel that uses a
word, and not before (`lanes_type`).
"""

from typing import Any

from device import lanes_type
from device.lanes import Code, Word
from device.lanes_type import kind_of, named, taken


def _to_wide(sign: str) -> Word:
    def to_wide(_typing: object, lanes: Any) -> Code:  # noqa: ANN401 - numba's, here and below
        kind = kind_of(named("int16"), lanes.count)

        def code(context: Any, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401 - llvmlite's
            return (builder.sext if sign == "signed" else builder.zext)(args[0], context.get_value_type(kind))

        return kind(lanes), code

    return Word(to_wide)


def _to_bytes(_typing: object, lanes: Any) -> Code:  # noqa: ANN401
    """Of wide ones; below 0 becomes 0, above 255 becomes 255."""
    kind = kind_of(named("uint8"), lanes.count)

    def code(context: Any, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        least, most = (lanes_type.constant(context, lanes, each) for each in (0, 255))
        value = lanes_type.operation(context, builder, "llvm.smax", lanes, (args[0], least))
        value = lanes_type.operation(context, builder, "llvm.smin", lanes, (value, most))
        return builder.trunc(value, context.get_value_type(kind))

    return kind(lanes), code


def _size(_typing: object, lanes: Any) -> Code:  # noqa: ANN401
    """Of wide ones, without their signs."""

    def code(context: Any, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        return lanes_type.absolute(context, builder, lanes, args[0])

    return lanes(lanes), code


def _apart(_typing: object, one: Any, other: Any) -> Code:  # noqa: ANN401
    """How far bytes are from each other, wide."""
    kind = kind_of(named("int16"), one.count)

    def code(context: Any, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        both = [builder.zext(each, context.get_value_type(kind)) for each in args]
        return lanes_type.absolute(context, builder, kind, builder.sub(*both))

    return kind(one, other), code


def _added(name: str) -> Word:
    """As far as numbers go."""

    def added(_typing: object, one: Any, other: Any) -> Code:  # noqa: ANN401
        def code(context: Any, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
            return lanes_type.operation(context, builder, name, one, args)

        return one(one, other), code

    return Word(added)


def _above(_typing: object, one: Any, other: Any) -> Code:  # noqa: ANN401
    """All bits where one is above the other, none elsewhere."""

    def code(context: Any, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        return builder.sext(lanes_type.compared(builder, ">", one, args), context.get_value_type(one))

    return one(one, other), code


def _interleaved(_typing: object, one: Any, other: Any) -> Code:  # noqa: ANN401
    """Twice as many, of one and of the other in turn."""

    def code(_context: object, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        places = [k // 2 + k % 2 * one.count for k in range(2 * one.count)]
        return taken(builder, args[0], places, args[1])

    return kind_of(one.dtype, 2 * one.count)(one, other), code


def _as_written(_typing: object, lanes: Any) -> Code:  # noqa: ANN401
    """The same lanes; LLVM does not move what they are made of into what is made of them."""

    def code(_context: object, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        return lanes_type.frozen(builder, args[0])

    return lanes(lanes), code


def _factor(_typing: object, number: Any) -> Code:  # noqa: ANN401
    """The same number; LLVM does not know it: of known ones it makes shifts and sums, two operations for one.

    It is what an empty assembler program gives for what it is given.
    """

    def code(context: Any, builder: Any, _signature: object, args: Any) -> object:  # noqa: ANN401
        from llvmlite import ir  # noqa: PLC0415 - see above

        kind = context.get_value_type(number)
        return builder.call(ir.InlineAsm(ir.FunctionType(kind, [kind]), "", "=r,0"), args)

    return number(number), code


wide, wide_mask = _to_wide("unsigned"), _to_wide("signed")  # of a mask all bits or none
to_bytes = Word(_to_bytes)
size, apart = Word(_size), Word(_apart)
add_bytes, add_wide = _added("llvm.uadd.sat"), _added("llvm.sadd.sat")
above, interleaved = Word(_above), Word(_interleaved)
as_written, factor = Word(_as_written), Word(_factor)

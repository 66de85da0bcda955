"""Machine code of a kernel for one processor, this one or another: numba's language for LLVM, and LLVM's optimisation.

numba makes it unoptimised, so NUMBA_OPT=0 must be in the environment before numba is imported; then it can be for a
processor that is not this one: tests count the instructions of a Pi's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from device.errors import CannotBuild
from device.kernel import Kernel

# What numba's code asks of its runtime for arrays that a kernel makes for itself: memory behind a header whose first
# word counts references and whose fourth points to the data (numba/core/runtime/nrt.cpp, struct MemInfo). Such an array
# is its kernel's alone, so it is counted without the atomic operations and fences of numba's own; and LLVM is told that
# nothing else is where it is (`noalias`; the data's address is derived from the header's), so that fewer loops begin by
# comparing addresses, and more of them vectorise. It begins with a cache line, whatever numba asks: what is loaded from
# it in the widest vectors then lies in one line each.
_RUNTIME = """
declare noalias ptr @malloc(i64)
declare void @free(ptr)

define ptr @NRT_MemInfo_alloc_aligned(i64 %size, i32 %asked) {
  %less = icmp ult i32 %asked, 64
  %align = select i1 %less, i32 64, i32 %asked
  %more = zext i32 %align to i64
  %padded = add i64 %size, %more
  %whole = add i64 %padded, 48
  %info = call noalias ptr @malloc(i64 %whole)
  %none = icmp eq ptr %info, null
  br i1 %none, label %end, label %fill
fill:
  store i64 1, ptr %info
  %behind = getelementptr inbounds i8, ptr %info, i64 48
  %address = ptrtoint ptr %behind to i64
  %negative = sub i64 0, %address
  %mask = sub i64 %more, 1
  %gap = and i64 %negative, %mask
  %data = getelementptr inbounds i8, ptr %behind, i64 %gap
  %field = getelementptr inbounds i64, ptr %info, i64 3
  store ptr %data, ptr %field
  ret ptr %info
end:
  ret ptr null
}

define ptr @NRT_MemInfo_alloc_safe_aligned(i64 %size, i32 %align) {
  %info = call ptr @NRT_MemInfo_alloc_aligned(i64 %size, i32 %align)
  ret ptr %info
}

define void @NRT_incref(ptr %info) {
  %none = icmp eq ptr %info, null
  br i1 %none, label %end, label %count
count:
  %before = load i64, ptr %info
  %after = add i64 %before, 1
  store i64 %after, ptr %info
  br label %end
end:
  ret void
}

define void @NRT_decref(ptr %info) {
  %none = icmp eq ptr %info, null
  br i1 %none, label %end, label %count
count:
  %before = load i64, ptr %info
  %after = sub i64 %before, 1
  store i64 %after, ptr %info
  %last = icmp eq i64 %after, 0
  br i1 %last, label %give_back, label %end
give_back:
  call void @free(ptr %info)
  br label %end
end:
  ret void
}
"""

_NUMBAS_OWN = ("NRT_", "numba_")
_INNER = ".kernel"  # behind its symbol: the function that works


@dataclass(frozen=True, slots=True)
class Target:
    """A processor, in LLVM's words."""

    triple: str
    cpu: str
    features: str = ""

    @classmethod
    def host(cls) -> "Target":
        """This machine."""
        from llvmlite import binding as llvm  # noqa: PLC0415 - after numba was told not to optimise

        return cls(llvm.get_process_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten())


def object_code(kernel: Kernel[Any, Any], target: Target | None = None) -> bytes:
    """One kernel as an ELF object whose only function is `kernel.symbol`.

    Args:
        kernel: numba must have been imported with NUMBA_OPT=0 in the environment.
        target: None for this machine.

    Raises:
        CannotBuild: it needs more of numba's runtime than memory.
    """
    from llvmlite import binding as llvm  # noqa: PLC0415 - as above

    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    target = target or Target.host()
    machine = llvm.Target.from_triple(target.triple).create_target_machine(
        cpu=target.cpu, features=target.features, opt=3, reloc="pic", codemodel="default"
    )
    module = _linked_module(kernel, machine, target.triple)
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = tuning.slp_vectorization = tuning.loop_interleaving = tuning.loop_unrolling = True
    passes = llvm.create_pass_builder(machine, tuning)
    passes.getModulePassManager().run(module, passes)
    wanted = [each.name for each in module.functions if each.is_declaration and each.name.startswith(_NUMBAS_OWN)]
    if wanted:
        raise CannotBuild(f"{kernel.name} needs {', '.join(wanted)} of numba: write loops where it has array methods.")
    return bytes(machine.emit_object(module))


def _linked_module(each: Kernel[Any, Any], machine: Any, triple: str) -> Any:  # noqa: ANN401 - llvmlite's, untyped
    """Its code and its runtime, with nothing to be seen from outside but the kernel, so that all else is inlined."""
    from llvmlite import binding as llvm  # noqa: PLC0415 - as above

    layout = str(machine.target_data)
    text = "\n".join(
        f'target triple = "{triple}"' if line.startswith("target triple")
        else f'target datalayout = "{layout}"' if line.startswith("target datalayout")
        else line
        for line in _exported(each).splitlines()
    )  # fmt: skip
    counted = llvm.parse_assembly(text)
    _without_counting(counted, machine)
    module = llvm.parse_assembly(str(counted).replace("noinline", "nounwind"))
    entry = _entry(each.symbol, module.get_function(each.symbol + _INNER))
    for part in (_RUNTIME, entry):
        module.link_in(llvm.parse_assembly(f'target triple = "{triple}"\ntarget datalayout = "{layout}"\n{part}'))
    for value in (*module.functions, *module.global_variables):
        if not value.is_declaration and value.name != each.symbol:
            value.linkage = "internal"
    return module


def _entry(symbol: str, function: Any) -> str:  # noqa: ANN401 - llvmlite's, untyped
    """What Python calls: it takes a kernel's arguments out of a block of 64-bit slots, see `Argument.slots`.

    The kernel stays a function by itself: only of a function's own arguments does LLVM know that they cannot be what it
    allocates.
    """
    kinds = [str(argument.type) for argument in function.arguments]
    lines = [f'declare i32 @"{function.name}"({", ".join(kinds)})', f'define i32 @"{symbol}"(ptr %slots) {{']
    for k, kind in enumerate(kinds):
        lines.append(f"%at{k} = getelementptr i64, ptr %slots, i64 {k}")
        lines.append(f"%slot{k} = load {'double' if kind == 'float' else kind}, ptr %at{k}")
        lines += [f"%number{k} = fptrunc double %slot{k} to float"] if kind == "float" else []
    given = ", ".join(f"{kind} %{'number' if kind == 'float' else 'slot'}{k}" for k, kind in enumerate(kinds))
    return "\n".join([*lines, f'%failed = call i32 @"{function.name}"({given}) noinline', "ret i32 %failed", "}"])


def _without_counting(module: Any, machine: Any) -> None:  # noqa: ANN401 - llvmlite's, untyped
    """Take out the counting of references to arrays that a function only passes on, as numba does before it optimises.

    Each count is an atomic operation, and behind it LLVM takes all that it knew of the memory for changed, so that the
    loops between do not vectorise. It must happen while the counting functions are still calls.
    """
    from llvmlite import binding as llvm  # noqa: PLC0415 - as above

    passes = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=0))
    manager = llvm.create_new_module_pass_manager()
    manager.add_simplify_cfg_pass()
    manager.add_sroa_pass()
    manager.add_loop_rotate_pass()
    manager.add_instruction_combine_pass()
    manager.add_jump_threading_pass()
    manager.add_refprune_pass()
    manager.run(module, passes)


def _exported(each: Kernel[Any, Any]) -> str:
    """A kernel in LLVM's language, with the function around it that `_entry` calls."""
    from numba.core.compiler_lock import global_compiler_lock  # noqa: PLC0415 - as above

    dispatcher: Any = each.by_numba(no_cpython_wrapper=True, no_cfunc_wrapper=True)
    compiled = dispatcher.overloads[dispatcher.signatures[0]]
    library = compiled.target_context.codegen().create_library(each.symbol)
    library.add_linking_library(compiled.library)
    library.add_ir_module(_wrapper(each, compiled, library))
    with global_compiler_lock:
        library.finalize()
    return str(library.get_llvm_str())


def _wrapper(each: Kernel[Any, Any], compiled: Any, library: Any) -> Any:  # noqa: ANN401 - numba's, untyped
    from llvmlite import ir  # noqa: PLC0415 - as above

    context, signature = compiled.target_context, compiled.signature
    module = library.create_ir_module(each.symbol)
    numba_type = context.call_conv.get_function_type(signature.return_type, signature.args)
    code = ir.Function(module, numba_type, compiled.fndesc.llvm_func_name)
    kinds = [kind for argument in signature.args for kind in _c_types(context, argument)]
    outer = ir.Function(module, ir.FunctionType(ir.IntType(32), [*kinds, ir.PointerType()]), each.symbol + _INNER)
    builder = ir.IRBuilder(outer.append_basic_block())
    given = iter(outer.args)
    arguments = [_numba_value(context, builder, argument, given) for argument in signature.args]
    status, result = context.call_conv.call_function(builder, code, signature.return_type, signature.args, arguments)
    if each.signature is not None and each.signature.returns != "void":
        builder.store(result, outer.args[-1])
    builder.ret(builder.select(status.is_error, ir.Constant(ir.IntType(32), 1), ir.Constant(ir.IntType(32), 0)))
    return module


def _c_types(context: Any, kind: Any) -> list[Any]:  # noqa: ANN401 - numba's, untyped
    from llvmlite import ir  # noqa: PLC0415 - as above

    if not hasattr(kind, "layout"):
        return [context.get_value_type(kind)]
    return [ir.PointerType()] + [ir.IntType(64)] * (kind.ndim if kind.layout == "C" else 2 * kind.ndim)


def _numba_value(context: Any, builder: Any, kind: Any, given: Iterator[Any]) -> Any:  # noqa: ANN401 - numba's, untyped
    """An array as numba holds it, of address, shape and strides; it does not own its memory."""
    from llvmlite import ir  # noqa: PLC0415 - as above
    from numba.np.arrayobj import populate_array  # noqa: PLC0415 - as above

    if not hasattr(kind, "layout"):
        return next(given)
    array = context.make_array(kind)(context, builder)
    data = builder.bitcast(next(given), context.get_data_type(kind.dtype).as_pointer())
    shape = [next(given) for _ in range(kind.ndim)]
    itemsize = ir.Constant(ir.IntType(64), context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    strides = [itemsize]
    if kind.layout == "C":
        for length in reversed(shape[1:]):
            strides.insert(0, builder.mul(strides[0], length))
    else:
        strides = [next(given) for _ in range(kind.ndim)]
    populate: Any = populate_array  # it ships no types
    populate(array, data=data, shape=shape, strides=strides, itemsize=itemsize, meminfo=None)
    return array._getvalue()  # noqa: SLF001 - numba's own word for it

"""Compile all kernels ahead of time into one shared library: `python -m device.kernel_build`, or `make kernels`.

numba makes LLVM's language of each kernel, unoptimised; LLVM, which comes with numba, optimises that for one processor
and writes object code; the linker of binutils makes a library of it. The optimisation is done here rather than by
numba, so that it can also be for a processor that is not this one: tests count the instructions of a Pi's.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from device.errors import McamError
from device.kernel import Kernel
from device.kernel_library import library_path, load, signed

PACKAGES = ("device", "ui")
ROOT = Path(__file__).parents[1]

# What numba's code asks of its runtime for arrays that a kernel makes for itself: memory behind a header whose first
# word counts references and whose fourth points to the data (numba/core/runtime/nrt.cpp, struct MemInfo).
_RUNTIME = """
declare ptr @malloc(i64)
declare void @free(ptr)

define ptr @NRT_MemInfo_alloc_aligned(i64 %size, i32 %align) {
  %more = zext i32 %align to i64
  %padded = add i64 %size, %more
  %whole = add i64 %padded, 48
  %info = call ptr @malloc(i64 %whole)
  %none = icmp eq ptr %info, null
  br i1 %none, label %end, label %fill
fill:
  store i64 1, ptr %info
  %address = ptrtoint ptr %info to i64
  %behind = add i64 %address, 47
  %least = add i64 %behind, %more
  %mask = sub i64 0, %more
  %aligned = and i64 %least, %mask
  %data = inttoptr i64 %aligned to ptr
  %field = getelementptr i64, ptr %info, i64 3
  store ptr %data, ptr %field
  ret ptr %info
end:
  ret ptr null
}

define ptr @NRT_MemInfo_alloc_safe_aligned(i64 %size, i32 %align) {
  %info = call ptr @NRT_MemInfo_alloc_aligned(i64 %size, i32 %align)
  ret ptr %info
}

define void @NRT_MemInfo_call_dtor(ptr %info) {
  call void @free(ptr %info)
  ret void
}
"""

_NUMBAS_OWN = ("NRT_", "numba_")


class CannotBuild(McamError):
    """Kernels could not be compiled ahead of time; numba compiles them when they are called."""


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


def kernels() -> list[Kernel[Any, Any]]:
    """All that Python calls, of every module that has any."""
    return [
        value
        for module in _modules()
        for value in vars(import_module(module)).values()
        if isinstance(value, Kernel) and value.signature is not None and value.__module__ == module
    ]


def build(path: Path) -> int:
    """Compile every kernel for this machine.

    Args:
        path: of the library; it is whole or not there at all, at any moment.

    Returns:
        How many kernels are in it.

    Raises:
        CannotBuild: the linker is missing, or the folder cannot be written.
    """
    every = kernels()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=path.parent) as folder:
            objects = [_written(Path(folder) / f"{n}.o", object_code(each)) for n, each in enumerate(every)]
            linked = Path(folder) / path.name
            _link(objects, linked)
            _keep(linked, path)
    except OSError as error:
        raise CannotBuild(f"The kernels cannot be written to {path.parent}: {error.strerror or error}.") from error
    missing = [each.name for each in every if load(path).function(each.symbol) is None]
    if missing:
        raise CannotBuild(f"{load(path).state}; it lacks {', '.join(missing)}.")
    return len(every)


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
    module = _linked_module(kernel, str(machine.target_data), target.triple)
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = tuning.slp_vectorization = tuning.loop_interleaving = tuning.loop_unrolling = True
    passes = llvm.create_pass_builder(machine, tuning)
    passes.getModulePassManager().run(module, passes)
    wanted = [each.name for each in module.functions if each.is_declaration and each.name.startswith(_NUMBAS_OWN)]
    if wanted:
        raise CannotBuild(f"{kernel.name} needs {', '.join(wanted)} of numba: write loops where it has array methods.")
    return bytes(machine.emit_object(module))


def _linked_module(each: Kernel[Any, Any], layout: str, triple: str) -> Any:  # noqa: ANN401 - llvmlite's, untyped
    """Its code and its runtime, with nothing to be seen from outside but the kernel, so that all else is inlined."""
    from llvmlite import binding as llvm  # noqa: PLC0415 - as above

    text = "\n".join(
        f'target triple = "{triple}"' if line.startswith("target triple")
        else f'target datalayout = "{layout}"' if line.startswith("target datalayout")
        else line.replace("noinline", "nounwind")
        for line in _exported(each).splitlines()
    )  # fmt: skip
    module = llvm.parse_assembly(text)
    module.link_in(llvm.parse_assembly(f'target triple = "{triple}"\ntarget datalayout = "{layout}"\n{_RUNTIME}'))
    for value in (*module.functions, *module.global_variables):
        if not value.is_declaration and value.name != each.symbol:
            value.linkage = "internal"
    return module


def _exported(each: Kernel[Any, Any]) -> str:
    """A kernel in LLVM's language, with the function around it that C can call: see `Argument.ctypes`."""
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
    outer = ir.Function(module, ir.FunctionType(ir.IntType(32), [*kinds, ir.PointerType()]), each.symbol)
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


def _modules() -> list[str]:
    """Of all modules, those that have kernels: others may need packages that are not there."""
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).glob("*.py"))
    return [f"{path.parent.name}.{path.stem}" for path in paths if "\n@kernel(" in path.read_text()]


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _link(objects: list[Path], path: Path) -> None:
    try:
        made = subprocess.run(
            ["ld", "-shared", "--gc-sections", "-o", path, *objects],  # noqa: S607 - the system's linker
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise CannotBuild("There is no linker: sudo apt install binutils.") from error
    if made.returncode:
        raise CannotBuild(f"The kernels cannot be linked: {made.stderr.strip()}")


def _keep(linked: Path, path: Path) -> None:
    """Under its name only when it is on the card, so that no power cut leaves half a library."""
    with linked.open("r+b") as file:
        content = signed(file.read())
        file.seek(0)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    linked.rename(path)


def main() -> int:
    """Build, and say what was done."""
    os.environ.update(NUMBA_OPT="0", NUMBA_LOOP_VECTORIZE="0", NUMBA_SLP_VECTORIZE="0")  # before numba is imported
    try:
        count = build(library_path())
    except CannotBuild as error:
        sys.exit(f"mcam: {error}")
    sys.stdout.write(f"{count} kernels compiled for this machine: {library_path()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Kernels in machine code made ahead of time: the same results, no numba, and no trouble from a bad library."""

import os
import shutil
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from device import kernel, kernel_build, kernel_library, kernel_signature, narrow
from device.kernel import Kernel
from device.kernel_build import kernels
from device.kernel_library import Library, library_path, load
from device.kernel_signature import Signature
from tests.conftest import ROOT
from tests.kernel_calls import Call, kernel_calls


@kernel.inner
def _squared(value: int) -> int:
    return value * value


@kernel.kernel("i8(i8[::1], u1[:, :], f4)")
def _sum(numbers: Any, plane: Any, factor: float) -> int:
    total = 0
    for i in range(numbers.size):
        total += _squared(numbers[i])
    for i in range(plane.shape[0]):
        for j in range(plane.shape[1]):
            total += plane[i, j]
    return int(total * factor)


NUMBERS, PLANE = np.array([1, 2, 3]), np.ones((3, 4), np.uint8)


@pytest.fixture(scope="session")
def calls() -> dict[str, list[tuple[Kernel[Any, Any], Call]]]:
    return kernel_calls()


def test_every_kernel_is_at_work_in_the_calls_that_are_compared(
    calls: dict[str, list[tuple[Kernel[Any, Any], Call]]],
) -> None:
    missing = {each.name for each in kernels()} - set(calls)
    assert not missing, "have tests/kernel_calls.py do something that needs them"


@pytest.mark.parametrize("name", [each.name for each in kernels()])
def test_machine_code_made_ahead_gives_what_numba_gives_bit_for_bit(
    name: str, calls: dict[str, list[tuple[Kernel[Any, Any], Call]]], compiled: Library
) -> None:
    for each, args in calls[name]:
        assert each.signature is not None
        ahead, by_numba = ([np.copy(a) if isinstance(a, np.ndarray) else a for a in args] for _ in range(2))
        results = (
            each.signature.called(name, compiled.function(each.symbol))(*ahead),
            each.signature.checked(name, each.by_numba(cache=True))(*by_numba),
        )
        assert results[0] == results[1]
        for one, other in zip(ahead, by_numba, strict=True):
            assert np.asarray(one).tobytes() == np.asarray(other).tobytes()


def test_neither_the_daemon_nor_the_viewfinder_imports_numba(compiled: Library) -> None:
    """All the work that kernels do, in a process with their imports."""
    code = (
        "import sys, device.daemon, ui.process; from tests.kernel_calls import kernel_calls; kernel_calls();"
        "print({'numba', 'llvmlite'} & set(sys.modules))"
    )
    environment = {**os.environ, kernel_library.FOLDER: str(compiled.path.parent)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "set()\n"


def test_a_kernel_calls_a_part_and_returns_a_number() -> None:
    assert _sum(NUMBERS, PLANE, 2.0) == 2 * (14 + 12)


def test_arrays_with_gaps_and_read_only_ones_are_taken_where_the_signature_allows() -> None:
    read_only = NUMBERS.copy()
    read_only.flags.writeable = False
    assert _sum(read_only, PLANE[::2, ::3], 1.0) == 14 + 4


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((NUMBERS[::2], PLANE, 1.0), "Argument 1 of .*_sum must be a contiguous array of i8 with 1 dimensions, not 2 "),
        ((NUMBERS, PLANE.astype(np.int8), 1.0), "Argument 2 of .*_sum must be an array of u1 .*, not 3 x 4 of i1"),
        ((NUMBERS, PLANE[0], 1.0), "Argument 2 .* with 2 dimensions, not 4 of u1"),
        ((NUMBERS, [[1]], 1.0), r"not \[\[1\]\]"),
        ((NUMBERS, PLANE), "takes 3 arguments, not 2"),
    ],
)
def test_an_argument_that_does_not_fit_is_named(args: Call, says: str) -> None:
    with pytest.raises(TypeError, match=says):
        _sum(*args)


@pytest.mark.parametrize(
    ("kind", "beyond"), [("u1", (-1, 256)), ("u4", (-1, 1 << 32)), ("u8", (-1, 1 << 64)), ("i8", (-1 << 64, 1 << 63))]
)
def test_a_number_beyond_its_kind_is_named_and_not_cut(kind: str, beyond: tuple[int, int]) -> None:
    signature = kernel_signature.parse(f"void({kind}[::1], {kind})")
    array = np.zeros(1, kind)
    for call in (signature.called("k", types.SimpleNamespace()), signature.checked("k", lambda *_: None)):
        for number in beyond:
            with pytest.raises(TypeError, match=f"^Argument 2 of k must be a number of {kind}, not {number}.$"):
                call(array, number)


def test_a_kernel_that_gets_no_memory_says_so_and_goes_on(compiled: Library) -> None:
    shrink = next(each for each in kernels() if each.name == "ui.scaling._shrink")
    assert shrink.signature is not None
    call, none = shrink.signature.called("k", compiled.function(shrink.symbol)), np.zeros((0, 0), np.uint8)
    with pytest.raises(MemoryError, match=r"^There is no memory left for the kernel k\.$"):
        call(np.zeros((0, 1 << 60), np.uint8), 1, none)  # a sum of 4 bytes for each column
    small = np.zeros((1, 1), np.uint8)
    call(np.full((2, 2), 7, np.uint8), 2, small)
    assert small[0, 0] == 7


def test_machine_code_that_takes_its_arguments_in_another_way_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two changes of it, merged, once had one number between them: a library of either was called as the other's."""
    before = _sum.symbol
    assert Kernel(_sum.function, _sum.signature).symbol == before
    monkeypatch.setattr(Signature, "called", lambda *_: None)
    assert Kernel(_sum.function, _sum.signature).symbol != before


def test_a_part_of_kernels_cannot_be_called_from_python() -> None:
    with pytest.raises(TypeError, match="has no signature"):
        _squared(2)


@pytest.mark.parametrize("text", ["", "void", "u1[:](u1)", "void(u1[::1)", "void(b1)", "void(u3)", "void(u1[:,:])"])
def test_a_signature_that_is_none_is_refused_where_it_stands(text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        kernel_signature.parse(text)


def test_a_kernel_that_changes_is_not_looked_for_under_its_old_name() -> None:
    def grown(value: int) -> int:
        return value + value

    before = _sum.symbol
    changed = Kernel(_sum.function, _sum.signature)
    assert changed.symbol == before
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(_sum.function.__globals__, "_squared", kernel.inner(grown))
        assert Kernel(_sum.function, _sum.signature).symbol != before


def test_a_narrow_operation_another_module_s_constant_and_a_function_inside_are_part_of_a_kernel() -> None:
    symbols = {Kernel(function, None).symbol.rpartition(".")[2] for function in alike()}
    assert len(symbols) == len(list(alike()))


def alike() -> Iterator[Callable[..., Any]]:
    """Functions of the same name and the same byte code, of which no two are the same kernel."""
    source = "def work(value): return KERNEL(value, OTHER.LIMIT)"
    for operation in (narrow.add, narrow.subtract):
        for limit in (3, 4):
            other = types.ModuleType("device.of_this_test")
            other.LIMIT = limit  # type: ignore[attr-defined]
            scope: dict[str, Any] = {"KERNEL": operation, "OTHER": other}
            exec(source, scope)  # noqa: S102 - the same code with other names around it
            yield scope["work"]
    for constant in (1, 2):
        exec(f"def work(value): return (lambda: {constant})()", scope)  # noqa: S102
        yield scope["work"]


def test_a_part_that_changes_is_not_taken_from_numba_s_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The kernel's own file stays as it is, by which numba judges."""

    def cubed(value: int) -> int:
        return value * value * value

    none = load(tmp_path / "none.so")
    monkeypatch.setattr(kernel, "library", lambda: none)
    monkeypatch.setattr("numba.core.config.CACHE_DIR", str(tmp_path / "cache"))
    assert Kernel(_sum.function, _sum.signature)(NUMBERS, PLANE, 1.0) == 14 + 12
    monkeypatch.setitem(_sum.function.__globals__, "_squared", kernel.inner(cubed))
    assert Kernel(_sum.function, _sum.signature)(NUMBERS, PLANE, 1.0) == 36 + 12


def test_a_library_of_another_compiler_is_made_anew(
    compiled: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.environ", {**os.environ, kernel_library.FOLDER: str(tmp_path)})
    shutil.copy(compiled.path, tmp_path / compiled.path.name)
    monkeypatch.setattr(kernel_build, "build", lambda _: 7)
    assert kernel_build.main() == 0
    assert "already" in capsys.readouterr().out
    monkeypatch.setattr(kernel_build, "version", lambda _: "99.0")
    assert kernel_build.main() == 0
    assert "7 kernels compiled" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda content: content[: len(content) // 2], "is damaged"),
        (lambda content: content[:100] + b"?" + content[101:], "is damaged"),
        (lambda _: b"", "is damaged"),
        (lambda _: kernel_library.signed(b"no library"), "cannot be loaded"),
    ],
)
def test_a_bad_library_is_told_of_and_left_alone(
    spoil: Callable[[bytes], bytes], says: str, compiled: Library, tmp_path: Path
) -> None:
    path = tmp_path / "kernels.so"
    path.write_bytes(spoil(compiled.path.read_bytes()))
    found = load(path)
    assert says in found.state
    assert found.function(kernels()[0].symbol) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:100] + b"?" + content[101:],
        lambda _: b"",
        lambda content: kernel_library.signed(b"no library" + content[10:]),  # as the one of another kind of machine
        lambda content: kernel_library.signed(content.replace(kernels()[0].symbol.encode(), b"of.an.older.source")),
    ],
)
def test_a_library_that_is_of_no_use_is_made_anew(
    spoil: Callable[[bytes], bytes],
    compiled: Library,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("os.environ", {**os.environ, kernel_library.FOLDER: str(tmp_path)})
    library_path().write_bytes(spoil(compiled.path.read_bytes()))
    monkeypatch.setattr(kernel_build, "build", lambda path: len(path.name))
    assert kernel_build.main() == 0
    assert "kernels compiled for this machine" in capsys.readouterr().out


def test_to_find_that_nothing_is_to_be_compiled_the_library_is_loaded_once(
    compiled: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time half a megabyte is read and its digest made."""
    loaded: list[Path] = []
    monkeypatch.setattr(kernel_build, "load", lambda path: loaded.append(path) or load(path))
    assert kernel_build._is_made(compiled.path)
    assert loaded == [compiled.path]


def test_to_find_that_nothing_is_to_be_compiled_takes_no_numba(compiled: Library) -> None:
    """The unit asks at every start."""
    says = "print(sorted({'numba', 'llvmlite'} & {*sys.modules}))"
    program = f"import sys; from device.kernel_build import main; main(); {says}"
    environment = {**os.environ, kernel_library.FOLDER: str(compiled.path.parent)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    assert done.stdout == f"The kernels are compiled already: {compiled.path}\n[]\n"


def test_a_library_is_current_while_it_is_whole_and_has_every_kernel(compiled: Library, tmp_path: Path) -> None:
    symbols = [each.symbol for each in kernels()]
    assert kernel_library.is_current(compiled.path, symbols)
    assert not kernel_library.is_current(compiled.path, [*symbols, "ui.pixels.paint.of.tomorrow"])
    assert not kernel_library.is_current(tmp_path / "none.so", symbols)
    cut = tmp_path / "cut.so"
    cut.write_bytes(compiled.path.read_bytes()[:-1])
    assert not kernel_library.is_current(cut, symbols)

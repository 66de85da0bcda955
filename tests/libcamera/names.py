"""What a libcamera module has, real or simulated, as plain values: names, and of each what it is.

Runs in the root as well, where there is no more than Python and libcamera:
`python3 -m tests.libcamera.names < names.json` prints what the real module has of those names.
"""

import ast
import importlib
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

GROUPS = ("controls", "properties", "draft", "rpi")  # modules, classes or namespaces, as it happens
Told = dict[str, str | list[int]]  # "is", with "value" of an enumeration's member or "takes" of a method


def simulated(module: Any) -> dict[str, Told]:
    """Every public name of the simulated module, "Request.Status.Pending" for instance, and what it is."""
    return {name: told(module, name) or {} for name in _all_names(module, "")}


def told(module: Any, path: str) -> Told | None:
    """What is there under a name; None where there is nothing."""
    *parents, last = path.split(".")
    holder = module
    for name in parents:
        holder = getattr(holder, name, None)
    if holder is None or last not in _public(holder):
        return None
    return _described(holder, last)


def _described(holder: Any, name: str) -> Told:
    raw = inspect.getattr_static(holder, name, None)
    value = getattr(holder, name, None)
    if type(value).__name__ == "ControlId":
        size = f" x {value.size}" if value.isArray else ""
        return {"is": f"control {value.name} of {value.vendor}, {value.type.name}{size}"}
    if _is_member(holder, value):
        return {"is": "member", "value": [int(getattr(value, "value", value))]}
    if name in GROUPS or inspect.isclass(value):
        return {"is": "group" if name in GROUPS else "class"}
    if isinstance(raw, (staticmethod, property)) or not callable(value):
        return {"is": "static method" if isinstance(raw, staticmethod) else "attribute"}
    return {"is": "method", "takes": _takes(value)}


def _is_member(holder: Any, value: Any) -> bool:
    return hasattr(holder, "__members__") and type(value) is holder


def _takes(method: Any) -> list[int]:
    """How many arguments besides self it may be given: of pybind's, its documentation's first lines tell."""
    signatures = re.findall(r"^(?:\d+\. )?\w+\((.*)\) -> ", method.__doc__ or "", re.MULTILINE)
    if not inspect.isfunction(method) and signatures:
        counts: set[int] = set()
        for signature in signatures:
            arguments = [part for part in re.split(r", (?=\w+: )", signature) if not part.startswith("self")]
            counts |= set(range(sum(" = " not in part for part in arguments), len(arguments) + 1))
        return sorted(counts)
    arguments = list(inspect.signature(method).parameters.values())[1:]
    least = sum(each.default is each.empty for each in arguments)
    return list(range(least, len(arguments) + 1))


def _all_names(holder: Any, before: str) -> Iterator[str]:
    for name in sorted(_public(holder)):
        value = getattr(holder, name, None)
        if name == "_libcamera" or (inspect.ismodule(value) and not isinstance(holder, ModuleType)):
            continue
        yield before + name
        inner = inspect.isclass(value) or isinstance(value, SimpleNamespace) or inspect.ismodule(value)
        if inner and not _is_member(holder, value):
            yield from _all_names(value, f"{before}{name}.")


def _public(holder: Any) -> set[str]:
    """Names that somebody who uses it may know: what is not its own by import, and set by its constructor."""
    if inspect.ismodule(holder) and "__all__" in vars(holder):
        return set(holder.__all__)
    names = {name for name in dir(holder) if not name.startswith("_")}
    if inspect.ismodule(holder):
        return {name for name in names if not _imported(holder, getattr(holder, name))}
    if hasattr(holder, "__members__"):  # an enumeration, of Python or of pybind
        return set(holder.__members__)
    return names | {name for name in _set_by(holder) if not name.startswith("_")}


def _imported(module: ModuleType, value: Any) -> bool:
    """Whether it is a module or class that only came there by an import from elsewhere."""
    if inspect.ismodule(value):
        return not value.__name__.startswith(module.__name__)
    return inspect.isclass(value) and not value.__module__.startswith(module.__name__)


def _set_by(holder: Any) -> set[str]:
    """Attributes of self that the constructor of a class in Python sets, and the fields of a dataclass."""
    fields = set(getattr(holder, "__dataclass_fields__", {}))
    constructor = vars(holder).get("__init__") if inspect.isclass(holder) else None
    if not inspect.isfunction(constructor) or fields:
        return fields
    tree = ast.parse(textwrap.dedent(inspect.getsource(constructor)))
    targets = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store))
    return {node.attr for node in targets if isinstance(node.value, ast.Name) and node.value.id == "self"}


def main() -> None:
    libcamera = importlib.import_module("libcamera")
    json.dump({name: told(libcamera, name) for name in json.load(sys.stdin)}, sys.stdout)


if __name__ == "__main__":
    main()

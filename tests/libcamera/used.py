"""Which names of libcamera picamera2 and mcam ask for, read from their sources in the root; printed as JSON."""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCES = (*Path("/opt/packages/picamera2").rglob("*.py"), *Path("/mcam/device").glob("*.py"))


def used(tree: ast.AST) -> Iterator[str]:
    """Of "libcamera.StreamRole.Raw", "StreamRole.Raw"; a longer chain's shorter ones come by themselves."""
    imported = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "libcamera"
        for alias in node.names
    }
    for name in _bound(tree):  # something else may be meant by it
        imported.pop(name, None)
    for node in ast.walk(tree):
        first, _, rest = _chain(node).partition(".")
        if first == "libcamera" and rest:
            yield rest
        elif first in imported:
            yield f"{imported[first]}.{rest}".rstrip(".")


def given(tree: ast.AST) -> set[str]:
    """What is put into libcamera, as picamera2 does with some methods of its own."""
    stored = (n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store))
    return {_chain(node).removeprefix("libcamera.") for node in stored}


def _bound(tree: ast.AST) -> set[str]:
    """Names of arguments and of variables that are assigned."""
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return arguments | {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _chain(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        before = _chain(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


if __name__ == "__main__":
    trees = [ast.parse(source.read_text()) for source in SOURCES]
    names = {name for tree in trees for name in used(tree)} - {name for tree in trees for name in given(tree)}
    json.dump(sorted(name for name in names if "_" not in {part[0] for part in name.split(".")}), sys.stdout)

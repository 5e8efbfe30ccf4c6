"""A room imports only from rooms beneath it, and third parties stay behind their walls."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("formats", "models", "analyzers", "generation", "server", "maimod")
SERVER_ONLY = {"pygls", "lsprotocol", "watchdog", "websockets", "click", "rich"}
MODELS_ONLY = {"onnxruntime", "torch", "transformers", "librosa"}
SOURCES = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import at line {node.lineno}"
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_only_what_lies_beneath(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    for name in imports(path):
        if name in FLOORS:
            assert FLOORS.index(name) <= FLOORS.index(room), f"{room} must not import {name}"
            assert name != "maimod" or room == "maimod"
        assert name not in SERVER_ONLY or room in ("server", "maimod")
        assert name not in MODELS_ONLY or room in ("models", "generation")
        if room == "formats":
            assert name in sys.stdlib_module_names | {"formats"}, f"formats uses the standard library only, not {name}"


def test_no_room_or_module_hides_one_of_the_standard_library() -> None:
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir()}
    assert not rooms & sys.stdlib_module_names

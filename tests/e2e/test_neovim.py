"""A real Neovim with its own client, without a screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builder import osu_text

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("neovim_smoke.lua")


def neovim() -> str:
    """The editor; where MAIMOD_E2E is set its absence is a failure, else the test is skipped."""
    found = shutil.which("nvim")
    if found is None:
        if os.environ.get("MAIMOD_E2E"):
            pytest.fail("MAIMOD_E2E is set, but there is no nvim")
        pytest.skip("there is no nvim here")
    return found


def test_neovim_shows_a_finding_and_applies_its_fix(tmp_path: Path) -> None:
    path, result = tmp_path / "map.osu", tmp_path / "result"
    path.write_text(osu_text(["256,192,1000,5,0"], ["0,500,4,1,0,3,1,0"]), encoding="utf-8")
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "MAIMOD_PYTHON": sys.executable,
        "MAIMOD_MAP": str(path), "MAIMOD_RESULT": str(result),
        "XDG_STATE_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path),
    }  # fmt: skip
    command = [neovim(), "--headless", "--clean", "-c", f"luafile {SCRIPT}"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    said = dict(line.split("\t", 1) for line in result.read_text(encoding="utf-8").splitlines())
    assert "trouble" not in said, (said["trouble"], done.stderr.decode("utf-8", "replace"))
    assert said["source"] == "maimod"
    assert said["message"] == "This timing line's volume is 3 %, outside 5 to 100 %."
    assert said["marked"] == "3"
    assert "plays every volume below 5 %" in said["hover"]
    assert said["action"] == "Set the volume to 5 %"
    assert said["line"] == "0,500,4,1,0,5,1,0"
    assert said["again"] == "1"
    assert said["done"] == "yes"

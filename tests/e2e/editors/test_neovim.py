"""Real Neovims with clients/nvim/maimod.lua, without a screen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e.editors.world import CLIENTS, FAULTY, HERE, MENDED, MESSAGE, World, editor, lines, said, world

COMMANDS = [f"Maimod{name}" for name in (
    "CheckMapset", "Dismiss", "Explain", "FixAll", "Guest", "ModPost", "OpenInGame", "Overlay", "Regenerate",
)]  # fmt: skip


def run(name: str, there: World) -> dict[str, str]:
    plugins = there.home / ".config" / "nvim" / "plugin"
    plugins.mkdir(parents=True, exist_ok=True)
    shutil.copy(CLIENTS / "nvim" / "maimod.lua", plugins)
    result = there.home / "result"
    command = [editor(name), "--headless", str(there.map), "-c", f"luafile {HERE / 'neovim.lua'}"]
    _, errors = there.run(command, MAIMOD_RESULT=str(result), MAIMOD_CHART=str(there.chart))
    answers = said(result)
    assert "trouble" not in answers, f"{answers}\n{errors}"
    return answers


@pytest.mark.parametrize("name", ["nvim-0.7", "nvim-0.10", "nvim-0.12"])
def test_neovim_shows_findings_and_mends_what_it_is_told_to(name: str, tmp_path: Path) -> None:
    there = world(tmp_path)
    before = lines(there.map)
    answers = run(name, there)
    assert answers["filetype"] == "osu"
    assert answers["source"] == "maimod"
    assert answers["message"] == MESSAGE
    assert answers["marked"] == "3"
    assert "plays every volume below 5 %" in answers["hover"]
    assert answers["menu"].startswith("Set the volume to 5 %")
    assert "Dismiss timing-volume-invalid here" in answers["menu"]
    assert answers["dismissals"] == "Dismiss timing-volume-invalid here | Dismiss timing-volume-invalid in this map"
    assert answers["fixed"] == MENDED[0]
    assert answers["dismissed"] == FAULTY[1]
    assert answers["all"] == MENDED[2]
    assert answers["rewriting"].startswith("Regenerate 00:05:000 – 00:11:000 | Regenerate 00:05:000 – 00:11:000, the rhythm kept")
    assert (answers["tags"], answers["kept"], answers["undone"]) == ("Tags:maimod", "true", "true")
    assert "combo" in answers["explained"]
    assert "This difficulty has no hit sounds." in answers["post"]
    assert answers["link"].startswith("osu://edit/00:01:000")
    assert answers["stamp"] == "00:01:000 (1)"
    assert answers["commands"].split() == COMMANDS
    if name != "nvim-0.7":
        assert answers["hint"] and answers["token"]
    assert answers["chart"] == "chart maimod"
    assert answers["servers"] == "1"
    assert answers["folders"] == "2"
    assert answers["done"] == "yes"

    after = lines(there.map)
    assert [line for line in after if line not in before] == [MENDED[0], MENDED[2]]
    assert len(after) == len(before)
    assert "timing-volume-invalid" in (there.map.parent / ".maimod" / "dismissed.toml").read_text(encoding="utf-8")

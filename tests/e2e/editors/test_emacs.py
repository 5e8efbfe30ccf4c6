"""Real Emacsen with clients/emacs/maimod.el, in batch mode."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.editors.world import CLIENTS, FAULTY, HERE, MENDED, MESSAGE, World, editor, lines, said, world

RELEASES = {"emacs-28": "bookworm", "emacs-30": "trixie"}
# There is no compiler for what it would like to compile as it goes.
NO_COMPILING = "(setq native-comp-jit-compilation nil native-comp-enable-subr-trampolines nil)"
# Debian's packages of Emacs Lisp; what a user has from ELPA.
PACKAGES = {name: f"{release}/root/usr/share/emacs/site-lisp/elpa-src/*" for name, release in RELEASES.items()}


def run(name: str, client: str, there: World) -> dict[str, str]:
    program, result = Path(editor(name)), there.home / "result"
    folders = [*sorted(program.parents[1].glob(PACKAGES[name])), CLIENTS / "emacs"]
    paths = [argument for folder in folders for argument in ("-L", str(folder))]
    command = [str(program), "-Q", "--batch", "--eval", NO_COMPILING, *paths, "-l", client, "-l", str(HERE / "emacs.el")]
    _, errors = there.run(
        command, MAIMOD_MAP=str(there.map), MAIMOD_CHART=str(there.chart), MAIMOD_RESULT=str(result), MAIMOD_CLIENT=client
    )
    assert result.exists(), errors
    answers = said(result)
    assert "trouble" not in answers, f"{answers}\n{errors}"
    return answers


@pytest.mark.parametrize(("name", "client"), [("emacs-28", "eglot"), ("emacs-30", "eglot"), ("emacs-30", "lsp-mode")])
def test_emacs_shows_findings_and_mends_what_it_is_told_to(name: str, client: str, tmp_path: Path) -> None:
    there = world(tmp_path)
    before = lines(there.map)
    answers = run(name, client, there)
    assert answers["mode"] == "maimod-osu-mode"
    assert answers["coding"] == "utf-8-dos"
    assert MESSAGE in answers["message"]
    assert answers["marked"] == "3"
    assert "plays every volume below 5 %" in answers["hover"]
    assert "Set the volume to 5 %" in answers["menu"]
    assert "Dismiss timing-volume-invalid here" in answers["menu"]
    assert answers["fixed"] == MENDED[0]
    assert answers["dismissed"] == FAULTY[1]
    assert answers["all"] == MENDED[2]
    assert (answers["tags"], answers["undone"]) == ("yes", "yes")
    assert "combo" in answers["explained"]
    assert "This difficulty has no hit sounds." in answers["post"]
    assert answers["link"].startswith("osu://edit/00:01:000")
    assert answers["stamp"] == "00:01:000 (1)"
    if (name, client) == ("emacs-30", "eglot"):  # the older Eglot has none, and lsp-mode wants to be asked
        assert answers["hint"]
    assert answers["chart"] == "maimod-chart-mode"
    assert answers["done"] == "yes"

    after = lines(there.map)
    assert [line for line in after if line not in before] == [MENDED[0], MENDED[2]]
    assert len(after) == len(before)
    assert "timing-volume-invalid" in (there.map.parent / ".maimod" / "dismissed.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["emacs-28", "emacs-30"])
def test_the_file_compiles_without_a_warning(name: str, tmp_path: Path) -> None:
    there = world(tmp_path)
    source = there.home / "maimod.el"
    source.write_bytes((CLIENTS / "emacs" / "maimod.el").read_bytes())
    warnings_fail = "(setq byte-compile-error-on-warn t)"
    code, errors = there.run([editor(name), "-Q", "--batch", "--eval", warnings_fail, "-f", "batch-byte-compile", str(source)])
    assert code == 0, errors

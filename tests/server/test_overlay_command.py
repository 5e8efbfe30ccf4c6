from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from server.daemon import state_file
from server.overlay_copy import FOLDER_NAME
from tests.server.maps import maimod


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for the daemon's state that is nobody's."""
    folder = tmp_path / "state"
    monkeypatch.setenv(state_file.STATE_FOLDER, str(folder))
    return folder


def static(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    folder.mkdir()
    return folder


def test_the_copy_is_a_whole_overlay_in_the_form_that_tosu_lists(tmp_path: Path) -> None:
    folder = static(tmp_path)
    result = maimod("overlay", str(folder), "--port", "4321")
    assert result.exit_code == 0
    copy = folder / FOLDER_NAME
    page = (copy / "index.html").read_text(encoding="utf-8")
    assert (copy / "main.js").is_file()
    assert (copy / "styles" / "page.css").is_file()
    assert "connect-src 'self' http://127.0.0.1:4321 ws://127.0.0.1:4321;" in page
    assert '<meta name="maimod-server" />' in page
    about = dict(line.split(":", 1) for line in (copy / "metadata.txt").read_text(encoding="utf-8").splitlines())
    assert about["Usecase"] == " ingame, obs-overlay"
    assert about["CompatibleWith"] == " tosu"
    assert {"Name", "Author", "Version", "Resolution", "authorLinks", "Notes"} <= about.keys()
    [note] = json.loads((copy / "settings.json").read_text(encoding="utf-8"))
    assert note["uniqueID"] == "maimod"
    assert not (copy / "package.json").exists()


def test_the_copy_knows_the_token_that_the_daemon_keeps(tmp_path: Path) -> None:
    folder = static(tmp_path)
    maimod("overlay", str(folder))
    first = json.loads((folder / FOLDER_NAME / "server.json").read_text(encoding="utf-8"))
    assert first == {"server": "http://127.0.0.1:24061", "token": state_file.kept_token(), "mode": "game"}
    maimod("overlay", str(folder))
    assert json.loads((folder / FOLDER_NAME / "server.json").read_text(encoding="utf-8")) == first


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_its_user_can_read_the_token(tmp_path: Path) -> None:
    folder = static(tmp_path)
    maimod("overlay", str(folder))
    assert stat.S_IMODE((folder / FOLDER_NAME / "server.json").stat().st_mode) == 0o600


def test_what_else_lies_there_stays(tmp_path: Path) -> None:
    folder = static(tmp_path)
    (folder / FOLDER_NAME).mkdir()
    mine = folder / FOLDER_NAME / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    assert maimod("overlay", str(folder)).exit_code == 0
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_none_is_told_in_a_sentence(tmp_path: Path) -> None:
    result = maimod("overlay", str(tmp_path / "nowhere"))
    assert result.exit_code == 1
    assert "is no folder" in result.stderr
    assert not (tmp_path / "nowhere").exists()

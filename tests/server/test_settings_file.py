from __future__ import annotations

from pathlib import Path

import pytest

from server import settings
from server.settings_file import switch_off
from tests.server.maps import put


def ignored(folder: Path) -> tuple[str, ...]:
    loaded = settings.load_for(str(folder))
    assert not loaded.problems
    return loaded.settings.ignore


@pytest.mark.parametrize(
    "text",
    [
        'level = "hard" # agreed\n',
        'level = "hard"',
        '# mine\nlevel = "hard"\n\n# why so\n[severity]\n"surprising-timing" = "warning"\n',
        'level = "hard"\r\n\r\n[severity]\r\n',
        'ignore = [\n  "T105", # the song is quiet\n]\nlevel = "hard"\n',
        "ignore = []\n",
        "",
    ],
)
def test_a_rule_is_switched_off_and_everything_else_stays(tmp_path: Path, text: str) -> None:
    path = put(tmp_path, "maimod.toml", text)
    before = settings.load(str(path)).settings
    assert switch_off(str(tmp_path), "object-unsnapped") == str(path)
    after = path.read_bytes().decode()
    assert ignored(tmp_path) == (*before.ignore, "object-unsnapped")
    assert settings.load(str(path)).settings.level == before.level
    for line in text.splitlines():
        assert line in after or line == "ignore = []"
    assert switch_off(str(tmp_path), "object-unsnapped") == str(path)
    assert path.read_bytes().decode() == after


def test_the_file_above_the_map_is_used_and_else_one_is_made_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "song"
    folder.mkdir()
    assert switch_off(str(folder), "object-unsnapped") == str(folder / "maimod.toml")
    other = tmp_path / "other" / "song"
    other.mkdir(parents=True)
    put(tmp_path / "other", "maimod.toml", "surprisal = false\n")
    assert switch_off(str(other), "object-unsnapped") == str(tmp_path / "other" / "maimod.toml")
    assert ignored(other) == ("object-unsnapped",)


@pytest.mark.parametrize(("text", "said"), [("ignore = [", "is not valid TOML"), ('ignore = "T105"', "must be a list")])
def test_a_file_that_makes_no_sense_is_left_alone(tmp_path: Path, text: str, said: str) -> None:
    path = put(tmp_path, "maimod.toml", text)
    with pytest.raises(ValueError, match=said):
        switch_off(str(tmp_path), "object-unsnapped")
    assert path.read_text(encoding="utf-8") == text

from __future__ import annotations

from pathlib import Path

import pytest

import maimod
from tests.server.maps import QUIET, put, quiet_text, sound_text
from tests.server.scored import MODEL, use_drawn


def test_what_is_exported_is_there() -> None:
    assert all(hasattr(maimod, name) for name in maimod.__all__)


def test_maps_are_checked_from_python(tmp_path: Path) -> None:
    put(tmp_path, "a.osu", quiet_text())
    put(tmp_path, "b.osu", sound_text("Easy"))
    answer = maimod.check(tmp_path, tmp_path / "none.osu", select=["T105"])
    [first, second] = answer
    assert (first.mode, first.artist, first.title, first.difficulty) == ("osu", "Band", "Song", "Hard")
    [finding] = first.findings
    assert (finding.name, finding.severity, finding.time_ms) == (QUIET, "error", 1000)
    assert quiet_text().split("\n")[finding.line] == "1000,-100,4,1,0,2,0,0"
    assert finding.fixes == (maimod.Fix("Set the volume to 5 %", "safe"),)
    assert second.findings == ()
    assert answer.unreadable == (maimod.UnreadablePath(str(tmp_path / "none.osu"), "does not exist"),)


def test_unknown_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no rule 'nonsense'"):
        maimod.check(tmp_path, select=["nonsense"])
    with pytest.raises(ValueError, match="there is no standard 'osu'; there are ranking, lazer, clone-hero"):
        maimod.check(tmp_path, standard="osu")


def test_maps_and_texts_are_scored_from_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_drawn(monkeypatch)
    path = put(tmp_path, "a.osu", sound_text())
    answer = maimod.surprisal(path, tmp_path / "none.osu", text=sound_text("Easy"), name="b.osu", audio="off")
    [first, second] = answer
    assert (first.path, first.mode, first.title, first.difficulty, first.model) == (str(path), "osu", "Song", "Hard", MODEL)
    [note] = first.notes
    assert sound_text().split("\n")[note.line] == "256,192,1000,1,0"
    assert (note.time_ms, note.selection, note.track, note.fields["kind"].actual) == (1000, "1", None, "circle")
    assert sum(each.probability for each in note.fields["new_combo"].expected) == pytest.approx(1, abs=0.01)
    assert second.difficulty == "Easy"
    assert answer.unreadable == (maimod.UnreadablePath(str(tmp_path / "none.osu"), "does not exist"),)

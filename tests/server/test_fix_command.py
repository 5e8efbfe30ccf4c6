from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from analyzers.finding import Category, Finding, Fix, Safety, Severity
from formats.beatmap import Beatmap
from formats.document import Document
from formats.spans import Edit, Span
from formats.timeline import Note, Timeline
from server import writing
from server.fixing import Analyse, Chosen, Mending, choose
from tests.server import wondering
from tests.server.maps import QUIET, maimod, put, quiet_text, sound_text
from tests.server.wondering import NAME, odd_text

SAFE = frozenset({Safety.SAFE})


def fix_quiet(*arguments: str | Path, stdin: str | None = None) -> Result:
    return maimod("fix", "--select", QUIET, *arguments, stdin=stdin)


def mended(text: str) -> str:
    return text.replace("1000,-100,4,1,0,2,0,0", "1000,-100,4,1,0,5,0,0")


def test_one_fix_of_two_findings_is_told_once() -> None:
    demo = Path(__file__).parents[2] / "examples" / "demo"
    told = maimod("fix", "--dry-run", "--select", "break-invalid", demo).stdout
    assert told.count("  00:20:300 - Shrink this break") == 1


def test_a_map_is_fixed_in_place_with_a_backup(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", quiet_text())
    result = fix_quiet(path)
    assert result.exit_code == 0
    told = f"Band - Song [Hard] ({path})\n  00:01:000 - Set the volume to 5 % [{QUIET}]\n\n"
    assert result.stdout == told + "Fixed 1 finding in 1 file; none is left.\n"
    assert path.read_text(encoding="utf-8") == mended(quiet_text())
    assert (tmp_path / "a.osu.bak").read_text(encoding="utf-8") == quiet_text()
    assert fix_quiet(path).stdout == "Nothing to fix.\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encoding_and_line_endings_stay(tmp_path: Path, encoding: str) -> None:
    text = quiet_text(title="曲").replace("\n", "\r\n")
    path = tmp_path / "a.osu"
    path.write_bytes(text.encode(encoding))
    assert fix_quiet(path).exit_code == 0
    assert path.read_bytes() == mended(text).encode(encoding)


def test_bytes_that_are_no_text_stay(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", quiet_text("\udc83\udcff"))
    fix_quiet(path)
    assert path.read_bytes() == mended(quiet_text("\udc83\udcff")).encode("utf-8", "surrogateescape")


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch")
def test_a_diff_writes_nothing_and_applies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "a.osu", quiet_text("\udc83").replace("\n", "\r\n").rstrip())
    before = path.read_bytes()
    monkeypatch.chdir(tmp_path)
    result = fix_quiet("a.osu", "--diff")
    assert (result.exit_code, path.read_bytes()) == (1, before)
    assert result.stderr == "Would fix 1 finding in 1 file; none is left.\n"
    put(tmp_path, "a.diff", "").write_bytes(result.stdout_bytes)
    subprocess.run(["patch", "--binary", "-s", "-p0", "-i", "a.diff"], check=True, cwd=tmp_path)
    assert path.read_bytes() == mended(before.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", quiet_text())
    result = fix_quiet(path, "--dry-run")
    assert result.exit_code == 1
    assert "Would fix 1 finding in 1 file" in result.stdout
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text(encoding="utf-8") == quiet_text()


def test_standard_input_goes_to_standard_output() -> None:
    result = fix_quiet("-", stdin=quiet_text())
    assert result.stdout == mended(quiet_text())
    assert result.stderr == "Fixed 1 finding in 1 file; none is left.\n"


def test_what_is_left_makes_the_exit_code_1(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", sound_text())
    result = maimod("fix", path, "--select", "metadata-genre-language")
    assert result.exit_code == 1
    assert result.stdout == "Nothing to fix; 2 are left.\n"


def test_an_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "set.osz").write_bytes(b"PK")
    result = fix_quiet(tmp_path / "set.osz")
    assert result.exit_code == 2
    assert result.stderr == f"maimod: {tmp_path / 'set.osz'}: is an archive, which fix does not rewrite; unpack it first\n"
    assert result.stdout == ""


def test_a_map_saved_meanwhile_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "a.osu", quiet_text())
    usual = writing.replace_map

    def late(where: str, before: bytes, after: bytes) -> None:
        path.write_bytes(b"saved by the game")
        usual(where, before, after)

    monkeypatch.setattr("server.commands.fix.replace_map", late)
    result = fix_quiet(path)
    assert result.exit_code == 2
    assert "was changed by another program" in result.stderr
    assert path.read_bytes() == b"saved by the game"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "a.osu", quiet_text())

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refused)
    result = fix_quiet(path)
    assert (result.exit_code, result.stderr) == (2, f"maimod: {path}: cannot be written (Permission denied)\n")


def test_song_ini_is_fixed_beside_its_chart(tmp_path: Path) -> None:
    path = put(tmp_path, "notes.chart", "[Song]\n{\n  Resolution = 192\n}\n")
    put(tmp_path, "song.ini", "[song]\nname = X\n")
    assert fix_quiet(path).stdout == "Nothing to fix.\n"


def finding(at: int, *fixes: tuple[int, int, str], kind: str = "k", safety: Safety = Safety.SAFE) -> Finding:
    edits = tuple(Edit(Span(start, end), text) for start, end, text in fixes)
    return Finding("T999", "r", kind, Category.TIMING, Severity.ERROR, Span(at, at), "m", fixes=(Fix("f", safety, edits),))


def test_fixes_that_touch_the_same_text_wait_for_the_next_round() -> None:
    first, second, third = finding(0, (0, 4, "a")), finding(2, (2, 6, "b")), finding(4, (4, 8, "c"))
    same = finding(9, (0, 4, "a"))
    inserts = finding(8, (8, 8, "x")), finding(8, (8, 8, "y"))
    chosen = choose([first, second, third, same, *inserts], SAFE)
    assert [each for each, _ in chosen] == [first, third, same, inserts[0]]


def test_unsafe_fixes_wait_for_leave() -> None:
    unsafe = finding(0, (0, 1, "a"), safety=Safety.UNSAFE)
    assert choose([unsafe], SAFE) == []
    assert len(choose([unsafe], SAFE | {Safety.UNSAFE})) == 1


def mend(text: str, analyse: Analyse) -> tuple[str, list[Chosen], list[Finding]]:
    mending = Mending(Beatmap.from_text(text).document, analyse, SAFE)
    mending.settle()
    return mending.document.text, mending.fixed, mending.findings


def test_a_fix_that_mends_nothing_is_not_applied_for_ever() -> None:
    after, fixed, left = mend("a", lambda now: [finding(0, (0, 0, "x"))] if now else [])
    assert (after, len(fixed), len(left)) == ("xxxa", 3, 1)


def test_difficulties_mend_themselves_before_they_copy_from_each_other(tmp_path: Path) -> None:
    for name in ("Easy", "Hard", "Insane"):
        put(tmp_path, f"{name}.osu", sound_text(name, "Song (ft. X)" if name == "Hard" else "Song feat. X"))
    maimod("fix", tmp_path, "--unsafe-fixes", "--select", "metadata-marker-format,metadata-inconsistent")
    titles = {
        line for path in tmp_path.glob("*.osu") for line in path.read_text(encoding="utf-8").split("\n") if "Title:" in line
    }
    assert len(titles) == 1


def test_fixes_that_undo_each_other_end() -> None:
    def analyse(now: Document) -> list[Finding]:
        return [finding(0, (0, 1, "b"), kind="b")] if now.text == "a" else [finding(0, (0, 1, "a"), kind="a")]

    after, fixed, _ = mend("a", analyse)
    assert (after, len(fixed)) == ("b", 1)


def test_a_fix_may_make_room_for_another() -> None:
    def analyse(now: Document) -> list[Finding]:
        return [finding(0, (0, len(now.text), now.text[1:]), kind=now.text)] if len(now.text) > 1 else []

    assert mend("abcd", analyse)[0] == "d"


def test_a_fix_that_would_break_something_else_is_left_out() -> None:
    def analyse(now: Document) -> list[Finding]:
        broken = [replace(finding(0, kind="broken"), time_ms=1_000.0)] if "x" in now.text else []
        first = [replace(finding(0, (0, 1, "x"), kind="first"), time_ms=1_050.0)] if "a" in now.text else []
        second = [replace(finding(1, (1, 2, "y"), kind="second"), time_ms=9_000.0)] if "b" in now.text else []
        return [*broken, *first, *second]

    after, fixed, left = mend("ab", analyse)
    assert (after, [each.kind for each, _ in fixed], [each.kind for each in left]) == ("ay", ["second"], ["first"])


def fix_guesses(*arguments: str | Path) -> Result:
    return maimod("fix", "--unsafe-fixes", *arguments)


@pytest.mark.usefixtures("wondering")
def test_guesses_of_the_model_are_fixed_where_their_rule_is_named(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", odd_text(100))
    for harmless in (fix_guesses(path), maimod("fix", path, "--select", NAME), fix_guesses(path, "--select", QUIET)):
        assert "Move to the middle" not in harmless.stdout
    put(tmp_path, "a.osu", odd_text(100))
    done = fix_guesses(path, "--select", NAME)
    assert done.stdout.endswith("Fixed 1 finding in 1 file; none is left.\n")
    assert path.read_text(encoding="utf-8") == odd_text(100).replace("13,100", "256,100")


@pytest.mark.usefixtures("wondering")
def test_a_guess_that_is_more_likely_wrong_than_right_is_left(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", odd_text(350))
    assert fix_guesses(path, "--select", NAME).stdout == "Nothing to fix; 1 is left.\n"
    assert path.read_text(encoding="utf-8") == odd_text(350)


@pytest.mark.usefixtures("wondering")
@pytest.mark.parametrize("wrong", ["14", "13"])
def test_a_guess_stands_only_where_the_model_then_has_nothing_to_wonder_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    def left_of_the_middle(note: Note, timeline: Timeline) -> bool:  # noqa: ARG001  the model's signature
        return note.x in (13, 14)

    monkeypatch.setattr(wondering, "MIDDLE", wrong)
    monkeypatch.setattr(wondering, "odd", left_of_the_middle)
    path = put(tmp_path, "a.osu", odd_text(100))
    assert fix_guesses(path, "--select", NAME).stdout.startswith("Nothing to fix")
    assert path.read_text(encoding="utf-8") == odd_text(100)


@pytest.mark.usefixtures("wondering")
def test_what_the_model_wonders_at_after_a_fix_is_left_to_the_mapper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moving one object makes the next one odd: a guess that breeds another goes no further than itself."""
    text = odd_text(100).replace("13,100,1000,1,0", "13,100,1000,1,0\n99,100,2000,1,0")

    def breeding(note: Note, timeline: Timeline) -> bool:
        return note.x == 13 or (note.x == 99 and timeline.notes[0].x == 256)

    monkeypatch.setattr(wondering, "odd", breeding)
    path = put(tmp_path, "a.osu", text)
    assert fix_guesses(path, "--select", NAME).stdout.endswith("Fixed 1 finding in 1 file; 1 is left.\n")
    assert path.read_text(encoding="utf-8") == text.replace("13,", "256,")

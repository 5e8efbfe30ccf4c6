from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from analyzers.finding import Category, Expected, Finding, Related, Severity, Unexpectedness
from formats.spans import Span
from server.check import Answer, Asked, Run
from server.printers import as_github, as_json, as_markdown, as_sarif, as_text, layout
from server.report import Range, Remark, Report
from tests.server.maps import check_quiet, maimod, put, quiet_text, sound_text

ROOT = Path(__file__).parents[2]
MESSAGE = "This timing line's volume is 2 %, outside 5 to 100 %."


def schema(path: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / path).read_text(encoding="utf-8"))
    return loaded


CHECK_SCHEMA = schema("docs/schemas/check-v1.json")
CHECK = Draft202012Validator(CHECK_SCHEMA)
SARIF = Draft7Validator(schema("tests/server/schemas/sarif-schema-2.1.0.json"))


def validate(validator: Draft7Validator | Draft202012Validator, value: object) -> None:
    validator.validate(value)  # pyright: ignore[reportUnknownMemberType]  jsonschema is typed in part


class Told(Run):
    """A run whose reports are given."""

    def __init__(self, *reports: Report) -> None:
        super().__init__([], Asked())
        self._reports = reports

    def __iter__(self) -> Iterator[Report]:
        return self._deliver(Answer([(0, report) for report in self._reports]))


def report(*findings: Finding, path: str = "songs/a.osu") -> Report:
    remarks = tuple(Remark(finding, Range((11, 0), (11, 5)), tuple(() for _ in finding.fixes)) for finding in findings)
    return Report(path, "osu", "osu", "Band", "Song", "Hard", remarks, fails=True)


def finding(
    message: str = "So it is.", category: Category = Category.TIMING, severity: Severity = Severity.ERROR, **values: object
) -> Finding:
    plain = Finding("T999", "some-rule", "some-kind", category, severity, Span(0, 5), message, 12_345.0)
    return replace(plain, **values)  # type: ignore[arg-type]


def written(writer: Callable[[Run, Callable[[str], object]], None], run: Run) -> str:
    pieces: list[str] = []
    writer(run, pieces.append)
    return "".join(pieces)


def test_text_is_what_a_modder_would_paste(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", quiet_text())
    put(tmp_path, "b.osu", sound_text("Easy"))
    assert check_quiet(tmp_path).stdout == (
        f"Band - Song [Hard] ({path})\n  Timing\n    00:01:000 - {MESSAGE} [timing-volume-invalid]\n\n"
        "1 error in 1 of 2 maps. 'maimod fix' can mend 1 of them.\n"
    )


def test_text_says_once_what_stands_at_three_places_or_more() -> None:
    thrice = [finding(time_ms=1000.0 * second, selection="1") for second in (1, 2, 4)]
    text = written(as_text.write_text, Told(report(*thrice, finding("Another.", time_ms=3000.0))))
    assert (
        "    00:01:000 (1), 00:02:000 (1), 00:04:000 (1) - So it is. [some-rule]\n    00:03:000 - Another. [some-rule]\n" in text
    )
    assert "4 errors in 1 map." in text
    assert written(as_text.write_text, Told(report(*thrice[:2]))).count("So it is.") == 2


def test_text_names_twelve_places_at_most_and_markdown_all() -> None:
    run = Told(report(*(finding(time_ms=1000.0 * second) for second in range(15))))
    assert "00:11:000 and 3 more - So it is. [some-rule]\n" in written(as_text.write_text, run)
    assert written(as_markdown.write_markdown, run).count("osu://edit/") == 15


def test_the_notes_of_a_chord_are_one_place() -> None:
    run = Told(report(*(finding(time_ms=1000.0 * second) for second in (1, 1, 2, 2))))
    assert "    00:01:000, 00:02:000 - So it is. [some-rule]\n" in written(as_text.write_text, run)
    assert written(as_markdown.write_markdown, run).count("osu://edit/") == 2


def test_places_of_which_the_same_is_said_share_a_line() -> None:
    run = Told(report(finding(related=[Related("songs/a.osu", time, "1/3 as well") for time in (1000.0, 2000.0)])))
    assert "        00:01:000, 00:02:000 1/3 as well\n" in written(as_text.write_text, run)


def test_the_same_moment_of_another_difficulty_is_not_repeated() -> None:
    run = Told(report(finding(related=[Related("songs/b.osu", time, "Here") for time in (12_344.0, 2000.0)])))
    assert "        00:02:000 Here (b.osu)\n" in written(as_text.write_text, run)


def test_places_in_other_files_are_named_as_short_as_they_can_be() -> None:
    places = ("songs/a.osu", "songs/b.osu", "other/a.osu")
    run = Told(report(finding(related=tuple(Related(path, None, "Here too") for path in places))))
    text = written(as_text.write_text, run)
    assert "        Here too\n        Here too (b.osu)\n        Here too (other/a.osu)\n" in text


def test_what_all_difficulties_have_alike_is_told_once_for_the_set(tmp_path: Path) -> None:
    for name in ("Easy", "Hard"):
        put(tmp_path, f"{name}.osu", quiet_text(name))
    told = check_quiet(tmp_path).stdout.splitlines()
    assert told[0] == f"Band - Song [All 2 difficulties] ({tmp_path.as_posix()})"
    assert told[2:] == [
        f"    00:01:000 - {MESSAGE} [timing-volume-invalid]",
        "",
        "2 errors in 2 maps. 'maimod fix' can mend 2 of them.",
    ]
    assert "## All 2 difficulties\n" in check_quiet(tmp_path, "--format", "markdown").stdout
    assert len(json.loads(check_quiet(tmp_path, "--format", "json").stdout)["files"][1]["findings"]) == 1


def test_what_one_difficulty_lacks_stays_with_the_others() -> None:
    shared, own = finding("Alike."), finding("Own.")
    other = replace(report(shared, path="songs/b.osu"), difficulty="Easy")
    told = list(layout.sections([report(shared, own), other, report(path="elsewhere/c.osu")]))
    assert [[remark.finding.message for remark in each.remarks] for each in told] == [["Alike."], ["Own."], [], []]
    strangers = [report(shared), replace(other, title="Another Song")]
    assert list(layout.sections(strangers)) == strangers


def test_text_stands_by_category_then_time_and_names_objects_lines_and_other_places() -> None:
    run = Told(
        report(
            finding("Later.", time_ms=20_000, selection="1,2"),
            finding("On a setting.", category=Category.COMPOSE, time_ms=None, severity=Severity.HINT),
            finding("Sooner.", related=(Related("b.osu", 500.0, "Here it is right"),)),
        )
    )
    assert written(as_text.write_text, run) == (
        "Band - Song [Hard] (songs/a.osu)\n  Compose\n    line 12 - On a setting. [some-rule]\n"
        "  Timing\n    00:12:345 - Sooner. [some-rule]\n        00:00:500 Here it is right (b.osu)\n"
        "    00:20:000 (1,2) - Later. [some-rule]\n\n2 errors and 1 hint in 1 map.\n"
    )


def test_the_most_surprising_comes_first() -> None:
    findings = [finding(f"{bits}", category=Category.SURPRISAL, surprisal=Unexpectedness(bits, ())) for bits in (3.0, 9.0, 5.0)]
    text = written(as_text.write_text, Told(report(*findings)))
    assert re.findall(r"- (\d)", text) == ["9", "5", "3"]


def surprise(message: str, bits: float, time_ms: float, severity: Severity = Severity.HINT) -> Finding:
    return finding(message, category=Category.SURPRISAL, surprisal=Unexpectedness(bits, ()), time_ms=time_ms, severity=severity)


def test_a_graver_surprise_stands_above_a_rarer_one() -> None:
    told = Told(report(surprise("Rare.", 15.2, 1_000), surprise("Grave.", 9.96, 2_000, Severity.WARNING)))
    assert written(as_text.write_text, told).splitlines()[1:4] == [
        "  Surprisal (most surprising first)",
        "    00:02:000 - Grave. [some-rule, 9 bits]",
        "    00:01:000 - Rare. [some-rule, 15 bits]",
    ]


def test_in_a_row_of_surprises_the_places_stand_by_time() -> None:
    told = Told(report(*(surprise("Odd.", bits, 1_000 * bits) for bits in (9.0, 14.0, 11.0))))
    assert "    00:09:000, 00:11:000, 00:14:000 - Odd. [some-rule, 14 bits]\n" in written(as_text.write_text, told)


def test_nothing_found_is_said_in_one_line(tmp_path: Path) -> None:
    put(tmp_path, "a.osu", sound_text())
    assert check_quiet(tmp_path).stdout == "No findings in 1 map.\n"


def test_a_check_of_nothing_does_not_call_it_fine(tmp_path: Path) -> None:
    assert maimod("check", tmp_path / "no.osu").stdout == "No map was checked.\n"


def test_the_first_line_is_named_where_it_is_what_cannot_be_read(tmp_path: Path) -> None:
    told = maimod("check", put(tmp_path, "a.osu", "hello\n[General]\n")).stdout
    assert "    line 1 - Expected" in told
    assert "    This difficulty has no timing lines." in told


def test_colours_are_for_terminals_or_for_who_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    path = put(tmp_path, "a.osu", quiet_text())
    assert "\x1b[" not in check_quiet(path).stdout
    assert "\x1b[" in check_quiet(path, "--color", "always").stdout


def test_json_validates_and_speaks_utf16(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", sound_text("𝄞 Hard").replace("[TimingPoints]", "[TimingPoints]\n𝄞𝄞"))
    answer = json.loads(maimod("check", path, "--format", "json").stdout)
    validate(CHECK, answer)
    [file] = answer["files"]
    assert (file["format"], file["mode"], file["difficulty"], file["title"]) == ("osu", "osu", "𝄞 Hard", "Band - Song")
    [syntax] = [each for each in file["findings"] if each["name"] == "unreadable-line"]
    assert syntax["range"]["end"]["character"] - syntax["range"]["start"]["character"] == 4


def test_json_of_all_that_a_finding_can_hold_validates() -> None:
    full = finding(
        time_ms=float("nan"), end_ms=1.23456, related=(Related("b.osu", None, "there"),),
        surprisal=Unexpectedness(7.5, (Expected("circle", 0.9),)),
    )  # fmt: skip
    answer = json.loads(written(as_json.write_json, Told(report(full, path="\udc83.osu"))))
    validate(CHECK, answer)
    [told] = answer["files"][0]["findings"]
    assert (told["time_ms"], told["end_ms"], told["surprisal"]["bits"]) == (None, 1.235, 7.5)


def test_json_lines_hold_a_finding_each_with_its_path(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", quiet_text())
    [line] = check_quiet(path, "--format", "jsonl").stdout.splitlines()
    told = json.loads(line)
    validate(Draft202012Validator({"$ref": "#/$defs/finding", "$defs": CHECK_SCHEMA["$defs"]}), told)
    assert (told["path"], told["time_ms"]) == (str(path), 1000)


def test_sarif_is_valid_and_carries_rules_and_fixes(tmp_path: Path) -> None:
    path = put(tmp_path, "my map #1.osu", quiet_text())
    log = json.loads(check_quiet(path, tmp_path / "none.osu", "--format", "sarif").stdout)
    validate(SARIF, log)
    [run] = log["runs"]
    [result] = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "T105"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("/my%20map%20%231.osu")
    [replacement] = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement["insertedContent"]["text"] == "5"
    assert run["invocations"][0]["executionSuccessful"] is False


def test_sarif_without_findings_is_valid(tmp_path: Path) -> None:
    put(tmp_path, "a.osu", sound_text())
    validate(SARIF, json.loads(check_quiet(tmp_path, "--format", "sarif").stdout))


def test_sarif_paths_are_uris(tmp_path: Path) -> None:
    assert as_sarif.uri("a b/ü.osu") == "a%20b/%C3%BC.osu"
    assert as_sarif.uri(str(tmp_path / "x.osu")).startswith("file:///")


def test_github_annotations_escape_what_would_end_them() -> None:
    text = written(as_github.write_github, Told(report(finding("100 %\nsure"), path="a,b:c.osu")))
    assert (
        text
        == "::error title=T999 some-rule,file=a%2Cb%3Ac.osu,line=12,endLine=12,col=1,endColumn=6::00:12:345 - 100 %25%0Asure\n"
    )


def test_markdown_links_time_stamps_and_escapes_titles() -> None:
    run = Told(report(finding("Use `x` <b>*now*</b>.", selection="1,2")))
    text = written(as_markdown.write_markdown, run)
    assert "# Band - Song\n\n## Hard\n\n### Timing\n\n" in text
    assert "- [00:12:345 (1,2)](osu://edit/00:12:345%20(1,2)) - Use \\`x\\` \\<b\\>\\*now\\*\\</b\\>. `some-rule`\n" in text


def test_mania_selections_open_in_the_editor() -> None:
    text = written(as_markdown.write_markdown, Told(report(finding(selection="12345|0,12345|3"))))
    assert "(osu://edit/00:12:345%20(12345|0,12345|3))" in text

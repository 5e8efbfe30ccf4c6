from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from analyzers.context import Context
from analyzers.engine import FAILED_KIND, MOST_PER_RULE, run, run_rule, select, syntax_findings
from analyzers.finding import Category, Finding, Safety, Severity
from analyzers.repairs import delete_line
from analyzers.rule import Change, Issue, Repair, Rule, Template
from formats.beatmap import Beatmap
from formats.document import Place, whole
from formats.mapset import Difficulty
from tests.builder import osu_text

FAULT = Template("fault", Severity.WARNING, "Fault {number}.")
WORSE = Template("worse", Severity.ERROR, "A worse one.")


def a_rule(code: str, check: Callable[[Context], Iterable[Issue]]) -> Rule[Context]:
    return Rule(code, f"rule-{code.lower()}", Category.COMPOSE, "A rule.", (FAULT, WORSE), check)


def a_context(objects: int = 3) -> Context:
    return Context(Difficulty("a.osu", Beatmap.from_text(osu_text([f"0,0,{1000 * number},1,0" for number in range(objects)]))))


def faults(context: Context) -> Iterator[Issue]:
    for number, note in enumerate(reversed(context.notes)):
        yield FAULT(whole(note.line), note.time, number=number)


def breaks(context: Context) -> Iterator[Issue]:
    yield FAULT(whole(context.notes[1].line), number=1)
    raise ZeroDivisionError("by zero")


def ran(*rules: Rule[Context], objects: int = 3) -> list[Finding]:
    context = a_context(objects)
    return run(rules, context, context.document)


def test_a_rule_that_throws_becomes_a_finding_and_the_others_run() -> None:
    found = ran(a_rule("X1", breaks), a_rule("X2", faults))
    assert [(each.code, each.kind) for each in found] == [
        ("X1", FAILED_KIND), ("X2", "fault"), ("X1", "fault"), ("X2", "fault"), ("X2", "fault"),
    ]  # fmt: skip
    assert "by zero" in found[0].message and found[0].severity is Severity.ERROR


def test_a_message_that_cannot_be_filled_is_the_rules_fault_alone() -> None:
    found = ran(a_rule("X1", lambda context: [FAULT(whole(context.first_line))]))
    assert [each.kind for each in found] == [FAILED_KIND]


def test_findings_stand_in_text_order_the_worse_first() -> None:
    def worse(context: Context) -> Iterator[Issue]:
        yield FAULT(whole(context.notes[2].line), number=9)
        yield WORSE(whole(context.notes[2].line))

    found = ran(a_rule("X2", worse), a_rule("X1", faults))
    assert [each.span.start for each in found] == sorted(each.span.start for each in found)
    assert [(each.code, each.kind) for each in found[2:]] == [("X2", "worse"), ("X1", "fault"), ("X2", "fault")]


def test_one_rule_says_at_most_a_thousand_things() -> None:
    assert len(ran(a_rule("X1", faults), objects=MOST_PER_RULE + 5)) == MOST_PER_RULE


def test_the_edits_of_a_fix_stand_in_text_order() -> None:
    def repaired(context: Context) -> Iterator[Issue]:
        first, second, third = (note.line for note in context.notes)
        changes = (delete_line(third), Change(Place(first, 0, 1), "7"), Change(Place(second, 0, 1), "8"))
        yield FAULT(whole(first), number=1, repairs=[Repair("Mend all", Safety.UNSAFE, changes)])

    context = a_context()
    (finding,) = run_rule(a_rule("X1", repaired), context, context.document)
    (fix,) = finding.fixes
    assert [edit.text for edit in fix.edits] == ["7", "8", ""]
    assert list(fix.edits) == sorted(fix.edits)


def test_rules_are_chosen_and_left_out_by_name_and_code() -> None:
    rules = [a_rule(code, faults) for code in ("X1", "X2", "X3")]
    assert [rule.code for rule in select(rules, [], ["rule-x1"])] == ["X2", "X3"]
    assert [rule.code for rule in select(rules, ["X1", "rule-x3"], [])] == ["X1", "X3"]
    assert [rule.code for rule in select(rules, ["X1", "X2"], ["X2"])] == ["X1"]


def test_lines_that_cannot_be_read_are_told_in_their_place() -> None:
    beatmap = Beatmap.from_text(osu_text(["0,0,1000,1,0", "nonsense"]))
    (finding,) = syntax_findings(beatmap.document)
    line = beatmap.document.lines[beatmap.document.index.line_of(finding.span.start)]
    assert line.content == "nonsense" and finding.severity is Severity.ERROR

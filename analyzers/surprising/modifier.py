"""Flag of a chart's note that the model did not expect, or missed.

Forced and tap for guitars, basses and keys; cymbal, accent, ghost and double kick for drums: a note has one where the phrase
leads to none, or the other way round.

Example: `1536 = N 5 0` on one note of a run that is strummed everywhere else
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.finding import Category, Severity
from analyzers.repairs import delete_line, insert_after
from analyzers.rule import CLONE_HERO, Change, Issue, Repair, Rule, Template
from analyzers.surprising.scored import ScoredTrack, remark, unsafe
from analyzers.surprising.track_flags import FRET_FLAGS, LANES_OF, flag_number, flags_at, fret_flags_at, records_at
from formats.chart_lines import DOUBLE_KICK_NUMBER, value_place
from formats.chart_tracks import DrumType, NoteFlag
from formats.document import whole
from models.bundled.fields import Family

KICK = "0"
_FLAGS = {"accent": NoteFlag.ACCENT, "ghost": NoteFlag.GHOST, "cymbal": NoteFlag.CYMBAL}

MODIFIER = Template(
    "other-modifier",
    Severity.INFORMATION,
    "This {what} is {modifier}; {instead}.",
    "A note is forced, a tap, a cymbal, an accent, a ghost or a double kick, or none of them, against what was expected.",
)


def check(scored: ScoredTrack) -> Iterator[Issue]:
    for suspect in scored.suspected("modifier"):
        row = suspect.row
        yield remark(
            scored,
            suspect,
            MODIFIER,
            whole(scored.notes[row].line),
            expected=scored.expected(row, "modifier"),
            repairs=_flagged(scored, row),
            what=scored.what(row),
            modifier=_is(scored, row),
            instead=scored.instead(suspect, "modifier"),
        )


def _is(scored: ScoredTrack, row: int) -> str:
    """`forced`, `a tap note`."""
    value = scored.actual(row, "modifier") or "none"
    said = "forced" if value == "forced" else scored.with_article("modifier", value)
    return said.replace(" note", " chord") if scored.family is Family.FRETS and scored.group(row).is_chord else said


def _flagged(scored: ScoredTrack, row: int) -> Iterator[Repair]:
    for each in scored.likelier(row, "modifier"):
        names = frozenset(str(each.value).split("+")) - {"none"}
        changes = list(_of_frets(scored, row, names) if scored.family is Family.FRETS else _of_drum(scored, row, names))
        if changes:
            words = scored.words("modifier", each.value)
            yield unsafe(f"Make it {words}" if names else "Take the flags away", *changes)


def _of_frets(scored: ScoredTrack, row: int, names: frozenset[str]) -> Iterator[Change]:
    """The flags on the tick that are not wanted go, the wanted one comes."""
    tick = scored.notes[row].tick
    present = fret_flags_at(scored.track, tick)
    wanted = {FRET_FLAGS[name] for name in names}
    for record in present:
        if record.number not in wanted:
            yield delete_line(record.line)
    for number in wanted - {record.number for record in present}:
        yield _added(scored, row, number)


def _of_drum(scored: ScoredTrack, row: int, names: frozenset[str]) -> Iterator[Change]:
    note = scored.notes[row]
    present = dict(flags_at(scored.track, note.tick, note.lane))
    if ("double kick" in names) != (NoteFlag.DOUBLE_KICK in note.flags):
        if note.lane == 0:
            number = str(DOUBLE_KICK_NUMBER) if "double kick" in names else KICK
            yield Change(value_place(note.line), number)
        return
    for name, flag in _FLAGS.items():
        # Of five lanes two are cymbals by themselves; of four only where a chart tells pads and cymbals apart.
        if note.lane not in LANES_OF[flag] or (flag is NoteFlag.CYMBAL and scored.track.drum_type is not DrumType.FOUR_LANE_PRO):
            continue
        if flag in present and name not in names:
            yield delete_line(present[flag].line)
        elif name in names and flag not in present:
            yield _added(scored, row, flag_number(flag, note.lane))


def _added(scored: ScoredTrack, row: int, number: int) -> Change:
    """A flag's line behind the lines of its tick."""
    last = records_at(scored.track, scored.notes[row].tick)[-1].line
    indent = last.text[: len(last.text) - len(last.text.lstrip())]
    return insert_after(scored.document, last, f"{indent}{scored.notes[row].tick} = N {number} 0")


RULE: Rule[ScoredTrack] = Rule(
    "U113", "surprising-modifier", Category.SURPRISAL, __doc__, (MODIFIER,), check, standards=CLONE_HERO
)

"""Snap divisor that hardly occurs, or that another difficulty has otherwise.

A divisor that a map uses once or twice is more often a slip than an idea: three or fewer heads, ends or reverses on it (or seven
or fewer that are less than 0.5 % of all) are a warning, seven or fewer (or twenty, below 5 %) a remark. Finer divisors vouch for
coarser ones (1/6 for 1/3), 1/1 and 1/2 are never rare, a slider of three spans or more is meant as it is, and so is what another
difficulty of the song has at the same time on the same divisor. Four or more that follow each other evenly are a rhythm, and told
as a remark. Another remark is for a note that the next harder difficulty has close by, yet on a divisor of another family (1/4
here, 1/3 there).

Example: one circle on 1/3 in a map of 1/2 and 1/4
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import chain, islice, pairwise
from operator import itemgetter

from analyzers.consensus import of_one_song, related, same_song
from analyzers.context import Context, end_place, time_place
from analyzers.finding import Category, Related, Severity
from analyzers.rule import Issue, Rule, Template
from analyzers.snapping import UNSNAPPED_MS
from formats.mapset import Difficulty
from formats.timeline import Note
from formats.timestamps import format_time
from formats.timing import Snap

_DIVISOR = itemgetter(Snap._fields.index("divisor"))

NEVER_RARE = frozenset({1, 2})
RARE_COUNT, RARE_SHARE = 3, 0.005
UNCOMMON_COUNT, UNCOMMON_SHARE = 7, 0.05
# A share alone would call dozens of uses rare in a long map, though nobody slips that often.
MOST_UNCOMMON = 20
SAME_TIME_MS = 3.0
# Notes of two difficulties no farther apart than this part of a beat may be the same note.
NEAR_BEATS = 1 / 8
# A slider that goes to and fro more often than this shows its rhythm itself, so its reverses and end need no second look.
MOST_SPANS = 2
# More places than this are not listed one by one.
MOST_PLACES = 12
# So many edges that follow each other evenly, within as many ms, are a rhythm: nobody slips into one.
FEWEST_IN_RHYTHM, EVEN_MS = 4, 2.0
# A difficulty with more notes beside the harder one's than this has a rhythm of its own, which is told once.
MOST_DIFFERENT = 20

RARE = Template(
    "rare-snap",
    Severity.WARNING,
    "This is on 1/{divisor}, which this difficulty uses {times}; make sure that it is meant.",
    "A snap divisor is used three times or less, or seven times or less and by less than 0.5 % of all edges.",
)
UNCOMMON = Template(
    "uncommon-snap",
    Severity.INFORMATION,
    "This is on 1/{divisor}, which this difficulty uses {times}.",
    "A snap divisor is used seven times or less, or twenty times or less and by less than 5 % of all edges.",
)
DIFFERENT = Template(
    "different-snapping",
    Severity.INFORMATION,
    "This is on 1/{here}, while [{other}] has a note on 1/{there} at {when} and none here.",
    "A harder difficulty has no note at this time but one close by, on a divisor of another family.",
)
MANY_DIFFERENT = Template(
    "many-different-snapping",
    Severity.INFORMATION,
    "{count} notes from here on lie close to notes of [{other}] on other divisors, this one on 1/{here} beside 1/{there}.",
    "More than 20 notes stand close to notes of a harder difficulty, on divisors of another family.",
)


def check(context: Context) -> Iterator[Issue]:
    # A rhythm of the song is the song's in every mode; how dense a difficulty is compares within its own mode alone.
    yield from _rare(context, [one for one in of_one_song(context) if one is not context.difficulty])
    yield from _different(context, [one for one in same_song(context) if one is not context.difficulty])


def _rare(context: Context, others: Sequence[Difficulty]) -> Iterator[Issue]:
    counts = Counter(map(_DIVISOR, chain.from_iterable([note.snaps for note in context.notes])))
    total = counts.total()
    verdicts: dict[int, Template] = {}
    for divisor in counts.keys() - NEVER_RARE:
        used = sum([count for other, count in counts.items() if other % divisor == 0])
        if used <= RARE_COUNT or (used <= UNCOMMON_COUNT and used < RARE_SHARE * total):
            verdicts[divisor] = RARE
        elif used <= UNCOMMON_COUNT or (used <= MOST_UNCOMMON and used < UNCOMMON_SHARE * total):
            verdicts[divisor] = UNCOMMON
    for divisor, places in sorted(_places(context.notes, verdicts, others).items()):
        template = UNCOMMON if _is_rhythm([note.edge_times[number] for note, number in places]) else verdicts[divisor]
        # Finer divisors had a say in whether this one is rare; the reader wants to know how often it occurs itself.
        yield _rare_issue(context, template, divisor, counts[divisor], places)


def _places(notes: Sequence[Note], divisors: Container[int], others: Sequence[Difficulty]) -> dict[int, list[tuple[Note, int]]]:
    """By divisor, the edges on it (note and number of the edge) that no other difficulty has as well."""
    places: dict[int, list[tuple[Note, int]]] = {}
    for note in notes:
        for number, snap in enumerate(note.snaps):
            if snap.divisor not in divisors or abs(snap.error) >= UNSNAPPED_MS or (number and note.span_count > MOST_SPANS):
                continue
            if not _vouched(note.edge_times[number], snap, others):
                places.setdefault(snap.divisor, []).append((note, number))
    return places


def _is_rhythm(times: Sequence[float]) -> bool:
    steps = [after - before for before, after in pairwise(times)]
    return len(times) >= FEWEST_IN_RHYTHM and max(steps) - min(steps) <= EVEN_MS


def _vouched(time: float, snap: Snap, others: Sequence[Difficulty]) -> bool:
    return any(found.divisor == snap.divisor for other in others for _, found in _around(other, time, SAME_TIME_MS))


def _around(difficulty: Difficulty, time: float, reach: float) -> list[tuple[float, Snap]]:
    """The edges of a difficulty less than `reach` ms from `time`."""
    times, snaps = difficulty.timeline.snaps
    first, last = bisect_right(times, time - reach), bisect_left(times, time + reach)
    return list(zip(times[first:last], snaps[first:last], strict=True))


def _rare_issue(context: Context, template: Template, divisor: int, used: int, places: list[tuple[Note, int]]) -> Issue:
    note, number = places[0]
    further = [Related(context.path, one.edge_times[at], f"1/{divisor} as well") for one, at in places[1:MOST_PLACES]]
    return template(
        time_place(note) if number == 0 else end_place(note),
        note.edge_times[number],
        selection=context.selection(note),
        related=further,
        divisor=divisor,
        times="once" if used == 1 else "twice" if used == 2 else f"{used} times",
    )


def _different(context: Context, others: Sequence[Difficulty]) -> Iterator[Issue]:
    harder = sorted(
        [one for one in others if len(one.timeline.notes) > len(context.notes)], key=lambda one: len(one.timeline.notes)
    )
    if not harder:
        return
    found = list(_beside(context, harder))
    if len(found) <= MOST_DIFFERENT:
        yield from (_different_issue(context, DIFFERENT, *each, harder[0]) for each in found)
        return
    further = [_different_issue(context, DIFFERENT, *each, harder[0]) for each in islice(found, 1, MOST_PLACES)]
    places = [Related(context.path, issue.time, issue.message) for issue in further]
    yield _different_issue(context, MANY_DIFFERENT, *found[0], harder[0], places, len(found))


def _beside(context: Context, harder: Sequence[Difficulty]) -> Iterator[tuple[Note, int, tuple[float, Snap]]]:
    """The edges (note and number) that the next harder difficulty has close by on a divisor of another family, and there."""
    next_harder, known = harder[0], harder[0].timeline.whole_edge_times
    for note in context.notes:
        for number, time in enumerate(note.edge_times):
            if int(time) in known or (number and note.span_count > MOST_SPANS):
                continue
            snap = note.snaps[number]
            if abs(snap.error) < UNSNAPPED_MS and (other := _instead(note, time, snap, next_harder, harder)):
                yield note, number, other


def _instead(
    note: Note, time: float, snap: Snap, next_harder: Difficulty, harder: Sequence[Difficulty]
) -> tuple[float, Snap] | None:
    """The edge of the next harder difficulty that stands where this one was to be expected."""
    if any(_around(one, time, SAME_TIME_MS) for one in harder):
        return None
    near = _around(next_harder, time, note.grid.beat_length_at(time) * NEAR_BEATS)
    other = min(near, key=lambda pair: abs(pair[0] - time), default=None)
    if other is None or other[1].divisor % snap.divisor == 0 or snap.divisor % other[1].divisor == 0:
        return None
    return other if abs(other[1].error) < UNSNAPPED_MS else None


def _different_issue(
    context: Context,
    template: Template,
    note: Note,
    number: int,
    there: tuple[float, Snap],
    harder: Difficulty,
    places: Sequence[Related] = (),
    count: int = 1,
) -> Issue:
    time, snap = there
    return template(
        time_place(note) if number == 0 else end_place(note),
        note.edge_times[number],
        selection=context.selection(note),
        related=places or [related(harder, f"On 1/{snap.divisor} here", time)],
        here=note.snaps[number].divisor,
        other=harder.name,
        there=snap.divisor,
        when=format_time(time),
        count=count,
    )


RULE = Rule(
    "T111",
    "snap-rare-or-inconsistent",
    Category.TIMING,
    __doc__,
    (RARE, UNCOMMON, DIFFERENT, MANY_DIFFERENT),
    check,
    whole_set=True,
)

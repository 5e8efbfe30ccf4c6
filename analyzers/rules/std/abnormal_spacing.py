"""Quick objects much further apart than all others of their rhythm.

In a stream every object follows after the same time, and a player's hand after the same distance. One that is several
times as far away as the others with its gap in time is most often misplaced.

Example: circles every 80 ms and 20 px, and one after 80 ms and 200 px
"""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from analyzers.context import Context, time_place
from analyzers.finding import Category, Related, Severity
from analyzers.rule import STD, Issue, Rule, Template
from analyzers.spacing import Gap, gaps

# ms: about half a beat at 180 BPM; slower objects may be anywhere.
LONGEST_GAP = 180.0
# ms by which gaps of one rhythm differ, since times are cut off to whole ms.
NEAREST_FIRST = (-1, 1, -2, 2)
FEWEST_SAMPLES = 3
# osu!pixels: what is nearer is stacked or meant to look so, and any distance would be huge beside it.
STACKED = 20.0
ABSURD, STRIKING, NOTABLE = 15.0, 4.0, 2.0
# A map with more notable distances than this jumps about on purpose: they are counted instead of listed.
MOST_NOTABLE, MOST_PLACES = 20, 12

MESSAGE = "This object is {distance:.0f} px away after {gap:.0f} ms, {ratio:.1f} times the {mean:.0f} px usual for that gap."
ABSURD_SPACING = Template("absurd-spacing", Severity.ERROR, MESSAGE, "The distance is more than 15 times the usual one.")
STRIKING_SPACING = Template("large-spacing", Severity.WARNING, MESSAGE, "The distance is more than 4 times the usual one.")
NOTABLE_SPACING = Template("notable-spacing", Severity.INFORMATION, MESSAGE, "The distance is more than twice the usual one.")
MANY_NOTABLE = Template(
    "many-notable-spacings",
    Severity.INFORMATION,
    "{count} quick objects are more than twice as far away as usual for their gap, the first of them here.",
    "More than 20 distances are more than twice and at most four times the usual one.",
)


def check(context: Context) -> Iterator[Issue]:
    notable: list[Issue] = []
    for issue in _every(context):
        if issue.template is NOTABLE_SPACING:
            notable.append(issue)
        else:
            yield issue
    if len(notable) <= MOST_NOTABLE:
        yield from notable
        return
    first = notable[0]
    further = [Related(context.path, each.time, each.message) for each in notable[1:MOST_PLACES]]
    yield MANY_NOTABLE(first.at, first.time, first.end, selection=first.selection, related=further, count=len(notable))


def _every(context: Context) -> Iterator[Issue]:
    seen: dict[int, tuple[int, float]] = {}
    for gap in gaps(context, LONGEST_GAP, from_circles=True):
        if gap.time <= 0 or gap.distance < STACKED:
            continue
        speed = gap.distance / gap.time
        rhythm = _rhythm(seen, gap)
        count, total = seen.get(rhythm, (0, 0.0))
        if count >= FEWEST_SAMPLES and (template := _judge(speed * count / total)):
            yield template(
                at=time_place(gap.after), time=gap.before.time, end=gap.after.time,
                selection=context.selection(gap.before, gap.after), distance=gap.distance, gap=gap.time,
                ratio=speed * count / total, mean=total / count * gap.time,
            )  # fmt: skip
        seen[rhythm] = (count + 1, total + speed)


def _rhythm(seen: dict[int, tuple[int, float]], gap: Gap) -> int:
    """The rhythm that the gap belongs to: the nearest already seen within 2 ms, else its own."""
    own = floor(gap.time + 0.5)
    if own in seen:
        return own
    return next((own + off for off in NEAREST_FIRST if own + off in seen), own)


def _judge(ratio: float) -> Template | None:
    if ratio <= NOTABLE:
        return None
    return ABSURD_SPACING if ratio > ABSURD else STRIKING_SPACING if ratio > STRIKING else NOTABLE_SPACING


RULE = Rule(
    "C201", "std-abnormal-spacing", Category.COMPOSE, __doc__, (ABSURD_SPACING, STRIKING_SPACING, NOTABLE_SPACING, MANY_NOTABLE),
    check, modes=STD,
)  # fmt: skip

"""Hit sound that other difficulties have at the same moment.

One song is hit-sounded one way: a clap on the snare in [Insane] belongs on the snare in [Hard] as well. Where most other
difficulties that have an object at that moment play an addition that this one lacks, it was most likely forgotten; what
only a quarter of them or more plays is listed. A difficulty that disagrees all over has hit sounds of its own, and is
named once. What is silenced, plays a sample file of its own or has a storyboard sample beside it is not compared.

Example: a circle without clap at 00:12:345, where the other three difficulties have one
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.additions import ADDITIONS, Sound, addition_names, sounds
from analyzers.agreement import Agreement, Moment, agreement, sounds_at
from analyzers.consensus import related
from analyzers.context import Context
from analyzers.finding import Category, Related, Safety, Severity
from analyzers.repairs import replace_field
from analyzers.rule import CATCH, STD, Change, Issue, Repair, Rule, Template
from formats.document import Place, whole
from formats.timeline import Note

# So many forgotten additions, or so small a share of the shared moments, still stand out.
MOST_FORGOTTEN, FORGOTTEN_SHARE = 8, 0.02
# Of three difficulties or more one alone, which happens to have an object at the moment, does not speak for all.
WITNESSES = 2
# What so few of the others play is theirs alone and no loss to this one: one of five or more, two of nine or more.
SOME_SHARE = 0.25
# More than this are counted instead of listed, and so many of them named.
MOST_LISTED = 20

FORGOTTEN = Template(
    "forgotten-addition",
    Severity.WARNING,
    "[{name}] has no {additions} here, unlike {others}.",
    "Most difficulties with an object at this moment play an addition that this one lacks.",
)
MISSING = Template(
    "missing-addition",
    Severity.INFORMATION,
    "[{name}] has no {additions} here, unlike {others}.",
    "A quarter of the other difficulties or more plays an addition at this moment.",
)
MANY_MISSING = Template(
    "many-missing-additions",
    Severity.INFORMATION,
    "[{name}] lacks additions that other difficulties have at {count} moments, the first of them here.",
    "Other difficulties play additions at more than 20 moments where this one has none.",
)
SLIDER_BODY = Template(
    "slider-body-addition",
    Severity.INFORMATION,
    "This slider's body has a {additions} that none of its edges has.",
    "A slider's hit sound holds an addition, while its edges have sounds of their own without it.",
)
UNIQUE = Template(
    "unique-hitsounding",
    Severity.WARNING,
    "[{name}] is hit-sounded on its own: it differs from the other difficulties at {count} of {shared} shared moments.",
    "A difficulty disagrees with the others at 8 moments or more, and at more than a quarter of those it shares.",
)


def check(context: Context) -> Iterator[Issue]:
    if not context.others:
        return
    found = agreement(context.mapset, STD | CATCH)
    number = list(context.mapset.difficulties).index(context.difficulty)
    if number in found.own:
        count, shared = found.own[number]
        header = context.beatmap.headers.get("HitObjects", context.first_line)
        yield UNIQUE(at=whole(header), name=context.difficulty.name, count=count, shared=shared)
        return
    yield from _compare(context, found, number)
    yield from _slider_bodies(context)


def _compare(context: Context, found: Agreement, number: int) -> Iterator[Issue]:
    witnesses = WITNESSES if len(found.shared) > WITNESSES else 1
    lacking = [
        (moment, missing, missing & moment.expected(number, witnesses))
        for moment in found.moments
        if number in moment.heard and (missing := moment.some(number, SOME_SHARE) & ~moment.heard[number])
    ]
    if not lacking:
        return
    # One addition is forgotten where the rest agrees. Who leaves out many has another idea of the song.
    many = sum(1 for *_, forgotten in lacking if forgotten)
    stands_out = many <= MOST_FORGOTTEN or many <= FORGOTTEN_SHARE * found.shared[number]
    issue = _Writer(context, number, [moment for moment, *_ in lacking])
    for moment, _, forgotten in lacking:
        if stands_out and forgotten:
            yield issue(FORGOTTEN, moment, forgotten)
    listed = [(moment, missing & ~(forgotten if stands_out else 0)) for moment, missing, forgotten in lacking]
    listed = [(moment, additions) for moment, additions in listed if additions]
    if len(listed) > MOST_LISTED:
        first, *further = (issue(MISSING, *each) for each in listed[:MOST_LISTED])
        places = [Related(context.path, each.time, "missing here too") for each in further]
        yield MANY_MISSING(at=first.at, time=first.time, related=places, name=context.difficulty.name, count=len(listed))
    else:
        yield from (issue(MISSING, *each) for each in listed)


class _Writer:
    """Issues on the moments of one difficulty."""

    def __init__(self, context: Context, number: int, moments: list[Moment]) -> None:
        self._context = context
        self._number = number
        self._sounds = sounds_at(context.difficulty, moments)

    def __call__(self, template: Template, moment: Moment, additions: int) -> Issue:
        context = self._context
        note, sound = self._sounds[moment.time]
        having = moment.others_with(additions, self._number)
        other = context.mapset.difficulties[min(having)]
        most = template is FORGOTTEN and len(having) > 1
        names = addition_names(additions)
        change = _add(note, sound, additions)
        return template(
            at=whole(note.line),
            time=sound.time,
            selection=context.selection(note),
            name=context.difficulty.name,
            additions=names,
            others=f"[{other.name}] and most others" if most else f"[{other.name}]",
            related=[related(other, f"[{other.name}] has {names} here", moment.time)],
            repairs=[Repair(f"Add {names}", Safety.UNSAFE, (change,))] if change else [],
        )


def _add(note: Note, sound: Sound, additions: int) -> Change | None:
    """The change that adds to the object's sound, or to the edge's where a slider lists them."""
    source = note.object
    if not note.is_slider:
        return replace_field(note.line, 4, str(source.sound | additions))
    if len(note.edge_times) <= note.span_count:
        return None
    listed = list(source.edge_sounds or ())[: note.span_count + 1]
    listed += [source.sound] * (note.span_count + 1 - len(listed))
    listed[sound.edge] |= additions
    text = "|".join(map(str, listed))
    fields = note.line.content.count(",") + 1
    if fields > 8:
        return replace_field(note.line, 8, text)
    end = len(note.line.content.rstrip())
    return Change(Place(note.line, end, end), f",{text}") if fields == 8 else None


def _slider_bodies(context: Context) -> Iterator[Issue]:
    """Body additions that no edge has, unless another difficulty slides with them at the same moment too."""
    for note in context.notes:
        extra = _body_only(note)
        if extra and not any(
            _slides_alike(other.timeline.between(note.time - 2, note.time + 3), extra) for other in context.others
        ):
            yield SLIDER_BODY(
                at=whole(note.line), time=note.time, selection=context.selection(note), additions=addition_names(extra)
            )


def _body_only(note: Note) -> int:
    source = note.object
    if not note.is_slider or not source.edge_sounds or not source.sound & ADDITIONS:
        return 0
    extra = source.sound & ADDITIONS
    for sound in sounds(note):
        extra &= ~sound.additions
    return extra


def _slides_alike(notes: list[Note], additions: int) -> bool:
    return any(note.is_slider and note.object.sound & additions == additions for note in notes)


RULE = Rule(
    "H101",
    "hitsound-consistency",
    Category.HIT_SOUNDS,
    __doc__,
    (FORGOTTEN, MISSING, MANY_MISSING, SLIDER_BODY, UNIQUE),
    check,
    modes=STD | CATCH,
    whole_set=True,
)

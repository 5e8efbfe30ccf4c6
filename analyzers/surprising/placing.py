"""Where an object would stand at the expected distance and turn from the one before, and the fix that moves it there."""

from __future__ import annotations

from cmath import phase
from collections.abc import Iterator
from math import cos, hypot, radians, sin
from math import degrees as degrees_of

from analyzers.repairs import format_number, replace_field
from analyzers.rule import Change, Repair
from analyzers.surprising.scored import MOST_FIXES, Scored, ScoredDifficulty, unsafe
from formats.document import field
from formats.osu import ObjectKind
from formats.timeline import PLAYFIELD_HEIGHT, PLAYFIELD_WIDTH, Note
from models.bundled.fields import TURNS

# osu!pixels: shorter movements have no direction (`models.bundled.rows`), and suggestions nearer to each other are one.
STILL, ALIKE = 4.0, 24.0


def movement(scored: ScoredDifficulty, row: int) -> complex:
    """osu!pixels from where the player leaves the object before to this one's head."""
    notes = scored.notes
    return _head(notes[row]) - _left(notes[row - 1]) if row else 0j


def arrival(scored: ScoredDifficulty, row: int) -> complex:
    """The movement that the turn at `row` is measured from: along the object before, or to it."""
    if not row:
        return 0j
    before = scored.notes[row - 1]
    along = _left(before) - _head(before)
    return along if abs(along) > 2 * STILL else movement(scored, row - 1)


def degrees(move: complex, came: complex) -> int:
    """By how much a movement turns against the one before, clockwise."""
    return round(degrees_of(phase(move * came.conjugate())))


def _head(note: Note) -> complex:
    return complex(note.x, note.y)


def _left(note: Note) -> complex:
    return complex(*note.end_position)


def other_places(scored: ScoredDifficulty, row: int, name: str) -> list[Repair]:
    """Fixes that move the object to the likeliest places inside the playfield, all of another `name`: distance or angle."""
    if not row or scored.notes[row].is_spinner:
        return []
    note, origin = scored.notes[row], _left(scored.notes[row - 1])
    found: list[complex] = []
    repairs: list[Repair] = []
    for _, move in sorted(_moves(scored, row, name), key=lambda each: -each[0]):
        place = _whole(origin + move)
        if any(abs(place - other) < ALIKE for other in (*found, _head(note))) or not _fits(note, place):
            continue
        found.append(place)
        repairs.append(unsafe(f"Move to {_named(place)}, {_far(abs(move))}", *moved(note, place)))
    return repairs[:MOST_FIXES]


def _far(distance: float) -> str:
    return f"{distance:.0f} px from the object before" if distance >= STILL else "where the object before ends"


def _named(place: complex) -> str:
    return f"{format_number(place.real)}|{format_number(place.imag)}"


def _moves(scored: ScoredDifficulty, row: int, name: str) -> Iterator[tuple[float, complex]]:
    """(likelihood, movement) of the expected distances with the expected turns; of what is not to change, as it is now too."""
    now, came = movement(scored, row), arrival(scored, row)
    straight = came / abs(came) if abs(came) >= STILL else 0j
    turns = [(chance, straight * _turned(int(turn))) for chance, turn in _values(scored, row, "angle")] if straight else []
    if abs(now) >= STILL and name == "distance":
        # What stands there keeps its exact direction.
        turns.append((_chance(scored, row, "angle"), now / abs(now)))
    distances = [(chance, float(distance)) for chance, distance in _values(scored, row, "distance")]
    if name != "distance":
        distances.append((_chance(scored, row, "distance"), abs(now)))
    for likely, distance in distances:
        for chance, direction in turns or [(1.0, straight)]:
            yield likely * chance, direction * distance


def _values(scored: Scored, row: int, name: str) -> list[tuple[float, int]]:
    if not scored.applies(row, name):
        return []
    return [(each.probability, int(each.value)) for each in scored.others(row, name)]


def _chance(scored: Scored, row: int, name: str) -> float:
    return scored.chance(row, name) if scored.applies(row, name) else 0.05


def _turned(degrees: int) -> complex:
    assert degrees in TURNS  # noqa: S101
    return complex(cos(radians(degrees)), sin(radians(degrees)))


def _whole(place: complex) -> complex:
    return complex(round(place.real), round(place.imag))


def _fits(note: Note, head: complex) -> bool:
    """Whether head and tail are inside the playfield there."""
    tail = head - _head(note) + complex(*(note.path.end if note.is_slider else (note.x, note.y)))
    return all(0 <= place.real <= PLAYFIELD_WIDTH and 0 <= place.imag <= PLAYFIELD_HEIGHT for place in (head, tail))


def other_columns_of_fruit(scored: ScoredDifficulty, row: int) -> list[Repair]:
    """Fixes that move a fruit sideways to where it was expected."""
    if not row:
        return []
    note, origin = scored.notes[row], _left(scored.notes[row - 1])
    places = (complex(round(origin.real + shift), note.y) for _, shift in _values(scored, row, "shift"))
    return [unsafe(f"Move to x = {place.real:.0f}", *moved(note, place)) for place in places if _fits(note, place)][:MOST_FIXES]


def moved(note: Note, head: complex) -> list[Change]:
    """The changes after which the object's head is there, with all of a slider's points."""
    across, down = head.real - note.x, head.imag - note.y
    changes = [_at(note, 0, head.real), _at(note, 1, head.imag)]
    if note.object.kind is ObjectKind.SLIDER:
        points = "|".join(_shifted(part, across, down) for part in field(note.line, 5).text.split("|"))
        changes.append(replace_field(note.line, 5, points))
    return changes


def _at(note: Note, index: int, value: float) -> Change:
    return replace_field(note.line, index, format_number(value))


def _shifted(part: str, across: float, down: float) -> str:
    x, colon, y = part.partition(":")
    return f"{format_number(float(x) + across)}:{format_number(float(y) + down)}" if colon else part


def pixels(move: complex) -> int:
    return round(hypot(move.real, move.imag))

"""Fixes that give an object other hit sounds: its additions, a slider's edges, the sample sets of a circle, taiko's notes."""

from __future__ import annotations

from analyzers.repairs import replace_field
from analyzers.rule import Change, Repair
from analyzers.surprising.scored import MOST_FIXES, ScoredDifficulty, unsafe
from formats.document import Place, field
from formats.osu import Additions, HitObject, ObjectKind
from formats.timeline import Note
from models.bundled.fields import SETS, SOUNDS, Value

ADDED = int(Additions.WHISTLE | Additions.FINISH | Additions.CLAP)
KAT = int(Additions.WHISTLE | Additions.CLAP)
EDGE_SOUNDS, SAMPLE_OF_CIRCLE = 8, 5


def other_sounds(scored: ScoredDifficulty, row: int, name: str) -> list[Repair]:
    """Fixes that give the object (`hitsound`) or a slider's tail (`tail_hitsound`) the likelier additions."""
    note = scored.notes[row]
    repairs: list[Repair] = []
    for each in scored.likelier(row, name):
        added = SOUNDS.index(str(each.value)) << 1
        changes = _sounding(note.object, added) if name == "hitsound" else _tail_sounding(note, added)
        words = scored.words(name, each.value)
        whose = "hit sound" if name == "hitsound" else "tail's hit sound"
        repairs.append(unsafe(f"Make the {whose} {words}", *changes))
    return repairs[:MOST_FIXES]


def _with(sound: int, added: int) -> str:
    return str(sound & ~ADDED | added)


def _sounding(source: HitObject, added: int) -> list[Change]:
    """The object's own sound, and that of a slider's head where it was the same."""
    changes = [replace_field(source.line, 4, _with(source.sound, added))]
    sounds = source.edge_sounds or []
    if sounds and sounds[0] & ADDED == source.sound & ADDED:
        changes.append(_edge(source, 0, added))
    return changes


def _tail_sounding(note: Note, added: int) -> list[Change]:
    source = note.object
    if note.span_count < len(source.edge_sounds or ()):
        return [_edge(source, note.span_count, added)]
    known = [str(sound) for sound in source.edge_sounds or ()]
    known += [str(source.sound)] * (note.span_count - len(known)) + [_with(source.sound, added)]
    text = "|".join(known)
    parts = source.line.content.split(",")
    if len(parts) > EDGE_SOUNDS:
        return [replace_field(source.line, EDGE_SOUNDS, text)]
    end = len(source.line.content.rstrip())
    return [Change(Place(source.line, end, end), f",{text}")] if len(parts) == EDGE_SOUNDS else []


def _edge(source: HitObject, number: int, added: int) -> Change:
    place = field(source.line, EDGE_SOUNDS)
    sounds = place.text.split("|")
    sounds[number] = _with((source.edge_sounds or [])[number], added)
    return Change(place, "|".join(sounds))


def other_sets(scored: ScoredDifficulty, row: int, name: str) -> list[Repair]:
    """Fixes that write another sample set into a circle's or plain note's line."""
    source = scored.notes[row].object
    if source.kind is not ObjectKind.CIRCLE:
        return []
    index = 0 if name == "sample_set" else 1
    noun = "sample set" if index == 0 else "addition set"
    found = scored.likelier(row, name)
    return [unsafe(f"Make the {noun} {each.value}", _set(source, index, each.value)) for each in found][:MOST_FIXES]


def _set(source: HitObject, index: int, value: Value) -> Change:
    text = str(SETS.index(str(value)) + 1)
    parts = source.line.content.split(",")
    if len(parts) > SAMPLE_OF_CIRCLE and ":" in parts[SAMPLE_OF_CIRCLE]:
        place = field(source.line, SAMPLE_OF_CIRCLE)
        numbers = place.text.split(":")
        numbers[index] = text
        return Change(place, ":".join(numbers))
    sample = ":".join(text if at == index else "0" for at in range(4)) + ":"
    if len(parts) > SAMPLE_OF_CIRCLE:
        return replace_field(source.line, SAMPLE_OF_CIRCLE, sample)
    end = len(source.line.content.rstrip())
    return Change(Place(source.line, end, end), f",{sample}")


def other_drums(scored: ScoredDifficulty, row: int) -> list[Repair]:
    """Fixes that make a taiko note don or kat, small or big."""
    source = scored.notes[row].object
    if source.kind is not ObjectKind.CIRCLE:
        return []
    wanted = [str(each.value) for each in scored.likelier(row, "kind") if "don" in str(each.value) or "kat" in str(each.value)]
    return [unsafe(f"Make it a {kind}", replace_field(source.line, 4, _drum(source.sound, kind))) for kind in wanted][:MOST_FIXES]


def _drum(sound: int, kind: str) -> str:
    """The hit sound of a don or kat; a kat keeps the bit that makes it one."""
    colour = (sound & KAT or int(Additions.CLAP)) if kind.endswith("kat") else 0
    return str(sound & ~ADDED | colour | (int(Additions.FINISH) if kind.startswith("big") else 0))

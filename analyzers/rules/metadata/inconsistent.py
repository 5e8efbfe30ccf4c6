"""Metadata that differs between difficulties.

Artist, title, source, creator and tags belong to the song and the set, so every difficulty says the same. A difference
hides the difficulty from a search, and the game takes one of the values at random for the whole set. What most
difficulties say is held to be meant. The tag `maimod`, by which a difficulty says that a model wrote a part of it, is not
compared.

Example: `Artist:Artist One` in [Hard], `Artist:Artist Two` in the other three
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analyzers.consensus import WRITTEN_TAG, copy_entry, reference, related
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Template
from formats.mapset import Difficulty

# Key in the file, the mapper's word for it, and the key of its romanised form.
FIELDS = (
    ("Artist", "artist", ""),
    ("ArtistUnicode", "Unicode artist", "Artist"),
    ("Title", "title", ""),
    ("TitleUnicode", "Unicode title", "Title"),
    ("Source", "source", ""),
    ("Creator", "creator", ""),
)
MOST_TAGS_SHOWN = 20

FIELD_MISMATCH = Template(
    "field-mismatch",
    Severity.ERROR,
    "The {field} of [{name}] is '{own}', that of [{other}] '{theirs}'.",
    "Artist, title (either form), source or creator differ from what most difficulties say.",
)
TAGS_MISMATCH = Template(
    "tags-mismatch",
    Severity.ERROR,
    "The tags of [{name}] and [{other}] differ in: {tags}.",
    "Tags stand in one difficulty and not in another.",
)


def check(context: Context) -> Iterator[Issue]:
    if not context.others:
        return
    for key, field, fallback in FIELDS:
        yield from _compare(context, key, field, fallback)
    yield from _compare_tags(context)


def _compare(context: Context, key: str, field: str, fallback: str) -> Iterator[Issue]:
    value = _reader(key, fallback)
    other = reference(context.mapset.difficulties, value)
    if other is None or value(other) == value(context.difficulty):
        return
    own, theirs = context.beatmap.metadata, other.beatmap.metadata
    yield FIELD_MISMATCH(
        at=context.key_place(own, key),
        field=field,
        name=context.difficulty.name,
        own=own.text(key),
        other=other.name,
        theirs=theirs.text(key),
        related=[related(other, f"[{other.name}] says '{theirs.text(key)}'")],
        repairs=copy_entry(context, own, theirs, key, other),
    )


def _reader(key: str, fallback: str) -> Callable[[Difficulty], str]:
    def value(difficulty: Difficulty) -> str:
        text = difficulty.beatmap.metadata.text
        # Old versions of the format have no Unicode forms, and the editor fills them with the romanised one.
        return "" if fallback and text(key) == text(fallback) else text(key)

    return value


def _tags(difficulty: Difficulty) -> frozenset[str]:
    return frozenset(tag.casefold() for tag in difficulty.beatmap.tags) - {WRITTEN_TAG}


def _compare_tags(context: Context) -> Iterator[Issue]:
    other = reference(context.mapset.difficulties, _tags)
    if other is None:
        return
    apart = _tags(other) ^ _tags(context.difficulty)
    if not apart:
        return
    shown = sorted(apart)[:MOST_TAGS_SHOWN]
    more = f" and {len(apart) - len(shown)} more" if len(apart) > len(shown) else ""
    metadata = context.beatmap.metadata
    yield TAGS_MISMATCH(
        at=context.key_place(metadata, "Tags"),
        name=context.difficulty.name,
        other=other.name,
        tags=" ".join(shown) + more,
        related=[related(other, f"[{other.name}] has other tags")],
        repairs=copy_entry(context, metadata, other.beatmap.metadata, "Tags", other),
    )


RULE = Rule(
    "M101", "metadata-inconsistent", Category.METADATA, __doc__, (FIELD_MISMATCH, TAGS_MISMATCH), check, whole_set=True
)  # fmt: skip

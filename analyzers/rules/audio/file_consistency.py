"""Difficulties with different songs, or without one.

All difficulties of a set share one song file. Another name in one of them is most often left over from a renamed file.

Example: `AudioFilename: audio.mp3` in [Hard], `AudioFilename: song.mp3` in the other three
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers.consensus import copy_entry, reference, related, song_of
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Standard, Template
from formats.mapset import same_file

KEY = "AudioFilename"
MEDIA_ENDINGS = (".mp3", ".ogg", ".wav", ".jpg", ".jpeg", ".png")

INCONSISTENT = Template(
    "inconsistent",
    Severity.ERROR,
    "The song of [{name}] is {own}, that of [{other}] {theirs}.",
    "Two difficulties of a set name different song files.",
)
NOT_SET = Template(
    "not-set",
    Severity.ERROR,
    "This difficulty names no song file.",
    "AudioFilename is empty or missing.",
)
FILE_MISSING = Template(
    "file-missing",
    Severity.ERROR,
    "The song '{path}' is not in the map's folder.",
    "The song file that a difficulty names does not exist.",
)


def check(context: Context) -> Iterator[Issue]:
    general = context.beatmap.general
    place = context.key_place(general, KEY)
    other = reference(context.mapset.difficulties, song_of)
    own = general.text(KEY)
    if other and song_of(other) != song_of(context.difficulty):
        theirs = other.beatmap.general
        yield INCONSISTENT(
            at=place,
            name=context.difficulty.name,
            own=_quoted(own),
            other=other.name,
            theirs=_quoted(theirs.text(KEY)),
            related=[related(other, f"[{other.name}] plays {_quoted(theirs.text(KEY))}")],
            repairs=copy_entry(context, general, theirs, KEY, other),
        )
    # The Verify tab compares here and looks for the file elsewhere.
    if context.standard is Standard.LAZER:
        return
    names = context.mapset.file_names
    if not own:
        yield NOT_SET(at=place)
    elif names is not None and same_file(own) not in names and not _stands_alone(names):
        yield FILE_MISSING(at=place, path=own)


def _stands_alone(names: Iterable[str]) -> bool:
    # A map away from its set lacks all of its files: the missing background says so, once.
    return not any(name.endswith(MEDIA_ENDINGS) for name in names)


def _quoted(name: str) -> str:
    return f"'{name}'" if name else "not set"


RULE = Rule(
    "A110",
    "audio-file-consistency",
    Category.AUDIO,
    __doc__,
    (INCONSISTENT, NOT_SET, FILE_MISSING),
    check,
    whole_set=True,
)

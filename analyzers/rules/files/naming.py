"""File name that does not follow from the metadata.

The editor names a difficulty's file `Artist - Title (Creator) [Difficulty].osu`, without the characters that file names
may not hold. Under another name an update adds a second difficulty instead of replacing the old one. Names of more than
130 characters make the folder's path too long for some systems.

Example: `Artist - Song (Mapper) [Hard].osu` with `Version:Insane`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.rule import Issue, Repair, Rule, Template
from formats.beatmap import Beatmap
from formats.document import whole

LONGEST_NAME = 130
_ILLEGAL = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
# osu!stable drops illegal characters, lazer's export writes `_`, and both may leave double or trailing spaces.
_IGNORED = re.compile(r'[\\/:*?"<>|_.\s\x00-\x1f]+')

MISNAMED = Template(
    "misnamed",
    Severity.WARNING,
    "This file should be named '{expected}' after its metadata.",
    "A file's name differs from Artist - Title (Creator) [Difficulty].osu.",
)
TOO_LONG = Template(
    "too-long",
    Severity.WARNING,
    "This file's name has {length} characters, more than 130.",
    "A file's name has more than 130 characters.",
)


def check(context: Context) -> Iterator[Issue]:
    name = context.difficulty.file_name
    if not name.lower().endswith(".osu"):
        return
    expected = expected_name(context.beatmap)
    if _has_names(context.beatmap) and _comparable(name) != _comparable(expected):
        repairs = [Repair(f"Rename the file to '{expected}'", Safety.DISPLAY, ())]
        yield MISNAMED(at=whole(context.first_line), expected=expected, repairs=repairs)
    if len(name) > LONGEST_NAME:
        yield TOO_LONG(at=whole(context.first_line), length=len(name))


def _has_names(beatmap: Beatmap) -> bool:
    """False for a map without metadata, such as a test's: no name follows from nothing."""
    return any(beatmap.metadata.text(key) for key in ("Artist", "Title", "Creator"))


def expected_name(beatmap: Beatmap) -> str:
    """The name that the editor gives the file."""
    text = beatmap.metadata.text
    version = f" [{text('Version')}]" if text("Version") else ""
    return _ILLEGAL.sub("", f"{text('Artist')} - {text('Title')} ({text('Creator')}){version}.osu")


def _comparable(name: str) -> str:
    return _IGNORED.sub("", name.removesuffix(".osu")).casefold()


RULE = Rule("F104", "file-naming", Category.FILES, __doc__, (MISNAMED, TOO_LONG), check)

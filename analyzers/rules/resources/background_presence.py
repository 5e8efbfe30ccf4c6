"""Background missing.

Every difficulty needs a background picture: without one, song select and play show a picture that the game chose. The
file is looked up as the game does on Windows, without regard to upper and lower case.

Example: `0,0,"bg.jpg",0,0` while the folder has no `bg.jpg`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Template
from formats.document import whole
from formats.mapset import same_file

NOT_SET = Template(
    "not-set",
    Severity.ERROR,
    "This difficulty has no background.",
    "[Events] names no background file.",
)
FILE_MISSING = Template(
    "file-missing",
    Severity.ERROR,
    "The background '{path}' is not in the map's folder.",
    "The background file that [Events] names does not exist.",
)


def check(context: Context) -> Iterator[Issue]:
    background = context.beatmap.background
    if background is None or not background.filename:
        line = background.line if background else context.beatmap.headers.get("Events", context.first_line)
        yield NOT_SET(at=whole(line))
        return
    names = context.mapset.file_names
    if names is not None and same_file(background.filename) not in names:
        yield FILE_MISSING(at=whole(background.line), path=background.filename)


RULE = Rule(
    "R101", "background-presence", Category.RESOURCES, __doc__, (NOT_SET, FILE_MISSING), check, whole_set=True
)  # fmt: skip

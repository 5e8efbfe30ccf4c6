"""File that nothing uses.

Whatever lies in the folder is uploaded and downloaded by everyone. A file is used when a difficulty or the storyboard
names it (songs, pictures, videos, samples, frames of an animation), or when the game looks for its name (skin elements,
custom hit sounds that are played, the count-down). In a folder with other sets nothing is said.

Example: `old-background.jpg` that no difficulty names
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import speaks_for_set
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.folder_use import FolderUse, is_lazer_only
from analyzers.rule import Issue, Rule, Template
from formats.document import whole
from formats.mapset import same_file

# What is no part of a map and no upload takes along, or is our own.
_IGNORED = frozenset({"maimod.toml", "thumbs.db", "desktop.ini"})

UNUSED = Template(
    "unused",
    Severity.ERROR,
    "Nothing uses '{path}'.",
    "No difficulty, storyboard or skin uses a file of the folder.",
)
LAZER_ONLY = Template(
    "lazer-only-skin-file",
    Severity.HINT,
    "Only osu!(lazer) uses the skin file '{path}'.",
    "A skin file is not known to osu!stable.",
)


def check(context: Context) -> Iterator[Issue]:
    files = context.mapset.files
    if files is None or not speaks_for_set(context) or _holds_other_sets(context):
        return
    use = FolderUse(context.mapset)
    for path in sorted(files):
        name = same_file(path)
        if name.endswith(".osu") or name in _IGNORED or any(part.startswith(".") for part in name.split("/")):
            continue
        if name == "skin.ini" or use.is_used(path):
            continue
        yield (LAZER_ONLY if is_lazer_only(path) else UNUSED)(at=whole(context.first_line), path=path)


def _holds_other_sets(context: Context) -> bool:
    own = {each.file_name.casefold() for each in context.mapset.difficulties}
    names = (same_file(path) for path in context.mapset.files or ())
    return any(name.endswith(".osu") and name.rpartition("/")[2] not in own for name in names)


RULE = Rule("F103", "file-unused", Category.FILES, __doc__, (UNUSED, LAZER_ONLY), check, whole_set=True)

"""File that nothing uses.

Whatever lies in the folder is uploaded and downloaded by everyone. A file is used when a difficulty or the storyboard
names it (songs, pictures, videos, samples, frames of an animation), or when the game looks for its name (skin elements,
custom hit sounds that are played, the count-down). In a folder with other sets, or without the song, nothing is said.

Example: `old-background.jpg` that no difficulty names
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import speaks_for_set
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.folder_use import FolderUse, holds_other_sets, is_lazer_only
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
    if files is None or not speaks_for_set(context) or holds_other_sets(context.mapset) or not _holds_song(context):
        return
    use = FolderUse(context.mapset)
    for path in sorted(files):
        name = same_file(path)
        if name.endswith(".osu") or name in _IGNORED or any(part.startswith(".") for part in name.split("/")):
            continue
        if name == "skin.ini" or use.is_used(path):
            continue
        yield (LAZER_ONLY if is_lazer_only(path) else UNUSED)(at=whole(context.first_line), path=path)


def _holds_song(context: Context) -> bool:
    # In a folder without the song (downloads, a desktop) the map stands away from its set, and the other files are not its own.
    names = context.mapset.file_names or frozenset()
    return any(same_file(each.beatmap.general.text("AudioFilename")) in names for each in context.mapset.difficulties)


RULE = Rule("F103", "file-unused", Category.FILES, __doc__, (UNUSED, LAZER_ONLY), check, whole_set=True)

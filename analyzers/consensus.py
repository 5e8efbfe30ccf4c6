"""What most difficulties of a set say, and the fix that makes one say what another does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence

from analyzers.context import Context
from analyzers.finding import Related, Safety
from analyzers.repairs import delete_line, set_entry
from analyzers.rule import Repair
from formats.beatmap import Section
from formats.mapset import Difficulty, same_file

# The tag of a difficulty of which the model wrote a part: it is of that difficulty alone.
WRITTEN_TAG = "maimod"


def speaks_for_set(context: Context) -> bool:
    """True for the one difficulty that carries what is said about the folder: the first by file name."""
    return context.difficulty is context.mapset.difficulties[0]


def speaks_for_mode(context: Context) -> bool:
    """True for the one difficulty that carries what is said about the folder for its mode: the first of it by file name."""
    return context.difficulty is same_mode(context)[0]


def same_mode(context: Context) -> list[Difficulty]:
    """The difficulties of the set that share this one's mode, itself among them, in file-name order."""
    return [each for each in context.mapset.difficulties if each.beatmap.mode is context.mode]


def of_one_song(context: Context) -> list[Difficulty]:
    """The difficulties, of any mode, with this one's song file, itself among them: a set may be a pack of many songs."""
    song = song_of(context.difficulty)
    return [each for each in context.mapset.difficulties if each is context.difficulty or song_of(each) == song]


def same_song(context: Context) -> list[Difficulty]:
    """Those of `same_mode` with this one's song file."""
    return [each for each in of_one_song(context) if each.beatmap.mode is context.mode]


def song_of(difficulty: Difficulty) -> str:
    """The song file, however it is spelled; empty where the difficulty names none."""
    return same_file(difficulty.beatmap.general.text("AudioFilename"))


def reference(difficulties: Sequence[Difficulty], value: Callable[[Difficulty], Hashable]) -> Difficulty | None:
    """The first difficulty that holds the value most of them hold (of two as frequent the one met first); None of none."""
    if not difficulties:
        return None
    values = [value(difficulty) for difficulty in difficulties]
    most = Counter(values).most_common(1)[0][0]
    return difficulties[values.index(most)]


def related(difficulty: Difficulty, message: str, time: float | None = None) -> Related:
    return Related(difficulty.path, time, message)


def copy_entry(context: Context, section: Section, other: Section, key: str, source: Difficulty) -> list[Repair]:
    """The fix that gives `key` of this difficulty's section the value it has in `source`, as an offer."""
    entry, wanted = section.entry(key), other.entry(key)
    if wanted is not None:
        changes = set_entry(context.document, section, key, wanted.value)
    else:
        changes = (delete_line(entry.line),) if entry is not None else ()
    return [Repair(f"Copy {key} from [{source.name}]", Safety.UNSAFE, changes)] if changes else []

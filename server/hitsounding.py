"""Hit sounds of a map written anew or copied from another difficulty, and what hinders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.finding import Finding
from formats.document import Document
from formats.spans import Edit, sort_edits
from server.interrupting import resting
from server.rewritable import Rewritable, read_difficulty
from server.songs import Songs
from server.writers import scorer

if TYPE_CHECKING:
    from formats.timeline import Timeline
    from generation.hitsounds import SoundRequest

# How much is done when the sounds are chosen, and the rules have not looked at them yet.
WRITTEN = 0.9


@dataclass(frozen=True, slots=True)
class Hitsounded:
    """What would change; `causes` are findings that the map would have then and has not now, `told` says what was done, `song`
    what was heard, "" for nothing."""

    path: str
    document: Document
    edits: tuple[Edit, ...]
    causes: tuple[Finding, ...]
    told: str
    notices: tuple[str, ...] = ()
    song: str = ""


def hitsound(
    path: str,
    request: SoundRequest,
    source: str | None = None,
    audio: str | None = None,
    weights: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Hitsounded:
    """Of the map at `path` as it stands on disk; copied from the one at `source` where that is given. Writes nothing.

    Raises `Unreadable`, `MaimodError` or `CannotWrite`, each with one sentence.
    """
    around = read_difficulty(path)
    return hitsounded(around, request, Songs(audio), None if source is None else read_difficulty(source), weights, progress)


def hitsounded(
    around: Rewritable,
    request: SoundRequest,
    songs: Songs,
    source: Rewritable | None = None,
    weights: str | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Hitsounded:
    """Of a map as it stands in memory. Raises as `hitsound` does, and `models.bundled.sampling.Cancelled`."""
    from generation.hitsounds import copied_sounds, rewritten_sounds
    from generation.proposal import caused
    from generation.subjects import tag_edits

    stop = resting(cancelled)

    def tell(share: float) -> None:
        if progress is not None:
            progress(share)

    tell(0.0)
    subject = around.osu()
    timeline, heard = subject.difficulty.timeline, ""
    notices: tuple[str, ...] = ()
    if source is not None:
        other = source.osu().difficulty
        edits, found, asked = copied_sounds(timeline, other.timeline, request)
        told = f"{found} of {asked} sounds found in {other.name or source.path}; "
    else:
        features, heard, notices = around.heard(songs, stop)
        stop()
        edits = rewritten_sounds(timeline, request, scorer(weights), features, lambda share: tell(WRITTEN * share), stop)
        told = f"written to {heard}; " if heard else "written without a song; "
        if edits:
            edits = sort_edits((*edits, *tag_edits(subject.difficulty.beatmap)))
    stop()
    after = subject.edited(edits)
    stop()
    told += _counted(timeline, after.difficulty.timeline, request)
    causes, _ = caused(subject.findings(stop), after.findings(stop))
    tell(1.0)
    return Hitsounded(around.path, subject.document, edits, tuple(causes), told, (*notices, *around.notices), heard)


def _counted(before: Timeline, after: Timeline, request: SoundRequest) -> str:
    """How many additions of each kind there are, and were."""
    from generation.drafts import CLAP, FINISH, WHISTLE
    from generation.hitsounds import clicks_of

    old, new = (
        [click.sound for click in clicks_of(each) if request.start <= click.time < request.end] for each in (before, after)
    )
    counts = [
        (name, sum(bool(sound & bit) for sound in old), sum(bool(sound & bit) for sound in new))
        for name, bit in (("whistles", WHISTLE), ("finishes", FINISH), ("claps", CLAP))
    ]
    return ", ".join(f"{name} {one} → {other}" if one != other else f"{name} {one}" for name, one, other in counts)

"""A guest difficulty for a set: written from a reference and its song, or what hinders."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.analysis import analyse_difficulty
from analyzers.finding import Finding
from analyzers.level import level_name, level_named, level_of_stars, star_rating
from analyzers.rule import Level
from formats.beatmap import Beatmap
from formats.document import Document
from formats.mapset import Difficulty
from models.errors import MaimodError
from server.interrupting import resting
from server.rewritable import Rewritable, read_difficulty
from server.songs import Songs
from server.writers import sampler

if TYPE_CHECKING:
    from generation.guest import Guest, GuestRequest
    from generation.subjects import OsuSubject

# What no file system takes in a name, bytes of old maps that are no UTF-8 among it; how many bytes one takes, and how many of
# them the difficulty may have.
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\ud800-\udfff]')
LONGEST_NAME, LONGEST_DIFFICULTY = 240, 120


@dataclass(frozen=True, slots=True)
class Guesting:
    """The new difficulty, where it belongs beside the reference, and the findings on it."""

    path: str
    guest: Guest
    findings: tuple[Finding, ...]
    song: str
    notices: tuple[str, ...] = ()


def guest(
    path: str,
    request: GuestRequest,
    audio: str | None = None,
    weights: str | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Guesting:
    """For the set of the map at `path`, the reference, as it stands on disk.

    Raises `Unreadable`, `MaimodError` or `CannotWrite`, each with one sentence; writes nothing.
    """
    return guested(read_difficulty(path), request, Songs(audio), weights, progress, cancelled)


def guested(
    around: Rewritable,
    request: GuestRequest,
    songs: Songs,
    weights: str | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Guesting:
    """For the set of a map as it stands in memory. Raises as `guest` does, and `models.bundled.sampling.Cancelled`."""
    from generation.guest import guest_difficulty

    subject = around.osu()
    beatmap = subject.difficulty.beatmap
    features, heard, notices = around.heard(songs, resting(cancelled))
    judge = _Judge(subject, os.path.join(os.path.dirname(around.path), file_name(beatmap, request.name)))
    written = guest_difficulty(
        subject.difficulty.timeline, request, sampler(weights), judge.stars, judge.findings, features, progress, cancelled
    )
    findings = tuple(judge.findings(written.document))
    doubts = _name_doubts(subject, judge.path, request)
    return Guesting(judge.path, written, findings, heard, (*around.notices, *notices, *doubts))


def _name_doubts(subject: OsuSubject, path: str, request: GuestRequest) -> Iterator[str]:
    """Why another name may be wanted: it is taken, or says another level than the stars."""
    from generation.guest import TOLERANCE

    name = request.name
    twin = next((each for each in subject.mapset.difficulties if each.name.casefold() == name.casefold()), None)
    if twin is not None:
        yield f"the set has a difficulty [{name}] already ({twin.file_name}); give the new one another name"
    elif os.path.exists(path):
        yield f"{os.path.basename(path)} exists already; give the new difficulty another name"
    mode = subject.difficulty.beatmap.mode if request.mode is None else request.mode
    named = level_named(name, mode)
    # What is beyond Expert is called that too.
    meant, lowest, highest = (
        min(level.rank, Level.EXPERT.rank)
        for level in (
            named or level_of_stars(request.stars),
            level_of_stars(request.stars - TOLERANCE),
            level_of_stars(request.stars + TOLERANCE),
        )
    )
    if named is not None and not lowest <= meant <= highest:
        usual = level_name(level_of_stars(request.stars), mode)
        yield f"the name says {level_name(named, mode)}, but {request.stars:g} stars are usual for {usual}"


@dataclass(frozen=True, slots=True)
class _Judge:
    """What is said of a new difficulty at `path` in the subject's set."""

    subject: OsuSubject
    path: str

    def stars(self, document: Document) -> float:
        """Raises `MaimodError` where it cannot be rated."""
        found = star_rating(Difficulty(self.path, Beatmap(document)))
        if found is None:
            raise MaimodError("the star rating cannot be computed here, so no difficulty can be steered to one")
        return found

    def findings(self, document: Document) -> Sequence[Finding]:
        from generation.subjects import replace_difficulties

        difficulty = Difficulty(self.path, Beatmap(document))
        others = [each for each in self.subject.mapset.difficulties if each.path != self.path]
        mapset = replace_difficulties(self.subject.mapset, [*others, difficulty])
        return analyse_difficulty(difficulty, mapset, self.subject.choices)


def file_name(reference: Beatmap, name: str) -> str:
    """`Artist - Title (Creator) [Name].osu`, as the editor names it; of a long name the song's part loses its end."""
    artist, title, creator = (reference.metadata.text(key) for key in ("Artist", "Title", "Creator"))
    ending = f" [{_cut(_FORBIDDEN.sub('', name), LONGEST_DIFFICULTY)}].osu"
    song = _FORBIDDEN.sub("", f"{artist} - {title} ({creator})").strip()
    return f"{_cut(song, LONGEST_NAME - len(ending.encode()))}{ending}"


def _cut(text: str, most: int) -> str:
    """As much of the text as takes no more bytes."""
    return text.encode()[:most].decode(errors="ignore")

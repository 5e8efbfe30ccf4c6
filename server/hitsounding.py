"""Hit sounds of a map written anew or copied from another difficulty: reads what is needed and says what hinders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analyzers.finding import Finding
from formats.document import Document
from formats.spans import Edit, sort_edits
from models.errors import MaimodError
from server import reading, settings
from server.reading import Unreadable
from server.songs import Songs

if TYPE_CHECKING:
    from generation.hitsounds import SoundRequest
    from generation.subjects import OsuSubject
    from models.bundled.scoring import Scorer


@dataclass(frozen=True, slots=True)
class Hitsounded:
    """What would change; `causes` are findings that the map would have then and has not now, `told` says what was done."""

    path: str
    document: Document
    edits: tuple[Edit, ...]
    causes: tuple[Finding, ...]
    told: str
    notices: tuple[str, ...] = ()


def hitsound(
    path: str, request: SoundRequest, source: str | None = None, audio: str | None = None, weights: str | None = None
) -> Hitsounded:
    """Of the map at `path`; copied from the one at `source` where that is given. Writes nothing.

    Raises `Unreadable`, `MaimodError` or `CannotWrite`, each with one sentence.
    """
    from generation.hitsounds import copied_sounds, rewritten_sounds
    from generation.proposal import caused
    from generation.subjects import tag_edits

    subject, more = open_subject(path)
    difficulty, mapset = subject.difficulty, subject.mapset
    document, timeline = difficulty.beatmap.document, difficulty.timeline
    notices: list[str] = []
    if source is not None:
        other = open_subject(source)[0].difficulty
        edits, found, asked = copied_sounds(timeline, other.timeline, request)
        told = f"{found} of {asked} sounds found in {other.name or source}"
    else:
        song = Songs(audio).of_beatmap(path, difficulty.beatmap, mapset.files)
        if song is not None and song.features is None:
            notices.append(f"written without the song {song.name}: {song.trouble}")
        features = song.features if song is not None else None
        edits = rewritten_sounds(timeline, request, scorer(weights), features)
        told = f"written to {song.name}" if song is not None and features is not None else "written without a song"
        if edits:
            edits = sort_edits((*edits, *tag_edits(difficulty.beatmap)))
    before, after = subject.findings(), subject.edited(edits).findings()
    causes, _ = caused(before, after)
    return Hitsounded(path, document, edits, tuple(causes), told, (*notices, *more))


def scorer(weights: str | None) -> Scorer:
    """The bundled model, or the one at that path. Raises `MaimodError`."""
    from models.bundled.scoring import Scorer
    from server import scoring

    found = scoring.scorer(weights)
    if not isinstance(found, Scorer):
        raise MaimodError("this model scores maps only; hit sounds are written by maimod's own")
    return found


def open_subject(path: str) -> tuple[OsuSubject, tuple[str, ...]]:
    """The `.osu` at the path with its set and the user's choices, and what is wrong with these. Raises `Unreadable`."""
    from generation.subjects import OsuSubject

    if reading.is_archive(path) or reading.archive_around(path):
        raise Unreadable(path, "is in an archive, which is not rewritten; unpack it first")
    if not path.lower().endswith(reading.OSU_SUFFIX):
        raise Unreadable(path, "is no .osu file, so it has no hit sounds or difficulties of that kind")
    found = reading.find([path])
    for _, trouble in found.unreadable:
        raise trouble
    for batch in found.batches:
        read = reading.read_batch(batch)
        for _, trouble in read.unreadable:
            raise trouble
        loaded = settings.load_for(batch.folder)
        choices = replace(loaded.settings.choices, select=())
        for _, difficulty, mapset in read.difficulties:
            return OsuSubject(difficulty, mapset, choices), tuple(loaded.problems)
    raise Unreadable(path, "does not exist")

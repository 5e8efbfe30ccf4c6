"""The maps that the network learns from: which files count, to which set they belong, and what is held out."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.opting_out import opts_out
from formats.timeline import Timeline
from models.bundled.fields import Family
from models.bundled.onsets import Song
from models.bundled.scenes import Scene, scene_of_timeline, scene_of_track, scored_family

# Pieces with fewer notes teach little and are mostly fragments.
FEWEST_NOTES = 24
# Of the sets that may be trained on, this share (by hash of the set's key) is kept for calibration.
HELD_OUT = 0.08


class Split(StrEnum):
    TRAIN = "train"
    TUNE = "tune"
    VALID = "valid"


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One difficulty or track. `set_key` is shared by all difficulties of a set; what stands at a time is heard
    `delay` ms later.
    """

    name: str
    set_key: str
    split: Split
    scene: Scene
    song: Song | None = None
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Source:
    """A file to learn from. Without a `set_key` it follows from artist and title; `valid` files are never trained on."""

    path: str
    data: bytes
    set_key: str = ""
    valid: bool = False
    song: NDArray[np.uint8] | None = None


def split_of(set_key: str, *, valid: bool) -> Split:
    """Valid sets stay valid; of the others a fixed share by hash is for calibration."""
    if valid:
        return Split.VALID
    number = int.from_bytes(hashlib.sha256(set_key.encode()).digest()[:4], "big") / 2**32
    return Split.TUNE if number < HELD_OUT else Split.TRAIN


def pieces_of(source: Source) -> list[Piece]:
    """The difficulties or tracks of one file that can be learned from; none where its mapper opted out."""
    if source.path.lower().endswith(".chart"):
        return list(_tracks(source))
    beatmap = Beatmap.from_bytes(source.data)
    if opts_out(beatmap.document.text):
        return []
    key = source.set_key or set_key(beatmap.metadata.text("Artist"), beatmap.metadata.text("Title"))
    return [_piece(source, source.path, key, scene_of_timeline(Timeline(beatmap)))]


def _tracks(source: Source) -> Iterator[Piece]:
    chart = Chart.from_bytes(source.data)
    if opts_out(chart.document.text):
        return
    key = source.set_key or set_key(chart.song.text("Artist").strip('"'), chart.song.text("Name").strip('"'))
    for track in chart.tracks:
        if scored_family(track) is not None:
            yield _piece(source, f"{source.path}#{track.name}", key, scene_of_track(chart, track), chart.offset)


def set_key(artist: str, title: str) -> str:
    """Artist and title in lower case without what differs between writings of the same song."""
    return re.sub(r"[\W_]+", "", f"{artist} {title}".lower())


def _piece(source: Source, name: str, key: str, scene: Scene, offset: float = 0.0) -> Piece:
    """`offset`: how far into the song (ms) the times of the scene begin."""
    delay, song = 0.0, None
    if source.song is not None:
        song = Song.of(source.song)
        delay = offset + song.delay(scene.time + offset)
    return Piece(name, key, split_of(key, valid=source.valid), scene, song, delay)


def read_pieces(sources: Iterable[Source]) -> list[Piece]:
    """All pieces long enough to learn from. A difficulty that two files hold is taken once."""
    known: set[bytes] = set()
    found: list[Piece] = []
    for source in sources:
        for piece in pieces_of(source):
            digest = hashlib.sha256(piece.scene.time.tobytes() + piece.scene.columns.tobytes()).digest()
            if len(piece.scene) >= FEWEST_NOTES and digest not in known:
                known.add(digest)
                found.append(piece)
    return found


# How much of each step every family gets, as far as there are pieces of it.
FAMILY_SHARES = {
    Family.OSU: 0.44,
    Family.TAIKO: 0.12,
    Family.CATCH: 0.08,
    Family.MANIA: 0.19,
    Family.FRETS: 0.12,
    Family.DRUMS: 0.05,
}


def weights(pieces: list[Piece]) -> NDArray[np.float64]:
    """(pieces,) chances to be drawn: families by their shares, within one every set by the root of its notes, not every file.

    Without this a set of twelve difficulties would count as twelve.
    """
    sets: dict[tuple[Family, str], list[int]] = defaultdict(list)
    for number, piece in enumerate(pieces):
        sets[piece.scene.family, piece.set_key].append(number)
    found = np.zeros(len(pieces))
    for members in sets.values():
        notes = np.array([len(pieces[number].scene) for number in members], float)
        found[members] = notes / notes.sum() * np.sqrt(notes.mean() * len(notes) ** 0.5)
    for family, share in FAMILY_SHARES.items():
        of_family = np.array([piece.scene.family is family for piece in pieces])
        if of_family.any():
            found[of_family] *= share / found[of_family].sum()
    chances: NDArray[np.float64] = found / found.sum()
    return chances

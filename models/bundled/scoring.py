"""Scoring on ONNX Runtime: a map's notes through the shipped network, window by window, windows known already left out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from formats.chart import Chart
from formats.chart_tracks import Played, Track
from formats.timeline import Timeline
from models.bundled.calibration import Floats
from models.bundled.fields import FIELDS, MISTAKES, SIZES
from models.bundled.graphs import Graphs
from models.bundled.onsets import Heard, Song
from models.bundled.rows import Rows, rows_of, within
from models.bundled.scenes import Order, Pause, Scene, ordered_notes, scene_of_timeline, scene_of_track, scored_family
from models.bundled.windows import Inputs, Stretch, inputs_of, key_of, stretches
from models.surprisal import Surprisal

# Windows that are remembered: about 400 KB each.
REMEMBERED = 160
# A song's delay against the map is told in steps of so many ms, so that one moved note does not change it.
DELAY_STEP = 2.0
NATS_TO_BITS = float(1 / np.log(2))


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Read:
    """One window of n notes: chances (n, V) float16, surprises (n, 2 F) in bits; `told` (1, n + context, D) to the detector."""

    chances: NDArray[np.float16]
    surprises: NDArray[np.float32]
    told: NDArray[np.float32]


class _Known(Generic[T]):
    """What was asked for lately, by key. May be used by several threads."""

    def __init__(self) -> None:
        self._held: OrderedDict[bytes, T] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: bytes) -> T | None:
        with self._lock:
            held = self._held.get(key)
            if held is not None:
                self._held.move_to_end(key)
            return held

    def put(self, key: bytes, value: T) -> None:
        with self._lock:
            self._held[key] = value
            while len(self._held) > REMEMBERED:
                self._held.popitem(last=False)


class Scorer:
    """The network, ready to score. One may be shared by threads."""

    def __init__(self, graphs: Graphs, threads: int = 1) -> None:
        self.graphs = graphs
        self._threads = threads
        self.name = graphs.name
        self.calibration = graphs.calibration
        self._read: _Known[_Read] = _Known()
        self._judged: _Known[NDArray[np.float32]] = _Known()
        self._song: Song | None = None

    @classmethod
    def load(cls, path: str | None = None, threads: int = 1) -> Scorer:
        """The shipped weights, or those at `path`. Raises one of `models.errors` with what to do."""
        return cls(Graphs.load(path), threads)

    def timeline(self, timeline: Timeline, song: NDArray[np.uint8] | None = None, pause: Pause | None = None) -> Surprisal:
        """One `.osu` difficulty; `song` (frames, 32) are the features of its audio file."""
        return self._scored(scene_of_timeline(timeline, pause), ordered_notes(timeline), song, 0.0, pause)

    def track(
        self, chart: Chart, track: Track, song: NDArray[np.uint8] | None = None, pause: Pause | None = None
    ) -> Surprisal | None:
        """One track of a chart; None where the network does not know its kind."""
        if scored_family(track) is None:
            return None
        return self._scored(scene_of_track(chart, track), track.notes, song, chart.offset, pause)

    def _scored(
        self, scene: Scene, notes: Sequence[Played], song: NDArray[np.uint8] | None, offset: float, pause: Pause | None
    ) -> Surprisal:
        rows = rows_of(scene, pause=pause)
        chances, surprises, logits = self.answers(rows, self._heard(scene, song, offset), pause)
        fields, applies = len(FIELDS), rows.values > 0
        bits = np.where(applies, surprises[:, :fields], np.nan).astype(np.float32)
        entropy = np.where(applies, surprises[:, fields:], np.nan).astype(np.float32)
        score, suspicion = self.calibration.of(rows.family, logits, surprises)
        return Surprisal(self.name, notes, score, suspicion, bits, entropy, chances, (rows.values - 1).astype(np.int16))

    def _heard(self, scene: Scene, features: NDArray[np.uint8] | None, offset: float) -> Heard | None:
        """The song as the notes hear it, its delay corrected; `offset` ms into it the times of the scene begin."""
        if features is None or not len(scene):
            return None
        song = self._song
        if song is None or song.features is not features:
            self._song = song = Song.of(features)
        times = scene.time + offset
        return song.heard(times, scene.beat_lengths, round(song.delay(times) / DELAY_STEP) * DELAY_STEP)

    def answers(
        self, rows: Rows, heard: Heard | None = None, pause: Pause | None = None
    ) -> tuple[NDArray[np.float16], Floats, Floats]:
        """What the network itself says: chances (N, V), bits and entropies (N, 2 F), suspicion logits (N, len(MISTAKES))."""
        parts = self._windows(rows, heard, pause)
        if not parts:
            empty = np.zeros((0, 2 * len(FIELDS)), np.float32)
            return np.zeros((0, sum(SIZES)), np.float16), empty, empty[:, : len(MISTAKES)]
        columns = zip(*((read.chances, read.surprises, suspicion) for read, suspicion in parts), strict=True)
        chances, surprises, logits = (np.concatenate(column) for column in columns)
        return chances, surprises, logits

    def _windows(self, rows: Rows, heard: Heard | None, pause: Pause | None) -> list[tuple[_Read, NDArray[np.float32]]]:
        """Each window on one thread, several at a time: so the number of threads changes no digit."""
        cut = stretches(rows) if len(rows) else []
        if self._threads == 1 or len(cut) < 2:
            return [self._window(rows, stretch, heard, pause) for stretch in cut]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(partial(self._window, rows, heard=heard, pause=pause), cut))

    def _window(
        self, rows: Rows, stretch: Stretch, heard: Heard | None, pause: Pause | None
    ) -> tuple[_Read, NDArray[np.float32]]:
        """What the network says of one window, and its suspicions (n, len(MISTAKES)), each asked for once."""
        if pause is not None:
            pause()
        inputs = inputs_of(rows, stretch, heard)
        key = key_of(inputs, [name for name in inputs if name != "echo"])
        cut = slice(stretch.start - stretch.first, stretch.stop - stretch.first)
        read = self._read.get(key)
        if read is None:
            read = self._asked(inputs, within(rows.after, slice(stretch.first, stretch.last)), cut)
            self._read.put(key, read)
        key += key_of(inputs, ["echo"])
        judged = self._judged.get(key)
        if judged is None:
            judged = self.graphs.judge({**inputs, "told": read.told})[0, cut].copy()
            self._judged.put(key, judged)
        return read, judged

    def _asked(self, inputs: Inputs, after: Order, cut: slice) -> _Read:
        left, right, *notes = self.graphs.towers(inputs)
        around: Inputs = {"before": left[:, :-1], "after": right[:, after], "note_ahead": notes[0], "note_behind": notes[1]}
        chances, surprises, told = self.graphs.heads({**inputs, **around})
        return _Read(chances[0, cut].astype(np.float16), (surprises[0, cut] * NATS_TO_BITS).astype(np.float32), told)

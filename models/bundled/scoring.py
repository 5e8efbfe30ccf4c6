"""Scoring on ONNX Runtime: a map's notes through the shipped network, window by window, windows known already left out."""

# onnxruntime says nothing of its types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from formats.chart import Chart
from formats.chart_tracks import Played, Track
from formats.timeline import Timeline
from models.bundled.calibration import Calibration, Floats
from models.bundled.fields import FIELDS, MISTAKES, SIZES
from models.bundled.onsets import note_patches, onset_strength, song_delay
from models.bundled.rows import Rows, rows_of
from models.bundled.scenes import ordered_notes, scene_of_timeline, scene_of_track, scored_family
from models.bundled.windows import Inputs, Stretch, inputs_of, key_of, stretches
from models.errors import WeightsDamaged, WeightsMissing, WeightsOfAnotherVersion
from models.surprisal import Surprisal

WEIGHTS = "weights.onnx"
# Raised whenever the network's inputs or outputs change their meaning.
VERSION = 1
# Windows that are remembered: about 170 KB each.
REMEMBERED = 256
# A song's delay against the map is told in steps of so many ms, so that one moved note does not change it.
DELAY_STEP = 2.0
NATS_TO_BITS = float(1 / np.log(2))


class _Session(Protocol):
    """What is used of an `onnxruntime.InferenceSession`."""

    def run(self, output_names: Sequence[str], input_feed: Inputs) -> Sequence[NDArray[np.float32]]: ...


@dataclass(frozen=True, slots=True)
class _Scored:
    """One window: chances (n, V) float16, surprises (n, 2 F) in bits, suspicion (n, len(MISTAKES)) logits."""

    chances: NDArray[np.float16]
    surprises: NDArray[np.float32]
    suspicion: NDArray[np.float32]


class Scorer:
    """The network, ready to score. One may be shared by threads."""

    def __init__(self, weights: bytes, threads: int = 1, where: str = "these weights") -> None:
        self._session, about = _session(weights, where)
        self._threads = threads
        self.name, self.calibration = _named(about, where)
        self._known: OrderedDict[bytes, _Scored] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def load(cls, path: str | None = None, threads: int = 1) -> Scorer:
        """The shipped weights, or those at `path`. Raises one of `models.errors` with what to do."""
        source = files("models.bundled") / WEIGHTS if path is None else Path(path)
        try:
            weights = source.read_bytes()
        except OSError:
            raise WeightsMissing(f"the weights of the surprisal model are missing at {source}: install maimod again") from None
        return cls(weights, threads, str(source))

    def timeline(self, timeline: Timeline, song: NDArray[np.uint8] | None = None) -> Surprisal:
        """One `.osu` difficulty; `song` (frames, 32) are the features of its audio file."""
        return self._scored(rows_of(scene_of_timeline(timeline)), ordered_notes(timeline), song, 0.0)

    def track(self, chart: Chart, track: Track, song: NDArray[np.uint8] | None = None) -> Surprisal | None:
        """One track of a chart; None where the network does not know its kind."""
        if scored_family(track) is None:
            return None
        return self._scored(rows_of(scene_of_track(chart, track)), track.notes, song, chart.offset)

    def _scored(self, rows: Rows, notes: Sequence[Played], song: NDArray[np.uint8] | None, offset: float) -> Surprisal:
        audio = None if song is None or not notes else _heard(song, np.array([note.time for note in notes]) + offset)
        chances, surprises, logits = self.answers(rows, audio)
        fields, applies = len(FIELDS), rows.values > 0
        bits = np.where(applies, surprises[:, :fields], np.nan).astype(np.float32)
        entropy = np.where(applies, surprises[:, fields:], np.nan).astype(np.float32)
        score, suspicion = self.calibration.of(rows.family, logits, surprises)
        return Surprisal(self.name, notes, score, suspicion, bits, entropy, chances, (rows.values - 1).astype(np.int16))

    def answers(
        self, rows: Rows, audio: NDArray[np.float32] | None = None, *, sighted: bool = True
    ) -> tuple[NDArray[np.float16], Floats, Floats]:
        """What the network itself says: chances (N, V), bits and entropies (N, 2 F), suspicion logits (N, len(MISTAKES)).

        `sighted` False: of every note it sees those before it alone.
        """
        parts = self._windows(rows, audio, sighted=sighted)
        if not parts:
            empty = np.zeros((0, 2 * len(FIELDS)), np.float32)
            return np.zeros((0, sum(SIZES)), np.float16), empty, empty[:, : len(MISTAKES)]
        columns = zip(*((part.chances, part.surprises, part.suspicion) for part in parts), strict=True)
        chances, surprises, logits = (np.concatenate(column) for column in columns)
        return chances, surprises, logits

    def _windows(self, rows: Rows, audio: NDArray[np.float32] | None, *, sighted: bool) -> list[_Scored]:
        """Each window on one thread, several at a time: so the number of threads changes no digit."""
        cut = stretches(rows) if len(rows) else []
        if self._threads == 1 or len(cut) < 2:
            return [self._window(rows, stretch, audio=audio, sighted=sighted) for stretch in cut]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(partial(self._window, rows, audio=audio, sighted=sighted), cut))

    def _window(self, rows: Rows, stretch: Stretch, *, audio: NDArray[np.float32] | None, sighted: bool) -> _Scored:
        inputs = inputs_of(rows, stretch, audio, sighted=sighted)
        key = key_of(inputs)
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known
        scored = self._run(inputs, stretch)
        with self._lock:
            self._known[key] = scored
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return scored

    def _run(self, inputs: Inputs, stretch: Stretch) -> _Scored:
        chances, surprises, suspicion = self._session.run(["chances", "surprises", "suspicion"], inputs)
        cut = slice(stretch.start - stretch.first, stretch.stop - stretch.first)
        return _Scored(
            chances[0, cut].astype(np.float16), (surprises[0, cut] * NATS_TO_BITS).astype(np.float32), suspicion[0, cut].copy()
        )


def _heard(song: NDArray[np.uint8], times: NDArray[np.float64]) -> NDArray[np.float32]:
    """(N, 256) what sounds around each note, the song's delay corrected."""
    delay = round(song_delay(onset_strength(song), times) / DELAY_STEP) * DELAY_STEP
    return note_patches(song, times, delay).reshape(len(times), -1)


def _session(weights: bytes, where: str) -> tuple[_Session, dict[str, str]]:
    """The network and what its file says of itself."""
    import onnxruntime

    options: Any = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Planning which buffers to use again takes 0.25 s for a graph of a thousand nodes, and saves no memory in windows.
    options.enable_mem_reuse = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session: Any = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        return session, session.get_modelmeta().custom_metadata_map
    except Exception as trouble:
        raise _damaged(where) from trouble


def _damaged(where: str) -> WeightsDamaged:
    return WeightsDamaged(f"the weights of the surprisal model at {where} are damaged: install maimod again")


def _named(about: dict[str, str], where: str) -> tuple[str, Calibration]:
    """The model's name and its calibration, of weights that fit this program."""
    try:
        card: dict[str, Any] = json.loads(about.get("maimod", "{}"))
        if card.get("version") != VERSION or card.get("fields") != signature():
            raise WeightsOfAnotherVersion(
                f"the weights of the surprisal model at {where} were made for another version of maimod: install maimod again"
            )
        return str(card["name"]), Calibration.from_card(card["calibration"])
    except (ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise _damaged(where) from trouble


def signature() -> list[list[str | int]]:
    """The fields and their sizes: weights fit a program with the same."""
    return [[field.name, field.size] for field in FIELDS]

"""Notes written left to right between what stands before a section and what stands behind it, several candidates at once."""

# numpy's own annotations leave the types of some sums unknown.
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.bundled.echoes import WIDTH
from models.bundled.fields import BEAT_NUMBERS, COLUMN, FIELDS, Family
from models.bundled.graphs import Graphs, read_weights
from models.bundled.onsets import AHEAD, BANDS, PATCH_FRAMES, Heard, Song, note_patches, songs_ahead
from models.bundled.pens import Page
from models.bundled.pens.figures import FIGURED
from models.bundled.pens.memories import memory_of
from models.bundled.pens.notes import Placed, scene_of_notes, standing
from models.bundled.pens.pen import Pen
from models.bundled.rows import BRIDGE, Rows, rows_of
from models.bundled.scenes import Floats, Order, Scene
from models.bundled.seams import Seams, likeliest
from models.bundled.stepping import TIMED, Asked, Note, Numbers, Reading, Steps, note_of, stacked
from models.bundled.windows import Stretch, inputs_of

# Notes that are read before a section, and behind it; training knew windows of 256.
BEFORE, BEHIND = 160, 128
# So many notes are read one after another; then the last BEFORE of them are read anew, as a window begins anywhere.
LONGEST = 256
# Notes of which what the next one is to them follows.
CLOSE = 4
# How much bolder the rhythm of each further candidate is.
BOLDER = 0.4
# The temperature of slider shapes beside that of other fields: mappers keep to one for a while.
SHAPED = 0.6
# How strongly the number of notes of a moment is held.
COMPANY = 1.5
# A song is heard this many ms later than the map says, by steps of so many.
DELAY_STEP = 2.0
_SHORTNESS = -np.log2(np.array(BEAT_NUMBERS) + 0.06)


class Cancelled(Exception):
    """Whoever asked does not want the answer any more."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """`temperature` above 1 is bolder, below 1 tamer; `rhythm` the same for when notes begin and last, on top of it. `nucleus`:
    the share of likeliest values that is drawn from, `steady` the same for rhythm. `pull`: how strongly the pace of `Page` is
    held. `recall`: how far what other bars have at the same place is trusted, 1 for as far as it tells. `hearing`: how much
    further than the network does the song is followed in when notes begin (after https://arxiv.org/abs/2207.12598). The first
    candidate has the likeliest rhythm, each further one a bolder one.
    """

    count: int = 1
    seed: int = 0
    temperature: float = 0.9
    rhythm: float = 0.3
    nucleus: float = 0.92
    steady: float = 0.75
    pull: float = 0.5
    recall: float = 1.0
    hearing: float = 0.5


@dataclass(frozen=True, slots=True)
class Written:
    """One candidate: the notes that were written, in the order of a scene. `sources` (n,) the note of the old scene that each is
    made from, −1 for none; `bits` what its choices cost in all, those that were not free left out."""

    notes: Scene
    sources: list[int]
    bits: float


@dataclass(frozen=True, slots=True)
class Listener:
    """The song of a map, heard `delay` ms later than the map's times say."""

    song: Song
    delay: float

    def patches(self, times: Floats) -> Numbers:
        return note_patches(self.song.features, times, self.delay, self.song.means).reshape(len(times), PATCH_FRAMES * BANDS)

    def ahead(self, times: Floats, beats: Floats) -> Numbers:
        """(n, AHEAD): how the song goes on from notes at these times."""
        doubled = np.append(times, 0.0), np.append(beats, 1.0)
        return songs_ahead(self.song.begun, doubled[0], doubled[1], self.delay)[1:]


Progress = Callable[[float], None]


class Sampler:
    """The network, ready to write. May be shared by threads."""

    def __init__(self, archive: bytes, graphs: Graphs | None = None) -> None:
        """Raises one of `models.errors`, or `stepping.Unlike`."""
        self.graphs = graphs or Graphs(archive)
        self.steps = Steps(self.graphs, archive)

    @classmethod
    def load(cls, path: str | None = None) -> Sampler:
        """The shipped weights, or those at `path`. Raises one of `models.errors` with what to do."""
        weights, where, cure = read_weights(path)
        return cls(weights, Graphs(weights, where, cure))

    def written(
        self,
        page: Page,
        wishes: Wishes,
        listener: Listener | None = None,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
        condition: NDArray[np.float32] | None = None,
    ) -> list[Written]:
        """`wishes.count` candidates; the same request is answered alike. Raises `Cancelled`."""
        return _Session(self, page, wishes, listener, progress, cancelled, condition).write()


class _Session:
    """One request."""

    def __init__(
        self,
        sampler: Sampler,
        page: Page,
        wishes: Wishes,
        listener: Listener | None,
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
        condition: NDArray[np.float32] | None,
    ) -> None:
        self.sampler, self.steps, self.page, self.wishes, self.listener = sampler, sampler.steps, page, wishes, listener
        self.progress, self.cancelled = progress, cancelled
        self.family = page.family
        self.rhythm = _STRUCK if page.family is Family.FRETS else _RHYTHM
        self.condition = page.scene.condition if condition is None else condition
        self.whole = self.steps.whole(int(self.family), self.condition)
        self._pause()
        song, delay = (None, 0.0) if listener is None else (listener.song, listener.delay)
        memory = memory_of(page, song, delay, self._pause)
        self.seams = Seams(page, wishes.seed)
        self.pens = [Pen(page, memory, rng, number) for number in range(wishes.count) for rng in self.seams.chances(number)]
        for pen in self.pens:
            pen.bold = 1 + BOLDER * pen.candidate
        self.pens_left: list[Pen] = []
        self.done: list[list[Pen]] = [[] for _ in range(wishes.count)]

    def write(self) -> list[Written]:
        self._tell(0.0)
        self.seen, self.states = self._behind()
        self._read(self.pens)
        while self.pens_left:
            self._tell(self._share())
            self._try()
            self._step()
        self._tell(1.0)
        return [self._candidate(likeliest(pens)) for pens in self.done]

    def _pause(self) -> None:
        if self.cancelled is not None and self.cancelled():
            raise Cancelled

    def _tell(self, share: float) -> None:
        self._pause()
        if self.progress is not None:
            self.progress(share)

    def _share(self) -> float:
        page = self.page
        slowest = min(pen.time for pen in self.pens_left)
        return float(np.clip((slowest - page.start) / max(page.end - page.start, 1.0), 0.0, 1.0))

    # What stands behind

    def _behind(self) -> tuple[Order, Numbers]:
        """The notes that may be seen from behind, by their number in the scene, and (n + 1, D) what the backward tower says from
        each on; last of nothing."""
        page, scene = self.page, self.page.scene
        section = np.arange(page.first, page.stop)
        last = min(page.stop + BEHIND, len(scene))
        seen = np.concatenate((section if page.sighted else section[page.stays[section]], np.arange(page.stop, last)))
        if not len(seen):
            return seen, self.steps.end[None]
        # The first note behind is itself written between what stands before and behind it.
        asked = int((seen < page.stop).sum()) + min(len(scene) - page.stop, 2)
        states: list[Numbers] = []
        for at in range(0, asked, BEHIND):
            self._tell(0.0)
            states.append(self._from_behind(seen[at : at + 2 * BEHIND])[: min(BEHIND, asked - at)])
        return seen[:asked], np.concatenate((*states, self.steps.end[None]))

    def _from_behind(self, seen: Order) -> Numbers:
        """(n, D) of notes that follow each other. Nothing is said of the first of a window, so it stands there twice."""
        part = self.page.scene.taken(np.concatenate((seen[:1], seen)))
        rows = replace(rows_of(part, np.zeros((len(part), WIDTH), np.float32)), condition=self.condition)
        if self.page.sighted:
            rows = _forgotten(rows, np.concatenate(([False], seen < self.page.stop)), self.page.kept)
        heard = (
            None if self.listener is None else Heard(self.listener.patches(part.time), np.zeros((len(part), AHEAD), np.float32))
        )
        right: Numbers = self.sampler.graphs.towers(inputs_of(rows, Stretch(0, 0, len(part), len(part)), heard))[1]
        return right[0, 1:]

    # What stands before

    def _read(self, pens: Sequence[Pen]) -> None:
        """Reads what stands before the next note of each pen, all of which have written as many."""
        self.pens_left = list(pens)
        self.reading = Reading(self.steps, int(self.family), self.condition)
        known = [pen.known[-(BEFORE + CLOSE) :] for pen in pens]
        left_out = max(len(known[0]) - BEFORE, 0)
        alike = all(pen.written == 0 for pen in pens)
        if not known[0]:
            self.states_before = np.repeat(self.steps.start[None], len(pens), axis=0)
            self.beats = np.zeros(len(pens))
        else:
            parts = [self._notes(each, left_out) for each in (known[:1] if alike else known)]
            states = self.reading.read(stacked(parts))[:, -1]
            self.beats = np.array([float(each.beat[-1]) for each in parts])
            if alike:
                everyone = np.zeros(len(pens), np.intp)
                self.reading, states, self.beats = self.reading.spread(everyone), states[everyone], self.beats[everyone]
            self.states_before = states

    def _notes(self, known: list[Placed], left_out: int) -> Note:
        """Notes as they are read, the first few of which are only there for the others' sake."""
        part = self._scene(known)
        rows = rows_of(part, np.zeros((len(part), WIDTH), np.float32))
        return note_of(rows, self._sound(part.time)).part(slice(left_out, None))

    def _scene(self, notes: Sequence[Placed]) -> Scene:
        return scene_of_notes(self.page.scene, notes)

    def _sound(self, times: Floats) -> Numbers:
        if self.listener is None:
            return np.zeros((len(times), PATCH_FRAMES * BANDS), np.float32)
        return self.listener.patches(times)

    # One note

    def _step(self) -> None:
        """Writes the next note of each pen that is not done."""
        for pen in self.pens_left:
            pen.begin()
        self._drop()
        if not self.pens_left:
            return
        self._decode(self._asked())
        self._drop()
        if not self.pens_left:
            return
        for pen in self.pens_left:
            pen.finish()
        if self.reading.count >= LONGEST:
            self._read(self.pens_left)
            return
        groups = [pen.known[-CLOSE:] for pen in self.pens_left]
        part = self._scene([note for group in groups for note in group])
        rows = rows_of(part, np.zeros((len(part), WIDTH), np.float32))
        last = np.cumsum([len(group) for group in groups]) - 1
        if len(groups[0]) > 1:
            self.beats = self.beats + rows.beat[last] - rows.beat[last - 1]
        note = note_of(rows, self._sound(part.time)).part(last)._replace(beat=self.beats)
        self.states_before = self.reading.read(note.along(1))[:, 0]

    def _try(self) -> None:
        """Goes on with the likeliest beginnings, and where the end is near with several ends of each candidate."""
        if (begun := self.seams.begun(self.pens_left)) is not None:
            self._go_on(begun, [self.pens_left[at] for at in begun])
        if (ending := self.seams.ending(self.pens_left, self._pause)) is not None:
            self._go_on(*ending)

    def _go_on(self, rows: list[int], pens: list[Pen]) -> None:
        """With these pens, of which each goes on from what pen `rows[i]` of those at work has written."""
        going = np.array(rows, np.intp)
        self.pens_left = pens
        self.reading, self.states_before, self.beats = self.reading.spread(going), self.states_before[going], self.beats[going]

    def _drop(self) -> None:
        """Leaves the pens that are done."""
        rows = [at for at, pen in enumerate(self.pens_left) if pen.done]
        if not rows:
            return
        done = [self.pens_left[at] for at in rows]
        if self.seams.tries_ends and done[0].known:
            for pen, bits in zip(done, self._bits_behind(done, self.states_before[rows]), strict=True):
                pen.behind = bits
        for pen in done:
            self.done[pen.candidate].append(pen)
        going = [at for at, pen in enumerate(self.pens_left) if not pen.done]
        self._go_on(going, [self.pens_left[at] for at in going])

    def _bits_behind(self, pens: Sequence[Pen], states_before: Numbers) -> list[float]:
        """What the first note behind the section costs the network after each of the pens, which are done."""
        page, scene, steps = self.page, self.page.scene, self.steps
        behind = [standing(scene, at) for at in range(page.stop, min(page.stop + 2, len(scene)))]
        groups = [[*pen.known[-CLOSE:], *behind] for pen in pens]
        part = self._scene([note for group in groups for note in group])
        rows = rows_of(part, np.zeros((len(part), WIDTH), np.float32))
        at = np.cumsum([len(group) for group in groups]) - len(behind)
        note = note_of(rows, self._sound(part.time)).part(at)
        gap, bridge, after = rows.bridge_gap[at].astype(np.int64), rows.bridge[at], len(self.states) - 1
        if len(behind) > 1:
            after = int(np.searchsorted(self.seen, page.stop + 1))
        else:
            gap, bridge = np.zeros_like(gap), np.zeros_like(bridge)
            bridge[:, 9] = 1
        states_after = np.repeat(self.states[after][None], len(pens), axis=0)
        ahead = self._ahead([pen.known[-1].time for pen in pens])
        return self._bits_of(note, steps.asked(int(self.family), self.whole, states_before, states_after, gap, bridge, ahead))

    def _bits_of(self, note: Note, asked: Asked) -> list[float]:
        """What each of the notes costs the network that is asked for it."""
        steps = self.steps
        known = np.zeros((len(note.values), asked.heads.shape[-1]), np.float32)
        nats = np.zeros(len(note.values))
        for number in range(len(FIELDS)):
            if number == TIMED:
                known = known + steps.timed(note.phase, note.bar, note.audio)
            values = note.values[:, number]
            if values.any():
                logits = steps.logits(asked, number, known).astype(np.float64)
                for at in np.flatnonzero(values > 0).tolist():
                    nats[at] -= np.log(max(_softmax(logits[at])[values[at] - 1], 1e-9))
            known = known + steps.decoded(number, values)
        bits: list[float] = (nats / np.log(2)).tolist()
        return bits

    def _ahead(self, times: Sequence[float]) -> Numbers:
        """(n, AHEAD) how the song goes on from notes at these times."""
        if self.listener is None:
            return np.zeros((len(times), AHEAD), np.float32)
        beats = self.page.scene.beats
        at = np.array(times)
        _, stretch = beats.at(at)
        return self.listener.ahead(at, beats.lengths[stretch])

    def _asked(self) -> Asked:
        """What stands around the next note of each pen."""
        page, scene, pens = self.page, self.page.scene, self.pens_left
        after = [pen.next_seen for pen in pens]
        places = [len(self.states) - 1 if at < 0 else int(np.searchsorted(self.seen, at)) for at in after]
        gap, bridge = np.zeros(len(pens), np.int64), np.zeros((len(pens), BRIDGE), np.float32)
        bridge[:, 9] = [at < 0 for at in after]
        bridge[:, 10] = not page.sighted
        bridge[:, 8] = [not pen.known for pen in pens]
        spanned = [number for number, (pen, at) in enumerate(zip(pens, after, strict=True)) if at >= 0 and pen.known]
        if spanned:
            notes: list[Placed] = []
            ends: list[int] = []
            for number in spanned:
                behind = standing(scene, after[number])
                notes += (
                    [*pens[number].known[-CLOSE:], behind, behind] if page.sighted else [*pens[number].known[-CLOSE:], behind]
                )
                ends.append(len(notes) - 1 - page.sighted)
            part = self._scene(notes)
            rows = rows_of(part, np.zeros((len(part), WIDTH), np.float32), () if page.sighted else [(at, at) for at in ends])
            gap[spanned], bridge[spanned] = rows.bridge_gap[ends], rows.bridge[ends]
        known = bool(pens[0].known)
        ahead = self._ahead([pen.known[-1].time for pen in pens]) if known else np.zeros((len(pens), AHEAD), np.float32)
        around = (int(self.family), self.whole, self.states_before, self.states[places], gap, bridge)
        self.unheard = self.steps.asked(*around, np.zeros_like(ahead)) if ahead.any() and self.wishes.hearing else None
        return self.steps.asked(*around, ahead)

    unheard: Asked | None = None

    def _decode(self, asked: Asked) -> None:
        """Each field of the next note of each pen."""
        steps, pens = self.steps, self.pens_left
        known = np.zeros((len(pens), asked.heads.shape[-1]), np.float32)
        for number in range(len(FIELDS)):
            self._pause()
            if number == TIMED:
                known = known + self._timed(pens)
            values = np.zeros(len(pens), np.int64)
            choices = [pen.choice(number) for pen in pens]
            open_to = [at for at, choice in enumerate(choices) if not isinstance(choice, int)]
            logits = steps.logits(asked, number, known) if open_to else None
            if logits is not None and self.unheard is not None and number in _STRUCK:
                logits = logits + self.wishes.hearing * (logits - steps.logits(self.unheard, number, known))
            for at, choice in enumerate(choices):
                if isinstance(choice, int):
                    values[at] = choice
                elif logits is not None:
                    values[at] = self._drawn(pens[at], number, logits[at], choice) + 1
            known = known + steps.decoded(number, values)

    def _timed(self, pens: Sequence[Pen]) -> Numbers:
        places = [(1, 1) if pen.done or pen.note.given else pen.heard_at() for pen in pens]
        phase, bar = (np.array(each, np.int64) for each in zip(*places, strict=True))
        return self.steps.timed(phase, bar, self._sound(np.array([pen.note.time for pen in pens])))

    def _drawn(self, pen: Pen, number: int, logits: Numbers, mask: NDArray[np.bool_]) -> int:
        """A category of the field, drawn from those that may stand."""
        allowed = np.flatnonzero(mask)
        if len(allowed) == 1:
            category = int(allowed[0])
        else:
            wanted = self._wanted(pen, number, allowed)
            scores = self._scores(logits, allowed, wanted)
            odds = self._with_others(pen, number, allowed, wanted, _softmax(scores / self._temperature(pen, number)))
            at = self._picked(pen, number, odds)
            pen.bits -= float(np.log2(max(_softmax(scores)[at], 1e-9)))
            pen.cost -= float(np.log2(max(_softmax(logits[allowed].astype(np.float64))[at], 1e-9)))
            category = int(allowed[at])
        pen.take(number, category)
        return category

    def _wanted(self, pen: Pen, number: int, allowed: NDArray[np.intp]) -> _Wanted:
        """What is wanted of a field of which these categories may stand."""
        leaning = pen.leaning(number)
        return _Wanted(
            pen.hurry() if number == _GAP else 0.0,
            COMPANY * pen.company() if number == _GAP else 0.0,
            None if leaning is None else leaning[allowed],
        )

    def _scores(self, logits: Numbers, allowed: NDArray[np.intp], wanted: _Wanted) -> NDArray[np.float64]:
        """(n,) nats of the categories: what the network says, and what is wanted."""
        scores = logits[allowed].astype(np.float64)
        if wanted.hurry or wanted.beside:
            scores = scores + _hurried(scores, allowed, self.wishes.pull * wanted.hurry, wanted.beside)
        if wanted.leaning is not None:
            scores = scores + wanted.leaning
        return scores

    def _temperature(self, pen: Pen, number: int) -> float:
        wishes = self.wishes
        surer = min(wishes.rhythm * pen.bold, 1.0) if number in self.rhythm else SHAPED if number in _SHAPE else 1.0
        return wishes.temperature * surer

    def _with_others(
        self, pen: Pen, number: int, allowed: NDArray[np.intp], wanted: _Wanted, odds: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(n,) the chances of the categories when what other bars have here is heard as well."""
        wishes = self.wishes
        recalled = pen.recalled(number, FIELDS[number].size) if wishes.recall and number in _LIKE_OTHERS else None
        if recalled is None:
            return odds
        votes = recalled[0][allowed]
        if wanted.leaning is not None:
            votes = votes * np.exp(wanted.leaning)
        if wanted.beside and allowed[0] == 0:
            votes[0] *= np.exp(wanted.beside)
        if (said := float(votes.sum())) <= 0:
            return odds
        # What other bars have does not count where more or fewer notes are wanted than they have.
        recall = wishes.recall if number in _RECALLED else min(wishes.recall, 1.0)
        trust = min(recall * recalled[1] * said / (1 + wishes.pull * abs(wanted.hurry)), 1.0)
        return (1 - trust) * odds + trust * votes / said

    def _picked(self, pen: Pen, number: int, odds: NDArray[np.float64]) -> int:
        """Which of the categories is drawn, none of the unlikeliest."""
        wishes = self.wishes
        order = np.argsort(-odds, kind="stable")
        nucleus = min(wishes.nucleus, wishes.steady * pen.bold) if number in self.rhythm else wishes.nucleus
        kept = order[: int(np.searchsorted(np.cumsum(odds[order]), nucleus)) + 1]
        share: NDArray[np.float64] = np.cumsum(odds[kept])
        drawn_at = pen.hand.rng.random() * float(share[-1])
        return int(kept[min(int(np.searchsorted(share, drawn_at)), len(kept) - 1)])

    def _candidate(self, pen: Pen) -> Written:
        notes = pen.known[len(pen.known) - pen.written :]
        new = [note for note in notes if not note.given]
        return Written(self._scene(new), [note.source for note in new], pen.bits)


class _Wanted(NamedTuple):
    """What is wanted of a field beside what the network says of it: short gaps above 0 of `hurry`, one more note of a moment
    above 0 of `beside`, and (n,) nats `leaning` towards each of its categories."""

    hurry: float
    beside: float
    leaning: NDArray[np.float64] | None


_GAP = COLUMN["gap"]
_RECALLED = frozenset(
    COLUMN[name]
    for name in (
        *("gap", "kind", "lane", "new_combo", "length", "repeats", "modifier"),
        *("hitsound", "tail_hitsound", "sample_set", "addition_set"),
    )
)
_LIKE_OTHERS = _RECALLED | {COLUMN[name] for name in FIGURED}
_SHAPE = frozenset((COLUMN["curve"], COLUMN["anchors"]))
_STRUCK = frozenset((COLUMN["gap"], COLUMN["snap"]))
_RHYTHM = frozenset(COLUMN[name] for name in ("gap", "snap", "length", "end_snap", "repeats"))


def _forgotten(rows: Rows, section: NDArray[np.bool_], kept: frozenset[str]) -> Rows:
    """The rows of the `section` (N,) without the fields that are not kept."""
    values = rows.values.copy()
    for at, name in enumerate(FIELDS):
        if name.name not in kept and name.name not in ("gap", "snap", "error"):
            values[section, at] = 0
    return replace(rows, values=values)


def _hurried(scores: NDArray[np.float64], allowed: NDArray[np.intp], hurry: float, beside: float) -> NDArray[np.float64]:
    """(n,) what is added to the scores of gaps so that short ones are likelier; one more note of a chord is so by `beside`."""
    added: NDArray[np.float64] = hurry * _SHORTNESS[allowed]
    if allowed[0] == 0 and len(allowed) > 1:
        added[0] = beside + np.log(float((_softmax(scores[1:]) * np.exp(added[1:])).sum()))
    return added


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.exp(scores - scores.max())
    chances: NDArray[np.float64] = weights / weights.sum()
    return chances

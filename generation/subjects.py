"""A map as whoever writes into it needs it: its section as a page, its text, what rules and model say of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analyzers.analysis import Choices, analyse_chart, analyse_difficulty
from analyzers.consensus import WRITTEN_TAG
from analyzers.finding import Finding
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.chart_tracks import ChartNote, DrumType, Track
from formats.document import Document, entry_value
from formats.mapset import Difficulty, FileFact, Mapset
from formats.song_ini import SongIni
from formats.spans import Edit, Span
from formats.timeline import Note, Timeline
from formats.timestamps import format_time
from generation.chart_notes import track_edits
from generation.masks import settled
from generation.objects import section_edits
from generation.pages import Sheet, sheet_of_timeline, sheet_of_track
from generation.parts import Part
from generation.request import CannotWrite, Request
from generation.sustains import sustained
from models.bundled.fields import FAMILY_OF, KINDS, Family
from models.bundled.pens import Page
from models.bundled.sampling import Written
from models.bundled.scenes import KIND_AT, Scene, scored_family
from models.surprisal import Surprisal

# ms behind the last note that a section may begin.
FARTHEST = 60_000.0
# Notes on either side of a section that are scored with it, so that whoever waits does not wait for the whole map.
AROUND = 160

Features = NDArray[np.uint8]
# Called now and then while rules or the model are at work; what it raises ends that.
Pause = Callable[[], object]


class Scoring(Protocol):
    """What is asked of the model that judges: `models.bundled.scoring.Scorer` for one."""

    def timeline(self, timeline: Timeline, song: Features | None = None, pause: Pause | None = None) -> Surprisal: ...
    def track(self, chart: Chart, track: Track, song: Features | None = None, pause: Pause | None = None) -> Surprisal | None: ...


class Subject(Protocol):
    """A map that is written into. `offset` ms into the song the times of its notes begin."""

    @property
    def document(self) -> Document: ...
    @property
    def offset(self) -> float: ...
    def sheet(self, request: Request, pause: Pause | None = None) -> Sheet: ...
    def edits(self, sheet: Sheet, written: Written, request: Request) -> tuple[Edit, ...]: ...
    def edited(self, edits: Sequence[Edit]) -> Subject: ...
    def findings(self, pause: Pause | None = None) -> list[Finding]: ...
    def surprisal(self, scorer: Scoring, song: Features | None, request: Request, pause: Pause | None = None) -> Surprisal: ...


@dataclass(frozen=True, slots=True)
class OsuSubject:
    """One difficulty of a set."""

    difficulty: Difficulty
    mapset: Mapset
    choices: Choices

    @property
    def document(self) -> Document:
        return self.difficulty.beatmap.document

    @property
    def offset(self) -> float:
        return 0.0

    def sheet(self, request: Request, pause: Pause | None = None) -> Sheet:
        beatmap, timeline = self.difficulty.beatmap, self.difficulty.timeline
        _check_near(request, max((note.end for note in timeline.notes), default=None))
        return sheet_of_timeline(timeline, settled(request, FAMILY_OF[beatmap.mode], beatmap.key_count), pause)

    def edits(self, sheet: Sheet, written: Written, request: Request) -> tuple[Edit, ...]:
        if request.kinds and not sheet.page.again:
            written = _of_kinds(written, request.kinds)
            if not len(written.notes):
                return ()
        notes: Sequence[Note] = sheet.notes  # type: ignore[assignment]
        sources = [notes[at] if at >= 0 else None for at in written.sources]
        removed = [notes[at] for at in _removed(sheet)]
        edits = section_edits(self.difficulty.timeline, removed, written.notes, sources, frozenset(Part) - request.keep)
        return (*edits, *tag_edits(self.difficulty.beatmap)) if edits else ()

    def edited(self, edits: Sequence[Edit]) -> OsuSubject:
        beatmap = Beatmap(self.document.edit(edits))
        difficulty = self.difficulty.edited(beatmap)
        others = [difficulty if each is self.difficulty else each for each in self.mapset.difficulties]
        return replace(self, difficulty=difficulty, mapset=replace_difficulties(self.mapset, others))

    def findings(self, pause: Pause | None = None) -> list[Finding]:
        return analyse_difficulty(self.difficulty, self.mapset, self.choices, pause)

    def surprisal(self, scorer: Scoring, song: Features | None, request: Request, pause: Pause | None = None) -> Surprisal:
        timeline = self.difficulty.timeline
        first, stop = (bisect_left(timeline.times, at) for at in (request.start, request.end))
        return scorer.timeline(timeline.excerpt(max(first - AROUND, 0), stop + AROUND), song, pause)


def replace_difficulties(mapset: Mapset, difficulties: Sequence[Difficulty]) -> Mapset:
    return replace(mapset, difficulties=tuple(difficulties))


@dataclass(frozen=True, slots=True)
class ChartSubject:
    """One track of a chart."""

    path: str
    chart: Chart
    name: str
    ini: SongIni | None
    files: Mapping[str, FileFact] | None
    choices: Choices

    @property
    def document(self) -> Document:
        return self.chart.document

    @property
    def offset(self) -> float:
        return self.chart.offset

    @property
    def track(self) -> Track:
        """Raises `CannotWrite`."""
        if self.chart.refusals:
            raise CannotWrite(f"the game does not read this chart: {self.chart.refusals[0][1]}")
        found = self.chart.track(self.name)
        if found is None:
            known = ", ".join(track.name for track in self.chart.charted) or "none"
            raise CannotWrite(f"the chart has no track {self.name!r}; its tracks are: {known}")
        return found

    def sheet(self, request: Request, pause: Pause | None = None) -> Sheet:
        track = self.track
        _check_near(request, max((note.time for note in track.notes), default=None))
        if (family := scored_family(track)) is not None:
            request = settled(request, family, five_lane=track.drum_type is DrumType.FIVE_LANE)
        if pause is not None:
            pause()
        return sheet_of_track(self.chart, track, request, pause)

    def edits(self, sheet: Sheet, written: Written, request: Request) -> tuple[Edit, ...]:
        if sheet.page.family is Family.FRETS:
            written = self._held(sheet.page, written)
        notes: Sequence[ChartNote] = sheet.notes  # type: ignore[assignment]
        sources = [notes[at] if at >= 0 else None for at in written.sources]
        removed = [notes[at] for at in _removed(sheet)]
        anew = frozenset(Part) - request.keep
        return track_edits(self.chart, self.track, removed, written.notes, sources, anew, WRITTEN_TAG)

    def _held(self, page: Page, written: Written) -> Written:
        """With as many moments held as elsewhere in the track: the model, which does not see the next note, hardly holds any."""
        scene, section = page.scene, slice(page.first, page.stop)
        others = np.ones(len(scene), bool)
        others[section] = False
        moments = len(np.unique(scene.time[others]))
        if page.again or page.stays[section].any() or not moments:
            return written
        held = len(np.unique(scene.time[others & (scene.end > scene.time)]))
        until = float(scene.time[page.stop]) if page.stop < len(scene) else page.end
        return replace(written, notes=sustained(written.notes, self.chart, held / moments, until))

    def edited(self, edits: Sequence[Edit]) -> ChartSubject:
        return replace(self, chart=Chart(self.document.edit(edits), self.chart.modifiers, self.chart))

    def findings(self, pause: Pause | None = None) -> list[Finding]:
        return analyse_chart(self.path, self.chart, self.ini, self.files, self.choices, pause)

    def surprisal(
        self,
        scorer: Scoring,
        song: Features | None,
        request: Request,  # noqa: ARG002  scored as a whole
        pause: Pause | None = None,
    ) -> Surprisal:
        found = scorer.track(self.chart, self.track, song, pause)
        if found is None:
            raise CannotWrite(f"{self.track.label} cannot be written: the model knows five-fret and drum tracks only")
        return found


def _check_near(request: Request, last: float | None) -> None:
    """Raises `CannotWrite` for a section far behind the `last` note, where no map is."""
    if last is not None and request.start > last + FARTHEST:
        raise CannotWrite(
            f"the section begins at {format_time(request.start)}, more than a minute after the last note at {format_time(last)}: "
            "choose an earlier one"
        )


def _of_kinds(written: Written, kinds: frozenset[str]) -> Written:
    """Without notes of other kinds, which are written where none that is wanted has room."""
    wanted = np.isin(written.notes.columns[:, KIND_AT], [KINDS.index(kind) for kind in kinds])
    kept = np.flatnonzero(wanted)
    return Written(written.notes.taken(kept), [written.sources[at] for at in kept.tolist()], written.bits)


def _removed(sheet: Sheet) -> list[int]:
    page = sheet.page
    return [at for at in range(page.first, page.stop) if not page.stays[at]]


def tag_edits(beatmap: Beatmap) -> tuple[Edit, ...]:
    """The edit that says in the map's tags that a part of it was written by the model; none where it says so."""
    document = beatmap.document
    if any(tag.lower() == WRITTEN_TAG for tag in beatmap.tags):
        return ()
    entries = beatmap.metadata.entries
    line = next((entry.line for entry in entries if entry.key == "Tags"), None)
    if line is not None:
        span = document.span(entry_value(line))
        return (Edit(Span(span.end, span.end), f" {WRITTEN_TAG}" if len(span) else WRITTEN_TAG),)
    after = entries[-1].line if entries else beatmap.headers.get("Metadata")
    if after is None:
        return ()
    end, newline = document.line_span(after).end, document.newline
    written = f"Tags:{WRITTEN_TAG}"
    return (Edit(Span(end, end), f"{written}{newline}" if after.text.endswith(("\n", "\r")) else f"{newline}{written}"),)


def same_notes(one: Scene, other: Scene) -> bool:
    """Whether two candidates came out alike."""
    return len(one) == len(other) and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("time", "end", "x", "y", "columns")
    )

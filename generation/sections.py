"""Sections written anew: candidates, judged by the rules and by the model that scores, as proposals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import Finding, Severity
from formats.spans import Edit
from formats.timestamps import format_time
from generation.pages import Sheet
from generation.parts import Part
from generation.proposal import Proposal, Score, caused
from generation.request import CannotWrite, Request
from generation.subjects import Features, Pause, Scoring, Subject, same_notes
from models.bundled.fields import FIELDS, Family
from models.bundled.onsets import Song
from models.bundled.sampling import DELAY_STEP, Cancelled, Listener, Progress, Sampler, Wishes, Written
from models.bundled.scenes import DENSITY_STEP
from models.surprisal import Surprisal

# Candidates are written anew so many times while none of them is free of errors; notes with errors are taken out as often.
ROUNDS, REPAIRS = 3, 3
# ms within which a note is what a finding at that time is about.
NEAR = 1.5
# Notes at either end of a section that are its seam.
SEAM = 3
# Bits a note that a candidate is thought worse by where it is twice (or half) as dense as the notes around, and per warning.
OFF_PACE, PER_WARNING = 4.0, 0.3
# How each family is written best: a firm pace where rhythm is likely to run away, hardly anything but the likeliest rhythm where
# that comes out best, and other bars trusted more where mappers copy them whole.
MANNERS = {
    Family.OSU: Wishes(rhythm=0.1, steady=0.4, recall=1.3),
    Family.TAIKO: Wishes(rhythm=0.1, steady=0.4, pull=1.0, recall=0.9),
    Family.MANIA: Wishes(rhythm=0.1, steady=0.4, pull=1.0, recall=1.2),
    Family.FRETS: Wishes(pull=1.0, recall=2.0),
}
# How strongly the pace is held where it is not to be that of the notes around, or where only some lanes are written.
FIRM_PULL = 2.5
# The share of the work that is done when the notes are written.
WRITTEN = 0.7


@dataclass(frozen=True, slots=True)
class _Draft:
    written: Written
    edits: tuple[Edit, ...]
    after: Subject
    causes: list[Finding]
    solved: int
    left_out: int


class Generator:
    """Writes sections with a sampler and has them judged by a scorer."""

    def __init__(self, sampler: Sampler, scorer: Scoring) -> None:
        self._sampler, self._scorer = sampler, scorer

    def proposals(
        self,
        subject: Subject,
        request: Request,
        song: Features | None = None,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[Proposal]:
        """At most `request.count`, the best first. `song` (frames, 32) are the features of the map's audio.

        Raises `CannotWrite` with the reason, and `Cancelled`.
        """

        def stop() -> None:
            if cancelled is not None and cancelled():
                raise Cancelled

        if progress is not None:
            progress(0.0)
        sheet = subject.sheet(request, stop)
        stop()
        listener = _listener(subject, sheet, song)
        stop()
        known = subject.findings(stop)
        stop()
        drafts: list[_Draft] = []
        blocked: Finding | None = None
        for attempt in range(ROUNDS):
            wishes = _wishes(request, attempt, sheet.page.family)
            told = None if progress is None else _part(progress, attempt)
            for written in self._sampler.written(sheet.page, wishes, listener, told, cancelled, _condition(sheet)):
                if not len(written.notes) or any(same_notes(written.notes, draft.written.notes) for draft in drafts):
                    continue
                draft = self._judged(subject, sheet, written, request, known, stop)
                error = next((each for each in draft.causes if each.severity is Severity.ERROR), None)
                if error is not None:
                    blocked = blocked or error
                elif all(draft.edits != each.edits for each in drafts):
                    drafts.append(draft)
            if drafts:
                break
        if not drafts:
            if blocked is None:
                raise CannotWrite(
                    "no note came out for this section: ask for a greater density, a longer section or another seed"
                )
            reason = f"{blocked.message.rstrip('.')} [{blocked.name}]"
            raise CannotWrite(f"nothing that the rules allow was found for this section: {reason}; try another seed or section")
        before = _score(subject.surprisal(self._scorer, song, request, stop), sheet, request)
        proposals: list[Proposal] = []
        for draft in drafts:
            stop()
            proposals.append(self._proposal(draft, sheet, request, song, before, stop))
        proposals.sort(key=lambda each: _worth(each, sheet))
        if progress is not None:
            progress(1.0)
        return [replace(each, candidate=number) for number, each in enumerate(proposals, start=1)]

    def _judged(
        self,
        subject: Subject,
        sheet: Sheet,
        written: Written,
        request: Request,
        known: Sequence[Finding],
        stop: Pause,
    ) -> _Draft:
        """The candidate as text and what the rules say of it; notes that they forbid are taken out where they can be."""
        left_out = repairs = 0
        while True:
            stop()
            edits = subject.edits(sheet, written, request)
            after = subject.edited(edits)
            causes, solved = caused(known, after.findings(stop))
            draft = _Draft(written, edits, after, causes, solved, left_out)
            errors = [each for each in causes if each.severity is Severity.ERROR and each.time_ms is not None]
            if not errors or repairs == REPAIRS or sheet.page.again:
                return draft
            fewer = _without(written, errors)
            if fewer is None:
                return draft
            left_out += len(written.notes) - len(fewer.notes)
            written, repairs = fewer, repairs + 1

    def _proposal(
        self, draft: _Draft, sheet: Sheet, request: Request, song: Features | None, before: Score, stop: Pause
    ) -> Proposal:
        after = _score(draft.after.surprisal(self._scorer, song, request, stop), sheet, request)
        where = f"{format_time(request.start)} – {format_time(request.end)}"
        title = f"{_verb(request)} {where} ({after.notes} notes, {after.bits:.1f} bits a note)"
        causes = tuple(sorted(draft.causes, key=lambda each: (each.severity.rank, each.time_ms or 0.0)))
        return Proposal(title, 0, request.seed, draft.edits, before, after, causes, draft.solved, draft.left_out)


def _wishes(request: Request, attempt: int, family: Family) -> Wishes:
    usual = MANNERS.get(family, Wishes())
    return replace(
        usual,
        count=request.count,
        seed=request.seed + attempt * 7919,
        temperature=usual.temperature * request.temperature,
        pull=usual.pull if request.density == 1 and request.lanes is None else FIRM_PULL,
    )


def _condition(sheet: Sheet) -> NDArray[np.float32]:
    """What is said of the whole map, as if it were as dense as the section is to be."""
    condition = sheet.page.scene.condition.copy()
    condition[0] += round(float(np.log2(sheet.density)) / DENSITY_STEP) * DENSITY_STEP / 4
    return condition


def _part(progress: Progress, attempt: int) -> Progress:
    """Tells how much is done of all when so much of one attempt is."""
    return lambda share: progress(WRITTEN * (1 - 0.5**attempt + 0.5 ** (attempt + 1) * share))


def _listener(subject: Subject, sheet: Sheet, features: Features | None) -> Listener | None:
    if features is None:
        return None
    song = Song.of(features)
    delay = song.delay(sheet.page.scene.time + subject.offset)
    return Listener(song, subject.offset + round(delay / DELAY_STEP) * DELAY_STEP)


def _score(surprisal: Surprisal, sheet: Sheet, request: Request) -> Score:
    times = np.array([note.time for note in surprisal.notes], float)
    of_section = np.flatnonzero((times >= request.start - 1e-6) & (times < request.end - 1e-6))
    bits = np.nansum(surprisal.bits, axis=1) if len(FIELDS) else np.zeros(len(times))
    seams = np.concatenate((of_section[:SEAM], of_section[SEAM:][-SEAM:]))
    moments = len(np.unique(np.round(times[of_section], 1)))
    lasting = max(request.end - max(request.start, sheet.page.start), 1.0)
    return Score(
        len(of_section),
        float(bits[of_section].mean()) if len(of_section) else 0.0,
        float(bits[seams].mean()) if len(seams) else 0.0,
        1000 * moments / lasting,
    )


def _without(written: Written, errors: Sequence[Finding]) -> Written | None:
    """The candidate without the notes that the findings are about; None where it has none of them."""
    times, ends = written.notes.time, written.notes.end
    faulty = np.zeros(len(times), bool)
    for finding in errors:
        at = finding.time_ms or 0.0
        begins, lasts = np.abs(times - at), np.abs(ends - at)
        near = begins <= NEAR if begins.min() <= NEAR else lasts <= NEAR
        if not near.any():
            # What is at fault stands outside, such as a spinner that the first note comes too soon after.
            near = begins == begins.min() if begins.min() <= lasts.min() else lasts == lasts.min()
        faulty |= near
    if not faulty.any() or faulty.all():
        return None
    kept = np.flatnonzero(~faulty)
    return Written(written.notes.taken(kept), [written.sources[at] for at in kept.tolist()], written.bits)


def _worth(proposal: Proposal, sheet: Sheet) -> float:
    """Less is better."""
    pace = sheet.page.pace
    off = abs(float(np.log2(max(proposal.after.density, 0.1) / pace))) if pace and not sheet.page.again else 0.0
    warnings = sum(each.severity is Severity.WARNING for each in proposal.causes)
    bits = (proposal.after.bits + proposal.after.seams) / 2
    return bits + OFF_PACE * off + PER_WARNING * warnings


def _verb(request: Request) -> str:
    anew = frozenset(Part) - request.keep
    if request.add:
        return "Add notes from"
    if not request.keep:
        return "Regenerate"
    return f"Regenerate {', '.join(part for part in Part if part in anew)} of"

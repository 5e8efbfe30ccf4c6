"""Both ends of a section are tried several times, and the try that suits what stands around is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from generation.pages import Sheet
from generation.request import Request
from models.bundled import sampling
from models.bundled.fields import FIELDS
from models.bundled.pens import Page
from models.bundled.pens.memories import memory_of
from models.bundled.pens.notes import scene_of_notes
from models.bundled.pens.pen import Pen
from models.bundled.rows import rows_of
from models.bundled.sampling import Sampler, Wishes
from models.bundled.scenes import Scene, joined
from models.bundled.scoring import Scorer
from models.bundled.seams import BEGINNINGS, BEHIND, ENDINGS, SEAM, Seams, likeliest
from tests.generation import maps
from tests.models import tiny

START, END = 5_000.0, 9_000.0


@cache
def sampler() -> Sampler:
    return Sampler(tiny.WEIGHTS.read_bytes())


def sheet(family: str, start: float = START, end: float = END) -> Sheet:
    subject = maps.subject(family)
    return subject.sheet(Request(start, end, maps.TRACKS.get(family, "")))


def finished(monkeypatch: pytest.MonkeyPatch, page: Page, wishes: Wishes) -> list[list[Pen]]:
    """All tries of each candidate that were written to the end."""
    found: list[list[Pen]] = []

    def kept(pens: Sequence[Pen]) -> Pen:
        found.append(list(pens))
        return likeliest(pens)

    monkeypatch.setattr(sampling, "likeliest", kept)
    sampler().written(page, wishes)
    return found


def notes_of(pen: Pen, scene: Scene) -> Scene:
    return scene_of_notes(scene, pen.known[len(pen.known) - pen.written :])


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("family", maps.FAMILIES)
def test_the_note_behind_costs_what_the_graphs_say(family: str, *, alone: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    page = sheet(family).page
    if alone:
        # Only one note stands behind.
        page = replace(page, scene=page.scene.taken(slice(0, page.stop + 1)), stays=page.stays[: page.stop + 1])
    scene = page.scene
    scorer = Scorer(sampler().graphs)
    (tries,) = finished(monkeypatch, page, Wishes(1, 3))
    assert len(tries) >= ENDINGS
    for pen in tries:
        section = notes_of(pen, scene)
        whole = joined((scene.taken(slice(0, page.first)), section, scene.taken(slice(page.stop, None))))
        rows = rows_of(whole)
        at = page.first + len(section)
        bits = scorer.answers(rows)[1][at, : len(FIELDS)]
        assert pen.behind == pytest.approx(float(bits[rows.values[at] > 0].sum()), rel=0.02)


def test_tries_of_a_candidate_begin_apart_and_end_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    page = sheet("osu").page
    groups = finished(monkeypatch, page, Wishes(2, 1, rhythm=1.0, steady=1.0))
    assert [{pen.candidate for pen in group} for group in groups] == [{0}, {1}]
    for tries in groups:
        group = [pen for pen in tries if pen.ending]
        assert len(group) == ENDINGS
        # One beginning was kept, from which all ends go on.
        first = {tuple((note.time, note.place) for note in pen.known[-pen.written :][:SEAM]) for pen in group}
        assert len(first) == 1
        last = {tuple((note.time, note.place) for note in pen.known[-SEAM:]) for pen in group}
        assert len(last) > 1
        costs = [BEHIND * pen.behind + sum(pen.costs[-SEAM:]) for pen in group]
        assert likeliest(group) is group[int(np.argmin(costs))]


def test_the_likeliest_beginning_of_each_candidate_goes_on() -> None:
    page = sheet("osu").page
    ends, memory = Seams(page, 0), memory_of(page)
    pens = [Pen(page, memory, rng, number) for number in range(2) for rng in ends.chances(number)]
    assert len(pens) == 2 * BEGINNINGS
    for at, pen in enumerate(pens):
        pen.costs = [float(abs(at - 2)), 0.0, float(abs(at - 5))] if at < BEGINNINGS else [9.0 - at, 1.0, 1.0]
        pen.hand.written = 2
    assert ends.begun(pens) is None
    for pen in pens:
        pen.hand.written = SEAM
    assert ends.begun(pens) == [2, 2 * BEGINNINGS - 1]
    assert ends.begun(pens) is None


def test_a_beginning_with_fewer_notes_of_its_own_is_not_likelier_for_that() -> None:
    page = sheet("osu").page
    ends, memory = Seams(page, 0), memory_of(page)
    pens = [Pen(page, memory, rng) for rng in ends.chances(0)]
    for pen, costs in zip(pens, ([], [9.0], [4.0, 4.0, 4.0], [5.0, 5.0]), strict=True):
        pen.costs, pen.hand.written = costs, SEAM
    assert ends.begun(pens) == [2]


def test_a_try_without_a_note_is_never_kept() -> None:
    page = sheet("osu").page
    memory = memory_of(page)
    empty, costly = (Pen(page, memory, np.random.default_rng(0)) for _ in range(2))
    costly.costs, costly.behind = [30.0], 50.0
    assert likeliest([empty, costly]) is costly


def test_a_copied_pen_leaves_the_first_alone() -> None:
    page = sheet("osu").page
    pen = Pen(page, memory_of(page), np.random.default_rng(0))
    pen.begin()
    other = pen.copied(np.random.default_rng(1))
    known, time, drawn = list(pen.known), pen.time, pen.hand.rng.bit_generator.state
    assert other.page is pen.page
    assert other.known == pen.known
    for number in range(len(FIELDS)):
        choice = other.choice(number)
        if not isinstance(choice, int):
            other.take(number, int(np.flatnonzero(choice)[-1]))
    other.finish()
    assert len(other.known) == len(known) + 1
    assert other.written == 1
    assert other.time > time
    assert (pen.known, pen.written, pen.time) == (known, 0, time)
    assert pen.hand.rng.bit_generator.state == drawn


@pytest.mark.parametrize(
    ("start", "end", "beginnings", "ends"), [(0.0, 4_000.0, 1, True), (9_000.0, 60_000.0, BEGINNINGS, False)]
)
def test_only_ends_that_meet_notes_are_tried(start: float, end: float, beginnings: int, *, ends: bool) -> None:
    found = Seams(sheet("osu", start, end).page, 0)
    assert (found.beginnings, found.tries_ends) == (beginnings, ends)

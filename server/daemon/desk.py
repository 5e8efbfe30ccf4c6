"""The worker's side of the daemon: it reads maps, runs the rules, asks the model, and draws up what clients want to see."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from analyzers.analysis import analyse_chart, analyse_difficulty
from analyzers.finding import Finding
from analyzers.level import star_rating
from server.daemon import facts, keys
from server.daemon.looking import look_at
from server.daemon.proposing import proposed
from server.daemon.questions import (
    Answer,
    Check,
    CheckArchive,
    Checked,
    CheckedArchive,
    Explain,
    Facts,
    Judge,
    Judged,
    Look,
    Missed,
    Noted,
    Propose,
    Question,
    Shown,
)
from server.daemon.subjects import Subject, Subjects, Unsettled
from server.printable import printable
from server.reading import Unreadable
from server.report import MODE_NAMES
from server.scoring import wanted_rules
from server.songs import Songs
from server.surroundings import Ground, ground_of

if TYPE_CHECKING:
    from server.scored_maps import ScoredMap


class Desk:
    """What one worker knows. It answers one question after the other."""

    def __init__(self) -> None:
        self._subjects = Subjects()
        self._songs = Songs()
        # The map that was scored last, with the digest of its text.
        self._scored: tuple[str, str, ScoredMap] | None = None

    def answer(self, question: Question) -> Answer:
        """Never raises: what fails is answered with why."""
        try:
            return self._answer(question)
        except Unsettled:
            return Missed("it is being written", again=True)
        except Unreadable as trouble:
            return Missed(trouble.reason)
        except Exception as trouble:  # noqa: BLE001  one map that maimod fails on must not end the worker
            reason = f"maimod failed on this map ({type(trouble).__name__}: {trouble}); please report it"
            return Missed(printable(reason.splitlines()[0]), story=traceback.format_exc())

    def _answer(self, question: Question) -> Answer:
        match question:
            case Check():
                subject = self._subjects.read(question.path, question.texts)
                return _checked(subject, ground_of(os.path.dirname(question.path), {}))
            case CheckArchive():
                return self._archive(question.path)
            case Judge():
                return self._judged(question)
            case Look():
                subject = self._subjects.one(question.path, question.texts)
                if subject.digest != question.digest:
                    return _other_text()
                return Shown(look_at(subject, question.noted))
            case Propose():
                return self._proposed(question)
            case Explain():
                return self._explained(question)

    def _archive(self, path: str) -> CheckedArchive:
        ground = ground_of(os.path.dirname(path), {})
        found, troubles = self._subjects.in_archive(path)
        return CheckedArchive(
            tuple(_checked(subject, ground) for subject in found), {trouble.path: trouble.reason for trouble in troubles}
        )

    def _judged(self, question: Judge) -> Judged:
        from models.errors import MaimodError
        from server.daemon.strip import strip_of
        from server.scoring import judge_chart, judge_difficulty, scorer

        subject = self._subjects.one(question.path, question.texts)
        settings = ground_of(os.path.dirname(question.path), {}).settings
        if subject.difficulty is not None:
            judged = judge_difficulty(subject.difficulty, subject.mapset, settings, self._songs)
        elif subject.chart is not None:
            judged = judge_chart(subject.path, subject.chart, subject.files, settings, self._songs)
        else:
            return Judged(subject.path, subject.digest, (), None)
        if judged.faults:
            return Judged(subject.path, subject.digest, (), None, fault=judged.faults[0])
        try:
            # The windows of the notes are known by now, so this asks the network nothing.
            scored = facts.scored(subject, scorer(settings.weights), self._songs)
            self._scored = subject.path, subject.digest, scored
            strip = strip_of(scored)
        except MaimodError as trouble:
            return Judged(subject.path, subject.digest, (), None, fault=str(trouble))
        noted = _noted(subject, settings.graded(judged.findings))
        return Judged(subject.path, subject.digest, noted, strip, gaps=judged.gaps)

    def _proposed(self, question: Propose) -> Answer:
        subject = self._subjects.one(question.path, question.texts)
        if subject.digest != question.digest:
            return _other_text()
        fix = question.noted.finding.fixes[question.fix]
        look = look_at(subject, question.noted, only_fix=question.fix)
        return proposed(subject, fix.edits, subject.document.edit(fix.edits), fix.title, fix.safety.value, look)

    def _explained(self, question: Explain) -> Answer:
        from models.errors import MaimodError
        from server.daemon.explaining import explained
        from server.scoring import scorer

        subject = self._subjects.one(question.path, question.texts)
        if subject.digest != question.digest:
            return _other_text()
        if self._scored is None or self._scored[:2] != (subject.path, subject.digest):
            try:
                settings = ground_of(os.path.dirname(question.path), {}).settings
                scored = facts.scored(subject, scorer(settings.weights), self._songs)
            except MaimodError:
                return Shown(None)
            self._scored = subject.path, subject.digest, scored
        return Shown(explained(self._scored[2], question.noted))


def _other_text() -> Missed:
    return Missed("the map has changed since; it is being checked again", changed=True)


def _checked(subject: Subject, ground: Ground) -> Checked:
    choices = ground.settings.choices
    stars: float | None = None
    if subject.difficulty is not None:
        findings = analyse_difficulty(subject.difficulty, subject.mapset, choices)
        stars = star_rating(subject.difficulty)
    elif subject.chart is not None:
        findings = analyse_chart(subject.path, subject.chart, subject.ini, subject.files, choices)
    else:
        findings = []
    noted = _noted(subject, ground.settings.graded(findings))
    about = _facts(subject, stars)
    song = facts.song_of(subject)
    return Checked(subject.path, subject.digest, subject.md5, about, song, noted, ground.problems, wanted_rules(ground.settings))


def _facts(subject: Subject, stars: float | None) -> Facts:
    difficulty = subject.difficulty
    if difficulty is None:
        title, artist, creator = facts.chart_names(subject)
        return Facts(title, artist, creator, None, None, "chart", None, subject.name)
    beatmap = difficulty.beatmap
    first = min(each.file_name for each in subject.mapset.difficulties) if subject.mapset.difficulties else subject.name
    names = partial(facts.text_of, beatmap)
    return Facts(
        names("TitleUnicode", "Title"),
        names("ArtistUnicode", "Artist"),
        names("Creator"),
        printable(difficulty.name),
        MODE_NAMES[beatmap.mode],
        "osu",
        None if stars is None else round(stars, 2),
        first,
    )


def _noted(subject: Subject, findings: Iterable[Finding]) -> tuple[Noted, ...]:
    return tuple(keys.noted(findings, subject.document, subject.name))

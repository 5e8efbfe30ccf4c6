"""The writer's side of the daemon: it reads maps, writes parts of them anew, and draws up what clients want to see of that."""

from __future__ import annotations

import math
import os
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzers.finding import Finding
from formats.timestamps import format_stamp
from generation.request import CannotWrite
from models.errors import MaimodError
from server.daemon.looking import edited
from server.daemon.looking_at_section import look_at_section
from server.daemon.proposing import proposed
from server.daemon.protocol import Code, Json
from server.daemon.questions import Candidate, Missed, Rewrite, Rewritten, Sounds, Unwritten, Write, WriteSounds
from server.daemon.subjects import Subject, Subjects, Unsettled
from server.printable import printable
from server.printers.as_json import number
from server.reading import Unreadable
from server.rewritable import Rewritable, choices_of
from server.songs import Songs
from server.surroundings import ground_of

if TYPE_CHECKING:
    from generation.hitsounds import SoundRequest

# What a proposal that was written is to be looked at before it is taken, as fixes are that change what is played.
SAFETY = "unsafe"
# How much is done when notes or sounds are chosen, and clients cannot be shown them yet.
WRITTEN = 0.95
# So many candidates are drawn as far as one may be, more of them not as far each; and so many findings are told of each.
MOST_WHOLE, MOST_CAUSES = 3, 50

Reply = Rewritten | Unwritten | Missed


class CalledOff(Exception):
    """Whoever asked does not want the answer any more."""


class WritingDesk:
    """What the writer knows. It does one thing after the other."""

    def __init__(self) -> None:
        self._subjects = Subjects()
        self._songs = Songs()

    def answer(self, question: Rewrite, progress: Callable[[float], None], cancelled: Callable[[], bool]) -> Reply:
        """What fails is answered with why. `cancelled` may raise `CalledOff`, which goes through."""
        try:
            match question:
                case Write():
                    return self._notes(question, progress, cancelled)
                case WriteSounds():
                    return self._sounds(question, progress, cancelled)
        except Unsettled:
            return Missed("it is being written", again=True)
        except Unreadable as trouble:
            return Unwritten(Code.FAILED, _sentence(f"{os.path.basename(question.path)} {trouble.reason}"))
        except CannotWrite as trouble:
            return Unwritten(Code.NOT_WRITTEN, _sentence(str(trouble)))
        except MaimodError as trouble:
            return Unwritten(Code.UNAVAILABLE, _sentence(str(trouble)))
        except ImportError as trouble:
            return Unwritten(Code.UNAVAILABLE, _sentence(f"The model cannot run here ({trouble})"))
        except CalledOff:
            raise
        except Exception as trouble:  # noqa: BLE001  one map that maimod fails on must not end the writer
            reason = f"maimod failed on this map ({type(trouble).__name__}: {trouble}); please report it"
            return Missed(printable(reason.splitlines()[0]), story=traceback.format_exc())

    def _read(self, question: Rewrite) -> tuple[Subject, Rewritable, str | None]:
        """The map, the same as whoever writes needs it, and the weights of its model. Raises `Unreadable`, `Unsettled`."""
        subject = self._subjects.one(question.path, question.texts)
        ground = ground_of(os.path.dirname(question.path), {})
        files = subject.files if subject.chart is not None else subject.mapset.files
        choices = choices_of(ground.settings)
        around = Rewritable(subject.path, choices, subject.difficulty, subject.mapset, subject.chart, subject.ini, files)
        return subject, around, ground.settings.weights

    def _notes(self, question: Write, progress: Callable[[float], None], cancelled: Callable[[], bool]) -> Reply:
        from server.regenerating import regenerated

        subject, around, weights = self._read(question)
        request = question.request
        if subject.chart is None:
            request = replace(request, track="")
        found = regenerated(around, request, self._songs, weights, _most_of(progress), cancelled)
        track = request.track or _only_track(subject)
        # One that came out as the section stands is none.
        changing = [each for each in found.proposals if each.edits]
        candidates: list[Candidate] = []
        for each in changing:
            cancelled()
            about: Json = {
                "candidate": each.candidate,
                "seed": each.seed,
                "before": _score(each.before.notes, each.before.bits, each.before.seams, each.before.density),
                "after": _score(each.after.notes, each.after.bits, each.after.seams, each.after.density),
                **_causes(each.causes),
                "solved": each.solved,
                "left_out": each.left_out,
            }
            later = edited(subject, each.edits)
            look = look_at_section(subject, later, request.start, request.end, track, min(MOST_WHOLE / len(changing), 1.0))
            candidates.append(Candidate(proposed(subject, each.edits, later.document, each.title, SAFETY, look), about))
        progress(1.0)
        notices = tuple(map(_sentence, found.notices))
        return Rewritten(request.start, request.end, tuple(candidates), printable(found.song) or None, notices)

    def _sounds(self, question: WriteSounds, progress: Callable[[float], None], cancelled: Callable[[], bool]) -> Reply:
        from server.hitsounding import hitsounded

        subject, around, weights = self._read(question)
        sounds = question.sounds
        found = hitsounded(around, _asked(sounds), self._songs, None, weights, _most_of(progress), cancelled)
        times = subject.difficulty.timeline.times if subject.difficulty is not None else []
        start, end = sounds.section or (times[0], times[-1] + 1.0)
        candidates: tuple[Candidate, ...] = ()
        if found.edits:
            later = edited(subject, found.edits)
            cancelled()
            look = look_at_section(subject, later, start, end, "")
            cancelled()
            title = f"Hit sounds: {found.told}"
            made = proposed(subject, found.edits, later.document, title, SAFETY, look)
            about = {"before": None, "after": None, **_causes(found.causes), "solved": 0, "left_out": 0}
            candidates = (Candidate(made, {"candidate": 1, "seed": sounds.seed, **about}),)
        progress(1.0)
        notices = tuple(map(_sentence, found.notices))
        return Rewritten(start, end, candidates, printable(found.song) or None, notices)


def _most_of(progress: Callable[[float], None]) -> Callable[[float], None]:
    """For the work before what was written is drawn up."""
    return lambda share: progress(WRITTEN * share)


def _asked(sounds: Sounds) -> SoundRequest:
    from generation.hitsounds import SoundPart, SoundRequest

    start, end = sounds.section or (-math.inf, math.inf)
    parts = {SoundPart.ADDITIONS, *((SoundPart.SETS,) if sounds.sets else ()), *((SoundPart.VOLUMES,) if sounds.volumes else ())}
    return SoundRequest(start, end, frozenset(parts), sounds.add, sounds.share, sounds.seed, sounds.temperature)


def _only_track(subject: Subject) -> str:
    """The one that was written where none was named."""
    from models.bundled.scenes import scored_family

    charted = subject.chart.charted if subject.chart is not None else []
    return next((track.name for track in charted if scored_family(track) is not None), "")


def _score(notes: int, bits: float, seams: float, density: float) -> Json:
    return {"notes": notes, "bits": number(bits) or 0, "seams": number(seams) or 0, "density": number(density) or 0}


def _causes(findings: Sequence[Finding]) -> Json:
    """The worst of them, and how many more there are."""
    worst = sorted(findings, key=lambda each: each.severity.rank)[:MOST_CAUSES]
    return {"causes": _told(worst), "more_causes": len(findings) - len(worst)}


def _told(findings: Iterable[Finding]) -> list[Json]:
    return [
        {
            "code": finding.code,
            "name": finding.name,
            "severity": finding.severity.value,
            "message": printable(finding.message),
            "time_ms": number(finding.time_ms),
            "timestamp": "" if finding.time_ms is None else format_stamp(finding.time_ms, finding.selection),
        }
        for finding in findings
    ]


def _sentence(text: str) -> str:
    """Fit to be shown by itself."""
    told = printable(text).strip().rstrip(".")
    return f"{told[:1].upper()}{told[1:]}." if told else ""

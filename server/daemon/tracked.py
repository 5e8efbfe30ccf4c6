"""One watched map as the daemon knows it, and what of that clients are shown."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite

from analyzers.finding import Finding, Severity
from analyzers.surprising.besides import told_once
from formats.timestamps import edit_link, format_stamp
from server.daemon import facts
from server.daemon.keeping import Keeping
from server.daemon.protocol import Json
from server.daemon.questions import Checked, Judged, Noted
from server.daemon.subjects import Stamp
from server.printable import printable
from server.printers.as_json import number
from server.reading import CHART_SUFFIX

NS_PER_MS = 1_000_000
# Artist - Title (Creator) [Difficulty].osu
_FILE_NAME = re.compile(r"(?:(?P<artist>.*?) - )?(?P<title>.*?)(?: \((?P<creator>[^()]*)\))?(?: \[(?P<difficulty>.*)\])?\.\w+")

OFF: Json = {"state": "off", "message": None}
WAITING: Json = {"state": "waiting", "message": None}


def id_of(path: str) -> str:
    """The same for a path over restarts."""
    return hashlib.blake2b(os.path.normcase(path).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


@dataclass(slots=True, eq=False)
class Tracked:
    """`path` is absolute; `shown` is the path from the watched folder; `archive` is the archive that it lies in.

    `checked` and `judged` are the last answers of rules and model, which may be about texts of different age. `wanted` says
    that somebody looks at it or works on it, so the model is to be asked too. `trouble` is why it cannot be read. `turned` is
    set, and another put in its place, whenever there is news of it.
    """

    path: str
    shown: str
    archive: str | None = None
    stamp: Stamp | None = None
    checked: Checked | None = None
    judged: Judged | None = None
    model: Json = field(default_factory=lambda: dict(OFF))
    trouble: str | None = None
    wanted: bool = False
    editing: bool = False
    turned: asyncio.Event = field(default_factory=asyncio.Event)
    id: str = field(init=False)

    def __post_init__(self) -> None:
        self.id = id_of(self.path)

    @property
    def folder(self) -> str:
        """Where its settings and dismissals stand."""
        return os.path.dirname(self.archive or self.path)

    @property
    def name(self) -> str:
        return os.path.basename(self.path)

    def noted(self) -> list[Noted]:
        """What rules and model say together, each matter once, in text order."""
        if self.checked is None or self.trouble is not None:
            return []
        every = [*self.checked.noted, *(self.judged.noted if self.judged is not None else ())]
        by_identity = {id(each.finding): each for each in every}
        kept = told_once([each.finding for each in every])
        return sorted((by_identity[id(finding)] for finding in kept), key=_place)

    def find(self, key: str) -> Noted | None:
        return next((each for each in self.noted() if each.key == key), None)

    def is_stale(self, noted: Noted) -> bool:
        """Whether the finding is about an older text than the rules have seen."""
        if self.checked is None or self.judged is None or self.judged.digest == self.checked.digest:
            return False
        return any(each is noted for each in self.judged.noted)


def _place(noted: Noted) -> tuple[int, int, str]:
    return noted.finding.span.start, noted.finding.severity.rank, noted.finding.code


IdAt = Callable[[str], str | None]
"""The id of the map at a path, where it is watched."""


def published(tracked: Tracked, keeping: Keeping, id_at: IdAt) -> tuple[Json, Json, Json, Json | None, dict[str, Json]]:
    """Header, model, song, strip and findings by key."""
    findings: dict[str, Json] = {}
    counts = dict.fromkeys((severity.value for severity in Severity), 0)
    dismissed = 0
    for noted in tracked.noted():
        kept_away = bool(keeping.by(tracked.folder, noted, tracked.name))
        findings[noted.key] = _finding(noted, tracked, kept_away, id_at)
        if kept_away:
            dismissed += 1
        else:
            counts[noted.finding.severity.value] += 1
    checked = tracked.checked if tracked.trouble is None else None
    strip = tracked.judged.strip if tracked.judged is not None and checked is not None else None
    song = checked.song if checked is not None else facts.nothing()
    return _header(tracked, counts, dismissed), dict(tracked.model), song, strip, findings


def _header(tracked: Tracked, counts: dict[str, int], dismissed: int) -> Json:
    return {
        "id": tracked.id,
        "path": printable(tracked.shown.replace(os.sep, "/")),
        **_names(tracked),
        "state": _state(tracked),
        "reason": None if tracked.trouble is None else printable(f"{tracked.name}: {tracked.trouble}."),
        "read_only": tracked.archive is not None,
        "counts": counts,
        "dismissed": dismissed,
        "editing": tracked.editing,
        "changed_ms": None if tracked.stamp is None else tracked.stamp[0] // NS_PER_MS,
    }


def _state(tracked: Tracked) -> str:
    if tracked.trouble is not None:
        return "unreadable"
    if tracked.checked is None:
        return "waiting"
    return "checking" if tracked.model["state"] == "waiting" else "ready"


def _names(tracked: Tracked) -> Json:
    """What the map says of itself; of one that was not read yet what its file's name says."""
    if tracked.checked is not None:
        about = tracked.checked.facts
        return {
            "set": id_of(os.path.join(os.path.dirname(tracked.path), about.set_name)),
            "title": about.title,
            "artist": about.artist,
            "creator": about.creator,
            "difficulty": about.difficulty,
            "mode": about.mode,
            "format": about.format,
            "stars": about.stars,
        }
    chart = tracked.name.lower().endswith(CHART_SUFFIX)
    said = _FILE_NAME.fullmatch(os.path.basename(os.path.dirname(tracked.path)) + ".chart" if chart else tracked.name)
    words = {key: facts.shortened(text or "") for key, text in said.groupdict().items()} if said else {}
    return {
        "set": id_of(os.path.dirname(tracked.path)),
        "title": words.get("title", facts.shortened(tracked.name)),
        "artist": words.get("artist", ""),
        "creator": words.get("creator", ""),
        "difficulty": None if chart else words.get("difficulty") or None,
        "mode": None,
        "format": "chart" if chart else "osu",
        "stars": None,
    }


def _finding(noted: Noted, tracked: Tracked, dismissed: bool, id_at: IdAt) -> Json:
    finding = noted.finding
    chart = tracked.checked is not None and tracked.checked.facts.format == "chart"
    time = finding.time_ms if finding.time_ms is not None and isfinite(finding.time_ms) else None
    return {
        "key": noted.key,
        "code": finding.code,
        "name": finding.name,
        "kind": finding.kind,
        "category": finding.category.value,
        "severity": finding.severity.value,
        "message": printable(finding.message),
        "time_ms": number(time),
        "end_ms": number(finding.end_ms),
        "timestamp": "" if time is None else format_stamp(time, finding.selection),
        "link": None if time is None or time < 0 or chart else edit_link(time, finding.selection),
        "url": f"/rules/{finding.name}",
        "line": noted.line,
        "track": noted.track,
        "surprisal": _surprisal(finding),
        "fixes": [{"title": printable(fix.title), "safety": fix.safety.value} for fix in finding.fixes],
        "related": [_related(each.path, each.time_ms, each.message, tracked, id_at) for each in finding.related],
        "dismissed": dismissed,
    }


def _related(path: str, time: float | None, message: str, tracked: Tracked, id_at: IdAt) -> Json:
    near = path if os.path.isabs(path) else os.path.join(os.path.dirname(tracked.path), path)
    return {"map": id_at(near), "path": printable(os.path.basename(path)), "time_ms": number(time), "message": printable(message)}


def _surprisal(finding: Finding) -> Json | None:
    if finding.surprisal is None:
        return None
    expected = [{"value": printable(each.value), "probability": each.probability} for each in finding.surprisal.expected]
    return {"bits": number(finding.surprisal.bits) or 0, "expected": expected}

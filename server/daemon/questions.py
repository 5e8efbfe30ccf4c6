"""What the daemon asks its worker processes and what they answer: all of it picklable, none of it tied to a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analyzers.finding import Finding
from generation.request import Request
from server.daemon.protocol import Code, Json
from server.daemon.subjects import Texts
from server.dismissals import Dismissal


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding with what clients and dismissals know it by. `line` is 1-based, `track` the chart's track around it."""

    finding: Finding
    key: str
    dismissal: Dismissal
    line: int
    track: str | None


@dataclass(frozen=True, slots=True)
class Check:
    """What do the rules say of the map at `path`? `texts` are those that editors have open in its folder."""

    path: str
    texts: Texts = field(default_factory=dict[str, bytes])


@dataclass(frozen=True, slots=True)
class CheckArchive:
    """What do the rules say of the maps in an archive?"""

    path: str


@dataclass(frozen=True, slots=True)
class Judge:
    """What does the surprisal model say of a map?"""

    path: str
    texts: Texts = field(default_factory=dict[str, bytes])


@dataclass(frozen=True, slots=True)
class Look:
    """What stands around a finding of the map with that digest?"""

    path: str
    texts: Texts
    digest: str
    noted: Noted


@dataclass(frozen=True, slots=True)
class Propose:
    """What would a fix of the finding change? `fix` is its number."""

    path: str
    texts: Texts
    digest: str
    noted: Noted
    fix: int


@dataclass(frozen=True, slots=True)
class Explain:
    """All that the model says of the note that a finding is about."""

    path: str
    texts: Texts
    digest: str
    noted: Noted


Question = Check | CheckArchive | Judge | Look | Propose | Explain


@dataclass(frozen=True, slots=True)
class Write:
    """What may stand in a section of the map instead?"""

    path: str
    texts: Texts
    request: Request


@dataclass(frozen=True, slots=True)
class Sounds:
    """How hit sounds are to be written: in [start, end) ms, of all of the map where that is None. `add`: only what has no
    addition gets one; `sets`, `volumes`: these too; `share`: of all sounds that get an addition, None for as many as the map has.
    """

    section: tuple[float, float] | None = None
    add: bool = False
    sets: bool = False
    volumes: bool = False
    share: float | None = None
    seed: int = 0
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class WriteSounds:
    """What hit sounds may the map have instead?"""

    path: str
    texts: Texts
    sounds: Sounds


Rewrite = Write | WriteSounds


@dataclass(frozen=True, slots=True)
class Facts:
    """What a header says of a map besides its findings; `set_name` is equal for the maps of one set in a folder."""

    title: str
    artist: str
    creator: str
    difficulty: str | None
    mode: str | None
    format: str
    stars: float | None
    set_name: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the rules say of one map. `problems` are sentences on the settings and dismissals of its folder."""

    path: str
    digest: str
    md5: str
    facts: Facts
    song: Json
    noted: tuple[Noted, ...]
    problems: tuple[str, ...] = ()
    wants_model: bool = True


@dataclass(frozen=True, slots=True)
class CheckedArchive:
    maps: tuple[Checked, ...]
    unreadable: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model says of one map: `fault` is why it can judge none, `gaps` what it could not judge of this one."""

    path: str
    digest: str
    noted: tuple[Noted, ...]
    strip: Json | None
    fault: str | None = None
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """A fix worked out: the map before and after as bytes, and what a client is shown of it.

    `diff` and `hunks` are of the first lines where there are very many; `more_lines` others change.
    `edits`, which are all, are in lines and UTF-16 columns of the text before.
    """

    digest: str
    before: bytes
    after: bytes
    title: str
    safety: str
    diff: str
    hunks: tuple[Json, ...]
    more_lines: int
    edits: tuple[Json, ...]
    look: Json | None


@dataclass(frozen=True, slots=True)
class Shown:
    """The `look` at a finding, or what the model says of its note; None where there is nothing."""

    result: Json | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to write a section. `about` is what clients are told of it besides `proposed`, whose `look` is the section's."""

    proposed: Proposed
    about: Json


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What may stand in [start, end) ms instead, the best first; `song` is what was heard, None for nothing."""

    start: float
    end: float
    candidates: tuple[Candidate, ...]
    song: str | None
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Nothing was written, and why, in one sentence."""

    code: Code
    reason: str


@dataclass(frozen=True, slots=True)
class Missed:
    """No answer: the file changed while it was read (`again`), cannot be read, or holds another text than was asked about."""

    reason: str
    again: bool = False
    changed: bool = False
    story: str = ""


Answer = Checked | CheckedArchive | Judged | Proposed | Shown | Missed

"""What the language server asks its workers, what they are told first, and what comes back: all of it picklable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formats.osu import Mode
from formats.spans import Edit
from server.convert import Measure
from server.report import Report

if TYPE_CHECKING:
    from analyzers.finding import Finding
    from generation.proposal import Proposal
    from generation.request import Request
    from server.settings import Settings


@dataclass(frozen=True, slots=True)
class Text:
    """What happened to an open file: it has this `text`, or this `edit` leads on from what was told; neither: it was closed."""

    uri: str
    path: str | None = None
    language: str = ""
    text: str | None = None
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class Prepare:
    """Load the model. Answered with its name, or with a `Trouble`."""

    weights: str | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """What does the model say of an open file? Answered with `server.scoring.Judged`."""

    uri: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class Explain:
    """What did the model expect of the note in this line (0-based) of an open file? Answered with an `Expectation` or None."""

    uri: str
    line: int
    weights: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """What is to be said of a file that is not open? `options` are the editor's settings. Answered with a `Checked`."""

    path: str
    options: Mapping[str, object]
    measure: Measure


@dataclass(frozen=True, slots=True)
class Checked:
    """A file on disk as it was judged; `report` is None where it can no longer be read. `said` is to be told the user."""

    report: Report | None
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteSection:
    """What may stand in a section of an open file instead? Answered with a `Sections`.

    `audio` is the song's file in place of the map's own, "off" for none.
    """

    uri: str
    settings: Settings
    request: Request
    audio: str | None = None


@dataclass(frozen=True, slots=True)
class Sections:
    """The proposals, the best first; `song` is what was heard, "" for nothing."""

    proposals: tuple[Proposal, ...]
    song: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteSounds:
    """What may an open map sound like instead? `start`, `end` in ms, None for all of it. Answered with a `Sounds`.

    `parts` as in `generation.hitsounds.SoundPart`; `source` is the path of a difficulty that they are copied from, "" for none.
    """

    uri: str
    settings: Settings
    start: float | None = None
    end: float | None = None
    parts: tuple[str, ...] = ("additions",)
    add: bool = False
    share: float | None = None
    seed: int = 0
    temperature: float = 1.0
    source: str = ""
    audio: str | None = None


@dataclass(frozen=True, slots=True)
class Sounds:
    """As `server.hitsounding.Hitsounded`."""

    edits: tuple[Edit, ...]
    causes: tuple[Finding, ...]
    told: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteGuest:
    """A new difficulty for the set of an open map? As `generation.guest.GuestRequest`. Answered with a `GuestWritten`."""

    uri: str
    settings: Settings
    stars: float
    name: str
    mode: Mode | None = None
    keys: int | None = None
    rhythm: bool | None = None
    seed: int = 0
    temperature: float = 1.0
    audio: str | None = None


@dataclass(frozen=True, slots=True)
class GuestWritten:
    """The new difficulty's text, where it belongs, the stars that it has, and the findings on it. `followed`: notes stand only
    where the reference is heard."""

    path: str
    text: str
    stars: float
    notes: int
    followed: bool
    findings: tuple[Finding, ...]
    song: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckTiming:
    """Do the red lines of an open map keep time with its song? As `server.timing.Wanted`. Answered with a `TimingChecked`."""

    uri: str
    settings: Settings
    bpm: float | None = None
    anew: bool = False
    along: bool = False
    audio: str | None = None


@dataclass(frozen=True, slots=True)
class TimingChecked:
    """The red lines beside what is heard as `rows` of a table, what is wrong with them, and the edits that would mend it."""

    title: str
    rows: tuple[str, ...]
    findings: tuple[Finding, ...]
    edits: tuple[Edit, ...]
    song: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """The question failed. `sentence` is for the user, `story` for the log."""

    sentence: str
    story: str


Writing = WriteSection | WriteSounds | WriteGuest | CheckTiming
Question = Prepare | Judge | Explain | Check | Writing


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with what is to be told before it. Its number tells it from those before it."""

    number: int
    texts: tuple[Text, ...]
    question: Question


@dataclass(frozen=True, slots=True)
class Stop:
    """Nobody wants to know the answer to this question any more."""

    number: int


@dataclass(frozen=True, slots=True)
class Share:
    """So much of the work on a question is done, 0 to 1."""

    share: float

"""What the language server asks its worker, what it is told first, and what comes back: all of it picklable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formats.spans import Edit
from server.convert import Measure
from server.report import Report

if TYPE_CHECKING:
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
class Trouble:
    """The question failed. `sentence` is for the user, `story` for the log."""

    sentence: str
    story: str


Question = Prepare | Judge | Explain | Check

"""What an analysis says about a map: findings with their place, and fixes as edits graded by how safe they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from formats.spans import Edit, Span


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    HINT = "hint"

    @property
    def rank(self) -> int:
        """0 for an error, rising as it matters less."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Category(StrEnum):
    SYNTAX = "syntax"
    COMPOSE = "compose"
    EVENTS = "events"
    TIMING = "timing"
    SPREAD = "spread"
    SKINNING = "skinning"
    HIT_SOUNDS = "hit sounds"
    SETTINGS = "settings"
    METADATA = "metadata"
    RESOURCES = "resources"
    AUDIO = "audio"
    FILES = "files"
    CHART = "chart"
    SURPRISAL = "surprisal"


class Safety(StrEnum):
    """How much thought a fix needs.

    safe: keeps what the mapper meant, may be applied to a whole folder unseen.
    unsafe: changes how the map plays or sounds; one of several right answers; applied on request.
    display: shows what could be done, is never applied by a command.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


@dataclass(frozen=True, slots=True)
class Fix:
    title: str
    safety: Safety
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """A place in another file (or in this one) that belongs to the finding."""

    path: str
    time_ms: float | None
    message: str


@dataclass(frozen=True, slots=True)
class Expected:
    value: str
    probability: float


@dataclass(frozen=True, slots=True)
class Unexpectedness:
    """How surprised the model was, in bits, and what it expected instead."""

    bits: float
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on one file. `code` and `name` are the rule's, `kind` says which of the rule's remarks it is.

    `span` is in character offsets of the file's text; times in ms as played, None where the remark has no time.
    `selection` names the objects for a time stamp (combo numbers, or `time|column` in mania).
    """

    code: str
    name: str
    kind: str
    category: Category
    severity: Severity
    span: Span
    message: str
    time_ms: float | None = None
    end_ms: float | None = None
    selection: str = ""
    fixes: tuple[Fix, ...] = ()
    related: tuple[Related, ...] = ()
    surprisal: Unexpectedness | None = None

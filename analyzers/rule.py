"""The vocabulary in which a rule is written: what it can say, where, and which repairs it offers.

A rule is a module: its docstring is the documentation that users read, its templates are all that it can ever say, its
`check` yields issues. Rules keep no state and know nothing of each other; the engine turns issues into findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from analyzers.finding import Category, Related, Safety, Severity, Unexpectedness
from formats.document import Place
from formats.osu import Mode

STD = frozenset({Mode.OSU})
TAIKO = frozenset({Mode.TAIKO})
CATCH = frozenset({Mode.CATCH})
MANIA = frozenset({Mode.MANIA})
ALL_MODES = frozenset(Mode)


class Standard(StrEnum):
    """Whose thresholds apply: the ranking criteria (as Mapset Verifier reads them), osu!lazer's Verify tab, Clone Hero."""

    RANKING = "ranking"
    LAZER = "lazer"
    CLONE_HERO = "clone-hero"


OSU_STANDARDS = frozenset({Standard.RANKING, Standard.LAZER})
RANKING = frozenset({Standard.RANKING})
LAZER = frozenset({Standard.LAZER})
CLONE_HERO = frozenset({Standard.CLONE_HERO})


class Level(StrEnum):
    """How hard a difficulty is meant to be; its index in the list is its order."""

    EASY = "easy"
    NORMAL = "normal"
    HARD = "hard"
    INSANE = "insane"
    EXPERT = "expert"
    ULTRA = "ultra"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


@dataclass(frozen=True, slots=True)
class Change:
    """Replaces the text at `place`. An empty place inserts; `analyzers.repairs` builds the usual ones."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A fix as a rule states it, anchored to lines; `title` is an imperative sentence ("Move to 1/4 at 00:01:250")."""

    title: str
    safety: Safety
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """One thing that a rule can say. `message` is a format string; `cause` says in plain words when it is said."""

    kind: str
    severity: Severity
    message: str
    cause: str = ""

    def __call__(
        self,
        at: Place,
        time: float | None = None,
        end: float | None = None,
        *,
        selection: str = "",
        repairs: Iterable[Repair] = (),
        related: Iterable[Related] = (),
        **values: object,
    ) -> Issue:
        """An issue of this kind at `at`; `time`, `end` in ms; `values` fill the message."""
        return Issue(self, at, time, end, selection, tuple(repairs), tuple(related), values)


@dataclass(frozen=True, slots=True)
class Issue:
    """What a rule says of one place. `severity` None = the template's; `surprisal` is there where a model speaks."""

    template: Template
    at: Place
    time: float | None
    end: float | None
    selection: str
    repairs: tuple[Repair, ...]
    related: tuple[Related, ...]
    values: Mapping[str, object]
    severity: Severity | None = None
    surprisal: Unexpectedness | None = None

    @property
    def message(self) -> str:
        return self.template.message.format(**self.values)


C = TypeVar("C")

# Objects: how far a local rule may look in both directions.
REACH = 64


@dataclass(frozen=True)
class Rule(Generic[C]):
    """A rule over one kind of context. `code` and `name` are stable; the documentation is the module's docstring.

    `by_level` says that the answer depends on the difficulty's level, `whole_set` that it reads the other difficulties
    or the folder's list of files. `local` says that each issue stands on the line of an object and depends on no more
    than the settings, the timing lines and the `REACH` objects before and after that one, so that an edit of other
    objects leaves it as it is.
    """

    code: str
    name: str
    category: Category
    module_doc: str | None
    templates: tuple[Template, ...]
    check: Callable[[C], Iterable[Issue]] = field(repr=False)
    modes: frozenset[Mode] = ALL_MODES
    standards: frozenset[Standard] = OSU_STANDARDS
    by_level: bool = False
    whole_set: bool = False
    local: bool = False

    @property
    def documentation(self) -> str:
        """What users read about the rule: the docstring of its module."""
        return (self.module_doc or "").strip()

    @property
    def title(self) -> str:
        """The first sentence of the documentation."""
        return self.documentation.split("\n", 1)[0]

"""Small maps for tests, and the findings that one rule has on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analyzers.catalogue import OSU_RULES
from analyzers.context import Context
from analyzers.engine import run_rule
from analyzers.finding import Finding
from analyzers.rule import Level, Standard
from formats.beatmap import Beatmap
from formats.mapset import Difficulty, FileFact, Mapset
from formats.osu import Mode
from formats.spans import apply_edits

DIFFICULTY = (
    "HPDrainRate:5",
    "CircleSize:4",
    "OverallDifficulty:5",
    "ApproachRate:5",
    "SliderMultiplier:1",
    "SliderTickRate:1",
)


def osu_text(
    objects: Sequence[str] = (),
    timing: Sequence[str] = ("0,500,4,1,0,100,1,0",),
    *,
    mode: Mode = Mode.OSU,
    version: int = 14,
    general: Sequence[str] = (),
    editor: Sequence[str] = (),
    metadata: Sequence[str] = ("Title:Song", "Artist:Band", "Creator:Mapper", "Version:Hard"),
    difficulty: Sequence[str] = DIFFICULTY,
    events: Sequence[str] = (),
    colours: Sequence[str] = (),
) -> str:
    """An `.osu` text of the given lines; the default grid is 120 BPM from 0 ms, so 1/4 = 125 ms, and SV is 100 px per beat."""
    sections = {
        "General": ("AudioFilename: audio.mp3", f"Mode: {mode.value}", *general),
        "Editor": editor,
        "Metadata": metadata,
        "Difficulty": difficulty,
        "Events": events,
        "TimingPoints": timing,
        "Colours": colours,
        "HitObjects": objects,
    }
    body = "".join(f"\n[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections.items())
    return f"osu file format v{version}\n{body}"


def findings(
    rule: str,
    text: str,
    *siblings: str,
    standard: Standard = Standard.RANKING,
    level: Level | None = None,
    levels: Sequence[Level | None] | None = None,
    files: Sequence[FileFact] | None = None,
    storyboards: Mapping[str, str] | None = None,
    path: str = "0.osu",
) -> list[Finding]:
    """What the rule of that name says on `text`, the first difficulty of a set with `siblings` (1.osu, 2.osu, …)."""
    (one,) = [each for each in OSU_RULES if each.name == rule]
    paths = (path, *(f"{number}.osu" for number in range(1, len(siblings) + 1)))
    difficulties = [Difficulty(each, Beatmap.from_text(content)) for each, content in zip(paths, (text, *siblings), strict=True)]
    boards = None if storyboards is None else {each: Beatmap.from_text(content) for each, content in storyboards.items()}
    facts = None if files is None else {fact.path: fact for fact in files}
    context = Context(
        difficulties[0],
        Mapset(difficulties, facts, boards),
        standard=standard,
        level=level,
        levels=levels or [level] * len(difficulties),
    )
    return run_rule(one, context, difficulties[0].beatmap.document)


def kinds(found: Sequence[Finding]) -> list[tuple[str, str, float | None]]:
    """(kind, severity, time) of each finding, in the order given."""
    return [(finding.kind, finding.severity.value, finding.time_ms) for finding in found]


def fixed(text: str, found: Sequence[Finding], number: int = 0) -> str:
    """The text after the `number`-th fix of every finding."""
    return apply_edits(text, [edit for finding in found for edit in finding.fixes[number].edits])

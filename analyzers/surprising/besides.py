"""One mistake is told once: what is surprising of an object goes where a rule says the same of it, and surely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from analyzers.finding import Category, Finding

# ms: how far apart the times of one object may be, and how long a timing line may stand before the first object under it.
SAME_OBJECT_MS, UNDER_A_LINE_MS = 2.0, 2_000.0
# Characters: the lines of one tick of a chart's track stand together, those of its other tracks farther away.
SAME_TICK_REACH = 200
_TIME, _LENGTH, _SUSTAIN = ("off-the-grid", "other-rhythm"), ("other-length",), ("other-sustain",)
# Rules, and the kinds of surprising findings that are about the same matter.
SAME_MATTER: Mapping[str, tuple[str, ...]] = {
    "object-unsnapped": (*_TIME, *_LENGTH),
    "snap-wrong-red-line": (*_TIME, *_LENGTH),
    "concurrent-objects": (*_TIME, "one-too-many", *_LENGTH),
    "zero-length": _LENGTH,
    "std-short-slider": _LENGTH,
    "std-spinner-too-short": _LENGTH,
    "std-abnormal-spacing": ("other-distance",),
    "std-spacing-variation": ("other-distance",),
    "taiko-finisher": ("other-drum",),
    "timing-volume-invalid": ("other-volume",),
    "taiko-kiai-consistency": ("kiai", "no-kiai"),
    "taiko-kiai-flash": ("kiai", "no-kiai"),
    "chart-duplicate-note": ("one-too-many",),
    "chart-baby-sustain": _SUSTAIN,
    "chart-sustain-overlap": _SUSTAIN,
}
# These stand at timing lines.
_OF_LINES = ("other-volume", "kiai", "no-kiai")


def besides(rule_findings: Iterable[Finding], surprising: Sequence[Finding]) -> list[Finding]:
    """The surprising findings that say something besides what the rules found."""
    told = [finding for finding in rule_findings if finding.name in SAME_MATTER] if surprising else []
    return [each for each in surprising if not any(_same(finding, each) for finding in told)]


def told_once(findings: list[Finding]) -> list[Finding]:
    """Findings of the rules and surprising ones, in their order, each matter once."""
    surprising = [finding for finding in findings if finding.category is Category.SURPRISAL]
    kept = {id(finding) for finding in besides(findings, surprising)}
    if len(kept) == len(surprising):
        return findings
    return [finding for finding in findings if finding.category is not Category.SURPRISAL or id(finding) in kept]


def _same(finding: Finding, surprising: Finding) -> bool:
    if surprising.kind not in SAME_MATTER[finding.name] or finding.time_ms is None or surprising.time_ms is None:
        return False
    if finding.category is Category.CHART and abs(finding.span.start - surprising.span.start) > SAME_TICK_REACH:
        return False
    ahead = surprising.time_ms - finding.time_ms
    if surprising.kind in _OF_LINES:
        return -SAME_OBJECT_MS <= ahead <= UNDER_A_LINE_MS
    # An end off the grid stands at its own time, a distance ends at its object.
    pairs = ((finding.time_ms, surprising.time_ms), (finding.time_ms, surprising.end_ms), (finding.end_ms, surprising.time_ms))
    return any(_together(one, other) for one, other in pairs)


def _together(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= SAME_OBJECT_MS

"""Volume that the model did not expect.

Timing lines make a stretch of the map louder or softer than the song, the hit sounds and the sections around it lead to. The
remark stands at the first object of the stretch: told is only a change, and none that another difficulty of the set makes too.

Example: `12000,-100,4,2,1,5,0,0` in a map whose other lines have 60 to 80 %
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Repair, Rule, Template
from analyzers.surprising.line_stretches import VOLUME, sounding
from analyzers.surprising.scored import ScoredDifficulty, Suspect, remark, unsafe
from formats.document import whole

# Below this the game plays a volume as if it were this.
LOWEST_PERCENT = 5

LOUDNESS = Template(
    "other-volume",
    Severity.HINT,
    "The volume is {volume} % from this {what} on; {instead}.",
    "A timing line sets a volume that the objects around do not lead to.",
)


def check(scored: ScoredDifficulty) -> Iterator[Issue]:
    for suspect in scored.suspected("volume"):
        row = suspect.row
        yield remark(
            scored,
            suspect,
            LOUDNESS,
            whole(scored.notes[suspect.first].line),
            rows=(suspect.first,),
            end=scored.notes[suspect.last].end,
            expected=scored.expected(row, "volume"),
            repairs=_louder_or_softer(scored, suspect),
            volume=scored.grid.volume_at(scored.notes[suspect.first].time),
            what=scored.what(suspect.first),
            instead=scored.instead(suspect, "volume"),
        )


def _louder_or_softer(scored: ScoredDifficulty, suspect: Suspect) -> Iterator[Repair]:
    now = scored.grid.volume_at(scored.notes[suspect.first].time)
    for each in scored.likelier(suspect.row, "volume"):
        changes = sounding(scored, suspect).set(VOLUME, str(each.value), lambda point: point.volume == now)
        if changes and int(each.value) >= LOWEST_PERCENT:
            yield unsafe(f"Set the volume to {each.value} %", *changes)


RULE: Rule[ScoredDifficulty] = Rule("U107", "surprising-volume", Category.SURPRISAL, __doc__, (LOUDNESS,), check)

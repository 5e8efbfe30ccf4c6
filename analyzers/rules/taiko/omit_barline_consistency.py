"""Red line that omits its bar line in some taiko difficulties only.

Bar lines belong to the song, so every taiko difficulty should show the same ones. The difficulty that differs from the
most others is named.

Example: `2000,500,4,1,0,100,1,8` in one difficulty and `2000,500,4,1,0,100,1,0` in another
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from analyzers.consensus import same_song
from analyzers.context import Context
from analyzers.finding import Category, Related, Safety, Severity
from analyzers.repairs import replace_field
from analyzers.rule import TAIKO, Issue, Repair, Rule, Template
from formats.document import field
from formats.mapset import Difficulty
from formats.osu import Effects, TimingPoint

MISMATCH = Template(
    "omit-mismatch",
    Severity.ERROR,
    "This red line {here} its first bar line, in {others} it {there}.",
    "A red line omits its first bar line in one taiko difficulty and shows it in another.",
)


def check(context: Context) -> Iterator[Issue]:
    peers = same_song(context)
    if len(peers) < 2:
        return
    reds = [(peer, {int(peer.timeline.grid.time_of(red)): red for red in peer.timeline.grid.red}) for peer in peers]
    for time, red in next(own for peer, own in reds if peer is context.difficulty).items():
        at_time = [(peer, own[time]) for peer, own in reds if time in own]
        wanted = Counter(other.omits_barline for _, other in at_time).most_common(1)[0][0]
        if red.omits_barline != wanted:
            yield _issue(context, red, [(peer, other) for peer, other in at_time if other.omits_barline == wanted])


def _issue(context: Context, red: TimingPoint, others: list[tuple[Difficulty, TimingPoint]]) -> Issue:
    words = ("shows", "omits") if red.omits_barline else ("omits", "shows")
    text = str(red.effects ^ Effects.OMIT_BARLINE)
    title = "Show the first bar line as elsewhere" if red.omits_barline else "Omit the first bar line as elsewhere"
    repairs = [Repair(title, Safety.UNSAFE, (replace_field(red.line, 7, text),))] if red.line.content.count(",") >= 7 else []
    time = context.grid.time_of(red)
    return MISMATCH(
        at=field(red.line, 7),
        time=time,
        here=words[1],
        there=words[0],
        others=" and ".join(peer.name for peer, _ in others[:3]) + (" and others" if len(others) > 3 else ""),
        repairs=repairs,
        related=[Related(peer.path, time, f"{words[0]} the bar line in {peer.name}") for peer, _ in others],
    )


RULE = Rule(
    "T303", "taiko-omit-barline-consistency", Category.TIMING, __doc__, (MISMATCH,), check, modes=TAIKO, whole_set=True
)  # fmt: skip

"""song.ini value that the game cannot use.

Ratings, times and thresholds are whole numbers; `multiplier_note` is 103 or 116; drums are either pro or five-lane, not both.

Example: `diff_guitar = 2.5`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import IniContext
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import delete_line, replace_value
from analyzers.rule import CLONE_HERO, Issue, Repair, Rule, Template
from formats.document import entry_value

NOT_WHOLE = Template(
    "invalidValue",
    Severity.WARNING,
    "'{key}' in song.ini is {value}, {fault}.",
    "A value is not a whole number, or is one that the game does not know.",
)

WHOLE_NUMBERS = (
    "song_length", "diff_band", "diff_guitar", "diff_guitar_coop", "diff_rhythm", "diff_bass", "diff_drums",
    "diff_drums_real", "diff_keys", "diff_guitarghl", "diff_guitar_coop_ghl", "diff_rhythm_ghl", "diff_bassghl",
    "diff_vocals", "preview_start_time", "album_track", "playlist_track", "delay", "hopo_frequency", "multiplier_note",
    "sustain_cutoff_threshold", "chord_snap_threshold", "video_start_time",
)  # fmt: skip
MULTIPLIER_NOTES = (0, 103, 116)


def check(context: IniContext) -> Iterator[Issue]:
    ini = context.ini
    for key in WHOLE_NUMBERS:
        number = ini.number(key)
        entry = ini.valued(key)
        if number is None or entry is None or number == int(number):
            continue
        rounded = str(round(number))
        repair = Repair(f"Round to {rounded}", Safety.SAFE, (replace_value(entry.line, rounded, "="),))
        yield NOT_WHOLE(at=entry_value(entry.line, "="), key=key, value=entry.value, fault="not a whole number", repairs=[repair])
    multiplier, entry = ini.number("multiplier_note"), ini.valued("multiplier_note")
    if multiplier is not None and entry is not None and round(multiplier) not in MULTIPLIER_NOTES:
        yield NOT_WHOLE(at=entry_value(entry.line, "="), key="multiplier_note", value=entry.value, fault="not 103 or 116")
    if ini.flag("pro_drums") and ini.flag("five_lane_drums"):
        yield _both_drums(context)


def _both_drums(context: IniContext) -> Issue:
    repairs = [
        Repair(f"Delete {key}", Safety.UNSAFE, (delete_line(context.ini.line(key)),)) for key in ("five_lane_drums", "pro_drums")
    ]
    fault = "though five_lane_drums is set too; drums are one or the other"
    return NOT_WHOLE(at=context.place("pro_drums"), key="pro_drums", value="set", fault=fault, repairs=repairs)


RULE = Rule("G202", "chart-invalid-value", Category.METADATA, __doc__, (NOT_WHOLE,), check, standards=CLONE_HERO)

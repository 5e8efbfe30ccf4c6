"""`maimod timing`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from formats.timestamps import format_stamp
from server.commands import options
from server.commands.options import words
from server.commands.progress import bar
from server.commands.saving import in_a_sentence, save, tell_saved
from server.printable import one_line, printable

if TYPE_CHECKING:
    from generation.song_timing import Given
    from server.timing import Timed

FORMATS = ("text", "json", "osu", "chart")


def timing_points(text: str) -> tuple[Given, ...]:
    """`OFFSET:BEATLENGTH:METER|…`, each of the three left empty where it is to be found."""
    from server.timing import given_points

    try:
        return given_points(text)
    except ValueError as trouble:
        raise click.BadParameter(str(trouble)) from None


@click.command("timing")
@click.argument("path", metavar="AUDIO|MAP", shell_complete=options.files)
@click.option("--bpm", type=options.Number(20, 600), metavar="BPM", help="The song's tempo; the rest is found.")
@click.option("--from", "source", type=click.Path(dir_okay=False), metavar="MAP", help="Take the timing of another map.")
@click.option(
    "--timing-points",
    "points",
    type=timing_points,
    default=None,
    metavar="OFFSET:BEATLENGTH:METER|…",
    help="What you know in ms, such as 1234:333.33:4 or 1234::; what is left empty is found.",
)
@click.option("--anew", is_flag=True, help="Of a map: leave nothing of its red lines and find the timing from the song alone.")
@click.option("--along", is_flag=True, help="Of a map: let what stands behind a new red line keep its place in the bar.")
@click.option("--format", "form", type=words(FORMATS), default="text", show_default=True, help="How it is shown.")
@click.option("--write", is_flag=True, help="Write the map; the first time a backup MAP.bak is kept beside it.")
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write the changed map there instead.")
@click.option(
    "--audio", type=options.song_file, metavar="FILE", help="The song of a map [default: the file that it names].",
    shell_complete=options.files,
)  # fmt: skip
def command(
    path: str, bpm: float | None, source: str | None, points: tuple[Given, ...] | None, anew: bool, along: bool, form: str,
    write: bool, output: str | None, audio: str | None,
) -> None:  # fmt: skip
    """Find BPM, offset, meter and tempo changes of a song, or compare the timing of a map with its song.

    Of a song: a table with how sure each value is, or with --format the red lines of an .osu or the SyncTrack of a .chart.

    Of a map: its red lines beside what is heard, a finding where they disagree, and what would mend it as a unified diff. Objects
    stay where they are: with --along they keep their place in the bar instead. With --bpm, --from, --timing-points or --anew the
    red lines are written anew. Nothing is written without --write or --output.

    Exit codes: 0 told, shown or written, 2 it could not be done, 130 stopped with Ctrl+C; then nothing was written.
    """
    from server.timing import Wanted, timing

    if sum((bpm is not None, source is not None, points is not None)) > 1:
        raise click.UsageError("--bpm, --from and --timing-points exclude each other")
    with in_a_sentence(), bar("Listening") as tell:
        found = timing(path, Wanted(bpm, source, points, anew, along), audio, tell, charted=form == "chart")
    if found.document is None and (write or output is not None):
        raise click.UsageError("--write and --output are for maps; what --format osu or chart prints can be pasted into one")
    _show(found, form)
    written = None
    if found.document is not None and (output is not None or (write and found.edits)):
        written = save(found.path, found.document.to_bytes(), found.document.edit(found.edits).to_bytes(), output)
    for notice in found.notices:
        click.echo(f"maimod: {one_line(printable(notice))}", err=True)
    if written is not None:
        tell_saved(written)
    elif found.edits and form == "text":
        click.echo("maimod: nothing is written yet: --write writes it", err=True)


def _show(found: Timed, form: str) -> None:
    from generation.timing_lines import red_lines, sync_track

    sections = found.timing.sections
    if form == "json":
        json.dump(_plain(found), sys.stdout, indent=1)
        sys.stdout.write("\n")
    elif form == "osu":
        click.echo("[TimingPoints]\n" + "\n".join(red_lines(sections)))
    elif form == "chart":
        click.echo("[SyncTrack]\n{\n" + "\n".join(f"  {line}" for line in sync_track(sections)) + "\n}")
    else:
        _table(found)


def _table(found: Timed) -> None:
    from server.printers.as_diff import write_diff

    click.echo(one_line(found.title))
    for row in found.rows:
        click.echo("  " + row)
    for finding in found.findings:
        stamp = "" if finding.time_ms is None else f"{format_stamp(finding.time_ms, finding.selection)} - "
        click.echo(f"  {stamp}{one_line(finding.message)} [{finding.name}]")
    if found.document is not None and found.edits:
        sys.stdout.flush()
        write_diff(found.path, found.document.text, found.document.edit(found.edits).text)


def _plain(found: Timed) -> dict[str, object]:
    timing = found.timing
    return {
        "version": 1,
        "path": found.path,
        "song": found.song,
        "length_ms": round(timing.length_ms),
        "sections": [
            {
                "start_ms": round(each.start_ms, 2),
                "bpm": round(each.bpm, 4),
                "beat_ms": round(each.beat_ms, 9),
                "meter": each.meter,
                "confidence": {
                    "bpm": round(each.confidence, 3),
                    "offset": round(each.beat_confidence, 3),
                    "bar": round(each.bar_confidence, 3),
                },
            }
            for each in timing.sections
        ],
        "others": [{"bpm": round(bpm, 4), "chance": round(chance, 3)} for bpm, chance in timing.others],
        "findings": [
            {
                "kind": each.kind,
                "severity": each.severity,
                "time_ms": each.time_ms,
                "message": each.message,
                "fixes": [fix.title for fix in each.fixes],
            }
            for each in found.findings
        ],
        "edits": [{"start": edit.span.start, "end": edit.span.end, "text": edit.text} for edit in found.edits],
    }

"""`maimod hitsounds`."""

from __future__ import annotations

import math

import click

from formats.timestamps import format_stamp
from generation.request import CannotWrite
from models.errors import MaimodError
from server.commands import options
from server.commands.moments import moment
from server.commands.saving import CANNOT, save
from server.printable import one_line
from server.reading import Unreadable


@click.command("hitsounds")
@click.argument("path", metavar="FILE", shell_complete=options.files)
@click.option("--from", "source", type=click.Path(dir_okay=False), metavar="FILE", help="Copy them from another difficulty.")
@click.option("--start", type=moment, default=None, metavar="TIME", help="Only from there on: 01:23:456, 1:23 or ms.")
@click.option("--end", type=moment, default=None, metavar="TIME", help="Only up to there.")
@click.option("--add", is_flag=True, help="Leave what has an addition; only silent objects and edges get one.")
@click.option("--sets", is_flag=True, help="Write (or copy) sample sets too.")
@click.option("--volumes", is_flag=True, help="Write (or copy) volumes too, as green lines.")
@click.option(
    "--share",
    type=click.FloatRange(0.01, 1),
    metavar="SHARE",
    help="How many of all sounds get an addition [default: as the map's].",
)
@click.option("--seed", type=click.IntRange(0, 2**31), default=0, show_default=True, help="The same seed writes the same sounds.")
@click.option(
    "--temperature", type=click.FloatRange(0, 8), default=1.0, show_default=True, help="With more, more of it is chance."
)
@click.option("--write", is_flag=True, help="Write the map; the first time a backup FILE.bak is kept beside it.")
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write the changed map there instead.")
@options.model
def command(
    path: str, source: str | None, start: float | None, end: float | None, add: bool, sets: bool, volumes: bool,
    share: float | None, seed: int, temperature: float, write: bool, output: str | None, audio: str | None, model: str | None,
) -> None:  # fmt: skip
    """Add or rewrite whistles, finishes and claps of objects and of slider heads, reverses and tails.

    They follow the rhythm, the song where it is beside the map, and how often the map has each of them. Rhythm and places are
    never touched, nor are objects that play a sample file of their own. Shows what would change as a unified diff and writes
    nothing without --write or --output.

    Exit codes: 0 written or shown, 2 it could not be done; then nothing was written.
    """
    from generation.hitsounds import SoundPart, SoundRequest
    from server.hitsounding import hitsound
    from server.printers.as_diff import write_diff

    parts = {SoundPart.ADDITIONS, *((SoundPart.SETS,) if sets else ()), *((SoundPart.VOLUMES,) if volumes else ())}
    first, last = (-math.inf if start is None else start), (math.inf if end is None else end)
    request = SoundRequest(first, last, frozenset(parts), add, share, seed, temperature)
    try:
        found = hitsound(path, request, source, audio, model)
    except (MaimodError, Unreadable, CannotWrite) as trouble:
        click.echo(f"maimod: {trouble}", err=True)
        raise SystemExit(CANNOT) from None
    after = found.document.edit(found.edits)
    write_diff(found.path, found.document.text, after.text)
    for finding in found.causes:
        stamp = "" if finding.time_ms is None else f"{format_stamp(finding.time_ms, finding.selection)} - "
        click.echo(f"    {stamp}{one_line(finding.message)} [{finding.name}]", err=True)
    for notice in (*found.notices, found.told):
        click.echo(f"maimod: {one_line(notice)}", err=True)
    if not found.edits:
        click.echo("maimod: nothing changes", err=True)
    elif output is not None or write:
        save(found.path, found.document.to_bytes(), after.to_bytes(), output)

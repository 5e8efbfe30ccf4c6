"""`maimod hitsounds`."""

from __future__ import annotations

import math
import sys

import click

from server.commands import options
from server.commands.caused import tell_findings
from server.commands.moments import moment
from server.commands.options import words
from server.commands.progress import bar
from server.commands.saving import in_a_sentence, save, tell_saved
from server.printable import one_line, printable


@click.command("hitsounds")
@click.argument("path", metavar="FILE", shell_complete=options.files)
@click.option(
    "--from",
    "source",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Copy them from another difficulty instead, by time.",
    shell_complete=options.files,
)
@click.option("--start", type=moment, default=None, metavar="TIME", help="Only from there on: 01:23:456, 1:23 or ms.")
@click.option("--end", type=moment, default=None, metavar="TIME", help="Only up to there.")
@click.option("--add", is_flag=True, help="Leave what has an addition; only silent objects and edges get one.")
@click.option("--sets", is_flag=True, help="Write (or copy) sample sets too: normal, soft, drum.")
@click.option("--volumes", is_flag=True, help="Write (or copy) volumes too, as green lines.")
@click.option(
    "--share",
    type=options.Number(0.01, 1),
    metavar="SHARE",
    help="How many of all sounds get an addition, 0.3 = three in ten [default: as many as the map has].",
)
@options.seed("sounds")
@click.option(
    "--temperature",
    type=options.Number(0, 8),
    metavar="X",
    default=1.0,
    show_default=True,
    help="With more, more of it is chance.",
)
@click.option("--write", is_flag=True, help="Write the map; the first time a backup FILE.bak is kept beside it.")
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write the changed map there instead.")
@click.option("--format", "form", type=words(("diff", "json")), default="diff", show_default=True, help="How it is shown.")
@options.model
def command(
    path: str, source: str | None, start: float | None, end: float | None, add: bool, sets: bool, volumes: bool,
    share: float | None, seed: int, temperature: float, write: bool, output: str | None, form: str, audio: str | None,
    model: str | None,
) -> None:  # fmt: skip
    """Add or rewrite whistles, finishes and claps of objects and of slider heads, reverses and tails.

    They follow the rhythm, the song where it is beside the map, and how often the map has each of them. Rhythm and places are
    never touched, nor are objects that play a sample file of their own. Shows what would change as a unified diff and writes
    nothing without --write or --output. What the model wrote says so in the map's tags; what is copied does not.

    \b
    maimod hitsounds map.osu --sets --volumes           everything anew
    maimod hitsounds map.osu --add --write              only where nothing sounds yet
    maimod hitsounds hard.osu --from insane.osu --write as another difficulty has them

    Exit codes: 0 written or shown, 2 it could not be done, 130 stopped with Ctrl+C; then nothing was written.
    """
    from generation.hitsounds import SoundPart, SoundRequest

    parts = {SoundPart.ADDITIONS, *((SoundPart.SETS,) if sets else ()), *((SoundPart.VOLUMES,) if volumes else ())}
    first, last = (-math.inf if start is None else start), (math.inf if end is None else end)
    request = SoundRequest(first, last, frozenset(parts), add, share, seed, temperature)
    with in_a_sentence():
        from server.hitsounding import hitsound

        with bar("Writing") as tell:
            found = hitsound(path, request, source, audio, model, tell)
    after = found.document.edit(found.edits)
    written = None
    if output is not None or (write and found.edits):
        written = save(found.path, found.document.to_bytes(), after.to_bytes(), output)
    if form == "json":
        from server.printers.as_rewriting_json import write_hitsounded

        write_hitsounded(found, written, sys.stdout.write)
    else:
        from server.printers.as_diff import write_diff

        write_diff(found.path, found.document.text, after.text)
        tell_findings(found.causes)
    for notice in (*found.notices, found.told):
        click.echo(f"maimod: {one_line(printable(notice))}", err=True)
    if written is not None:
        tell_saved(written)
    elif not found.edits:
        click.echo("maimod: nothing changes", err=True)
    elif form != "json":
        click.echo("maimod: nothing is written yet: --write writes it", err=True)

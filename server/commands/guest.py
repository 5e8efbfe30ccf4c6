"""`maimod guest`."""

from __future__ import annotations

import os

import click

from formats.osu import Mode
from formats.timestamps import format_stamp
from generation.request import CannotWrite
from models.errors import MaimodError
from server.commands import options
from server.commands.options import words
from server.commands.progress import bar
from server.commands.saving import CANNOT
from server.printable import one_line, plural
from server.reading import Unreadable

MODES = {"osu": Mode.OSU, "taiko": Mode.TAIKO, "catch": Mode.CATCH, "mania": Mode.MANIA}


@click.command("guest")
@click.argument("path", metavar="FILE", shell_complete=options.files)
@click.option("--stars", type=float, required=True, metavar="STARS", help="The star rating to reach, within 0.25.")
@click.option("--name", required=True, metavar="NAME", help="The difficulty's name, such as \"Guest's Hard\".")
@click.option("--mode", type=words(MODES), default=None, help="Another mode than the reference's.")
@click.option("--keys", type=click.IntRange(1, 18), default=None, help="Columns of an osu!mania difficulty [default: 4].")
@click.option(
    "--rhythm/--no-rhythm", default=None, help="Notes only where the reference is heard [default: if the reference is harder]."
)
@click.option("--seed", type=click.IntRange(0, 2**31), default=0, show_default=True, help="The same seed writes the same notes.")
@click.option(
    "--temperature", type=click.FloatRange(0.05, 3), default=1.0, show_default=True, help="Above 1 bolder, below 1 tamer."
)
@click.option("--write", is_flag=True, help="Write it beside FILE, under the name that the editor would give it.")
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write it there instead.")
@options.model
def command(
    path: str, stars: float, name: str, mode: str | None, keys: int | None, rhythm: bool | None, seed: int,
    temperature: float, write: bool, output: str | None, audio: str | None, model: str | None,
) -> None:  # fmt: skip
    """Write a new difficulty of the set from FILE, the reference: its timing, kiai, volumes, breaks and song.

    Steered to a star rating, which is reported. Says what came of it and what the rules find in it; writes nothing without
    --write or --output, and never over a file that exists. The difficulty says in its tags that it was generated.

    Exit codes: 0 written or told, 2 it could not be done; then nothing was written.
    """
    from generation.guest import TOLERANCE, GuestRequest
    from server.guesting import guest

    if not name.strip():
        raise click.BadParameter("the difficulty needs a name", param_hint="--name")
    request = GuestRequest(stars, name.strip(), MODES[mode] if mode else None, keys, rhythm, seed, temperature)
    try:
        with bar("Writing") as tell:
            found = guest(path, request, audio, model, tell)
    except (MaimodError, Unreadable, CannotWrite) as trouble:
        click.echo(f"maimod: {trouble}", err=True)
        raise SystemExit(CANNOT) from None
    made = found.guest
    click.echo(
        f"[{one_line(name.strip())}] {made.stars:.2f} stars, {plural(made.notes, 'note')}"
        f"{', in the rhythm of the reference' if made.followed else ''}{f', written to {found.song}' if found.song else ''}"
    )
    for finding in found.findings:
        stamp = "" if finding.time_ms is None else f"{format_stamp(finding.time_ms, finding.selection)} - "
        click.echo(f"  {stamp}{one_line(finding.message)} [{finding.name}]")
    if abs(made.stars - stars) > TOLERANCE:
        click.echo(f"maimod: {stars:g} stars were not reached; try another --seed, or --no-rhythm", err=True)
    for notice in found.notices:
        click.echo(f"maimod: {one_line(notice)}", err=True)
    if output is not None or write:
        _save(output or found.path, made.document.to_bytes())


def _save(target: str, data: bytes) -> None:
    from server.writing import write_atomically

    try:
        if os.path.exists(target):
            raise FileExistsError(None, "it exists already; name another file with --output")
        write_atomically(target, data)
    except OSError as trouble:
        click.echo(f"maimod: {Unreadable(target, f'cannot be written ({trouble.strerror or trouble})')}", err=True)
        raise SystemExit(CANNOT) from None
    click.echo(f"wrote {target}", err=True)

"""`maimod guest`."""

from __future__ import annotations

import os
import sys

import click

from formats.osu import Mode
from server.commands import options
from server.commands.caused import tell_findings
from server.commands.options import words
from server.commands.progress import bar
from server.commands.saving import in_a_sentence, refuse_over, save_new, tell_saved
from server.printable import one_line, plural, printable

MODES = {"osu": Mode.OSU, "taiko": Mode.TAIKO, "catch": Mode.CATCH, "mania": Mode.MANIA}


@click.command("guest")
@click.argument("path", metavar="FILE", shell_complete=options.files)
@click.option("--stars", type=float, required=True, metavar="STARS", help="The star rating to reach, within 0.25.")
@click.option("--name", required=True, metavar="NAME", help="The difficulty's name, such as \"Ann's Hard\".")
@click.option("--mode", type=words(MODES), default=None, help="Another mode than that of FILE.")
@click.option(
    "--keys", type=click.IntRange(1, 18), metavar="N", default=None, help="Columns of an osu!mania difficulty [default: 4]."
)
@click.option(
    "--rhythm/--no-rhythm", default=None, help="Notes only where the reference is heard [default: if the reference is harder]."
)
@options.temperature
@options.seed()
@click.option("--write", is_flag=True, help="Write it beside FILE, under the name that the editor would give it.")
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write it there instead.")
@click.option("--format", "form", type=words(("text", "json")), default="text", show_default=True, help="How it is told.")
@options.model
def command(
    path: str, stars: float, name: str, mode: str | None, keys: int | None, rhythm: bool | None, temperature: float,
    seed: int, write: bool, output: str | None, form: str, audio: str | None, model: str | None,
) -> None:  # fmt: skip
    """Write a new difficulty of the set from FILE, the reference: its timing, kiai, volumes, breaks and song.

    Steered to a star rating, which is reported; FILE may be of any mode, and so may the new difficulty. Says what came of it
    and what the rules find in it; writes nothing without --write or --output, and never over a file that exists. The
    difficulty says in its tags that it was generated.

    \b
    maimod guest insane.osu --stars 2.3 --name "Ann's Normal" --write
    maimod guest insane.osu --stars 3 --name "Ann's Oni" --mode taiko --write

    Exit codes: 0 written or told, 2 it could not be done, 130 stopped with Ctrl+C; then nothing was written.
    """
    from generation.guest import TOLERANCE, GuestRequest

    name = name.strip()
    if not name:
        raise click.BadParameter("the difficulty needs a name", param_hint="--name")
    if not name.isprintable():
        raise click.BadParameter("the difficulty's name must be one line of text", param_hint="--name")
    request = GuestRequest(stars, name, MODES[mode] if mode else None, keys, rhythm, seed, temperature)
    with in_a_sentence():
        from server.guesting import file_name, guested
        from server.rewritable import read_difficulty
        from server.songs import Songs

        around = read_difficulty(path)
        if output is not None or write:
            refuse_over(output or os.path.join(os.path.dirname(path), file_name(around.osu().difficulty.beatmap, name)))
        with bar("Writing") as tell:
            found = guested(around, request, Songs(audio), model, tell)
    made = found.guest
    written = save_new(output or found.path, made.document.to_bytes()) if output is not None or write else None
    if form == "json":
        from server.printers.as_rewriting_json import write_guested

        write_guested(found, stars, name, written, sys.stdout.write)
    else:
        followed = ", in the rhythm of the reference" if made.followed else ""
        heard = f", written to {one_line(printable(found.song))}" if found.song else ", written without a song"
        click.echo(f"[{one_line(name)}] {made.stars:.2f} stars, {plural(made.notes, 'note')}{followed}{heard}")
        tell_findings(found.findings, err=False)
    if abs(made.stars - stars) > TOLERANCE:
        click.echo(f"maimod: {stars:g} stars were not reached; try another --seed, or --no-rhythm", err=True)
    for notice in found.notices:
        click.echo(f"maimod: {one_line(printable(notice))}", err=True)
    if written is not None:
        tell_saved(written)
    elif form != "json":
        click.echo("maimod: nothing is written yet: --write writes it beside the reference", err=True)

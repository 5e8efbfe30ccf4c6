"""`maimod explain`."""

from __future__ import annotations

import sys

import click

from models.errors import MaimodError
from server.commands import options
from server.commands.check import CANNOT_READ, colored
from server.commands.closed_pipes import until_closed
from server.commands.options import words
from server.reading import Unreadable


@click.command("explain")
@click.argument("place", metavar="FILE:LINE|FILE:TIME", shell_complete=options.files)
@click.option("--format", "form", type=words(("text", "json")), default="text", show_default=True, help="How it is written.")
@click.option(
    "--color", type=words(("auto", "always", "never")), default="auto", show_default=True, help="Colours in text output."
)
@options.model
def command(place: str, form: str, color: str, audio: str | None, model: str | None) -> None:
    """Show all that was expected of one note.

    LINE counts from 1, as an editor does; TIME is written as check and surprisal show it: map.osu:00:12:345. First how likely
    something is wrong, and what. Then for every field how surprising what stands there is, how many bits were to be expected
    of it (as many as the model was unsure), and the likeliest values (> marks what stands there): 1 bit = as likely as
    not, 7 bits = one chance in 128. At the end the notes around.

    Exit codes: 0 explained, 2 there is no such note or the map could not be read.
    """
    from server.explaining import explain
    from server.printers import as_explanation, as_surprisal_text

    try:
        found, notices = explain(place, audio, model)
    except (MaimodError, Unreadable) as trouble:
        click.echo(f"maimod: {trouble}", err=True)
        raise SystemExit(CANNOT_READ) from None
    with until_closed():
        if form == "json":
            sys.stdout.write(as_explanation.as_json(found))
        else:
            lines = [line for each in found for line in as_explanation.text(each, plain=not _blocks())]
            if colored(color):
                as_surprisal_text.write_terminal(lines, force=color == "always")
            else:
                as_surprisal_text.write_text(lines, sys.stdout.write)
    for notice in notices:
        click.echo(f"maimod: {notice}", err=True)


def _blocks() -> bool:
    """Whether standard output can write the characters of the bars."""
    try:
        "█░°·".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True

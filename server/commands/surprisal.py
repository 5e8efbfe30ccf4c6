"""`maimod surprisal`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, TypeVar

import click

from models.errors import MaimodError
from server.commands import options
from server.commands.check import CANNOT_READ, colored
from server.commands.closed_pipes import until_closed
from server.commands.options import words
from server.moments import parse_moment
from server.pool import FEW_MAPS, collect_seldom

if TYPE_CHECKING:
    from server.plot.panel import Panel
    from server.printers.as_surprisal_json import Chosen
    from server.printers.as_surprisal_text import Line
    from server.reading import Unreadable
    from server.scored_maps import ScoredMap
    from server.surprisal_run import SurprisalRun

Some = TypeVar("Some")
FORMATS = ("text", "json")


def moment(text: str) -> float:
    try:
        return parse_moment(text)
    except ValueError as trouble:
        raise click.BadParameter(str(trouble)) from None


def picture(path: str) -> str:
    if not path.lower().endswith((".svg", ".png")):
        raise click.BadParameter(f"{path!r} must end in .svg or .png")
    return path


@click.command("surprisal")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", shell_complete=options.files)
@click.option("--format", "form", type=words(FORMATS), default="text", show_default=True, help="How the scores are written.")
@click.option(
    "--most", type=click.IntRange(min=1), metavar="N", help="Only the N most suspicious notes [default: text 20, JSON all]."
)
@click.option("--start", type=moment, metavar="TIME", help="Only notes from here on: 01:23:456, 1:23 or ms.")
@click.option("--end", type=moment, metavar="TIME", help="Only notes up to here.")
@click.option(
    "--plot",
    type=picture,
    metavar="FILE.svg|FILE.png",
    help="Also draw suspicion and surprisal over time: one picture, a panel for each difficulty or track.",
    shell_complete=options.files,
)
@click.option(
    "--plot-width", type=click.IntRange(400, 8000), default=1200, show_default=True, help="The picture's width in pixels."
)
@click.option("--jobs", type=click.IntRange(min=1), help="How many processes [default: 1 for few maps, else one per core].")
@click.option(
    "--stdin-filename",
    metavar="PATH",
    default="",
    help="Where the map on standard input (-) belongs.",
    shell_complete=options.files,
)
@click.option(
    "--color", type=words(("auto", "always", "never")), default="auto", show_default=True, help="Colours in text output."
)
@options.model
def command(
    paths: tuple[str, ...], form: str, most: int | None, start: float | None, end: float | None, plot: str | None,
    plot_width: int, jobs: int | None, stdin_filename: str, color: str, audio: str | None, model: str | None,
) -> None:  # fmt: skip
    """Say which notes of a map a model that has read many maps would look at first, and what it expected instead.

    PATH is a map (.osu, .chart), an archive (.osz, .zip), a folder (searched for maps and .osz), or - for standard input.
    The text names the most suspicious notes of each difficulty; 'maimod explain FILE:LINE' shows all about one of them.

    \b
    suspicion  how likely something is wrong there, by all that the model sees; the rank
               (JSON: score, the same before it is made a probability)
    bits       how surprising one thing about the note is: 1 = as likely as not,
               7 = one chance in 128; surprise alone is no mistake

    'maimod check' ranks by rarity instead: how seldom that kind of slip looks as likely in published maps (--min-surprisal).

    Exit codes: 0 all was scored, 2 something could not be read.
    """
    collect_seldom()
    from server.printers.as_surprisal_json import Chosen
    from server.printers.as_surprisal_text import DEFAULT_MOST
    from server.surprisal_run import SurprisalRun

    stretch = (-inf if start is None else start, inf if end is None else end)
    chosen = Chosen(*stretch, most or (DEFAULT_MOST if form == "text" else None))
    stdin = sys.stdin.buffer.read() if "-" in paths else None
    make = Making(form, chosen, plot_width if plot else None)
    run = SurprisalRun(paths, make, audio=audio, weights=model, jobs=jobs, stdin=stdin, stdin_name=stdin_filename)
    try:
        made: Iterable[Made] = told(run, streams=not plot)
        if plot:
            # The picture first: who reads the text may stop in the middle.
            made = _drawn(list(made), plot, plot_width)
        with until_closed():
            _write(made, run.unreadable, form, color)
    except MaimodError as trouble:
        raise click.ClickException(str(trouble)) from None
    for line in [*run.notices, *map(str, run.unreadable)]:
        click.echo(f"maimod: {line}", err=True)
    raise SystemExit(CANNOT_READ if run.unreadable else 0)


@dataclass(frozen=True, slots=True)
class Made:
    """What is left of a scored map when its process is done with it: text in one of two forms, panels of the picture."""

    lines: list[Line]
    model: str = ""
    json: tuple[str, ...] = ()
    panels: tuple[Panel, ...] = ()


@dataclass(frozen=True, slots=True)
class Making:
    """Makes it. `width` is the picture's in pixels, None without one."""

    form: str
    chosen: Chosen
    width: int | None

    def __call__(self, scored: ScoredMap) -> Made:
        panels: tuple[Panel, ...] = ()
        if self.width is not None:
            from server.plot.panel import panels_of

            panels = panels_of(scored, self.width, self.chosen.start, self.chosen.end)
        if self.form == "json":
            from server.printers.as_surprisal_json import file_texts

            return Made([], *file_texts(scored, self.chosen), panels)
        from server.printers.as_surprisal_text import section

        return Made(section(scored, self.chosen), panels=panels)


def told(run: SurprisalRun[Some], *, streams: bool) -> Iterator[Some]:
    """What the run makes, with its progress on a terminal that does not see the answers come."""
    tells = sys.stderr.isatty() and not (streams and sys.stdout.isatty()) and run.expected > FEW_MAPS
    for number, each in enumerate(run, 1):
        if tells and number % 5 == 0:
            click.echo(f"\r{number:,} of {run.expected:,} maps\x1b[K", nl=False, err=True)
        yield each
    if tells:
        click.echo("\r\x1b[K", nl=False, err=True)


def _write(made: Iterable[Made], unreadable: Sequence[Unreadable], form: str, color: str) -> None:
    from server.printers import as_surprisal_json, as_surprisal_text

    lines = (line for each in made for line in each.lines)
    if form == "json":
        as_surprisal_json.write_json(((each.model, each.json) for each in made), sys.stdout.write, unreadable)
    elif colored(color):
        as_surprisal_text.write_terminal(lines, force=color == "always")
    else:
        as_surprisal_text.write_text(lines, sys.stdout.write)


def _drawn(made: list[Made], path: str, width: int) -> list[Made]:
    """What was made, once its picture is written."""
    _draw([panel for each in made for panel in each.panels], path, width)
    return made


def _draw(panels: list[Panel], path: str, width: int) -> None:
    from server.plot.layout import MOST_PANELS, lay_out
    from server.printable import plural
    from server.writing import write_atomically

    drawing = lay_out(panels, width)
    if path.lower().endswith(".svg"):
        from server.plot.svg import as_svg as draw
    else:
        from server.plot.png import as_png as draw
    try:
        write_atomically(path, draw(drawing))
    except OSError as trouble:
        raise click.ClickException(f"{path}: cannot be written ({trouble.strerror or trouble})") from None
    left = len(panels) - MOST_PANELS
    click.echo(
        f"maimod: {path} shows {plural(min(len(panels), MOST_PANELS), 'panel')}"
        + (f", {left} more would not fit" if left > 0 else ""),
        err=True,
    )

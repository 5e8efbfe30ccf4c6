"""`maimod regenerate`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from formats.timestamps import format_time
from generation.parts import Part
from generation.request import DENSITIES, OWN, Request
from server.commands import options
from server.commands.caused import tell_findings
from server.commands.moments import moment
from server.commands.options import words
from server.commands.progress import bar
from server.commands.saving import in_a_sentence, refuse, save, tell_saved
from server.printable import one_line, plural, printable

if TYPE_CHECKING:
    from generation.proposal import Proposal, Score
    from server.regenerating import Regenerated

MOST_LANES = 18


@dataclass(frozen=True, slots=True)
class Lanes:
    """Columns or lanes, from 0 or by name."""

    numbers: frozenset[int]
    names: frozenset[str]


def parts(text: str) -> frozenset[Part]:
    """Parts of notes, separated by commas."""
    try:
        return frozenset(Part(word.strip().lower()) for word in text.split(",") if word.strip())
    except ValueError:
        raise click.BadParameter(f"{text!r} is none of {', '.join(Part)}") from None


def some_parts(text: str) -> frozenset[Part]:
    if found := parts(text):
        return found
    raise click.BadParameter(f"name at least one of {', '.join(Part)}")


def lanes(text: str) -> Lanes:
    """Columns or lanes from 1, as 1,2,5-7, or by name; from 0 inside of maimod."""
    numbers, names = set[int](), set[str]()
    for word in (each.strip().lower() for each in text.split(",")):
        first, dash, last = word.partition("-")
        if word.isalpha():
            names.add(word)
        elif first.isdecimal() and (not dash or last.isdecimal()) and 1 <= int(first) <= int(last or first) <= MOST_LANES:
            numbers.update(range(int(first) - 1, int(last or first)))
        else:
            raise click.BadParameter(f"{text!r} is no list of lanes such as 1,2 or 1-4 or red,kick")
    return Lanes(frozenset(numbers), frozenset(names))


def kinds(text: str) -> frozenset[str]:
    from models.bundled.fields import KINDS

    found = frozenset(word.strip().lower() for word in text.split(",") if word.strip())
    if unknown := sorted(found - {*KINDS}):
        raise click.BadParameter(f"{unknown[0]!r} is none of {', '.join(KINDS)}")
    return found


class Density(options.Number):
    """As of a `Request`."""

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float | None:  # type: ignore[override]
        if str(value) == OWN:
            return None
        try:
            float(value)
        except ValueError:
            self.fail(f"{value!r} is neither a number nor {OWN!r}", param, ctx)
        return super().convert(value, param, ctx)


@click.command("regenerate")
@click.argument("path", metavar="FILE", shell_complete=options.files)
@click.option("--start", type=moment, required=True, metavar="TIME", help="Where the section begins: 01:23:456, 1:23 or ms.")
@click.option("--end", type=moment, required=True, metavar="TIME", help="Where it ends; a note at that very time stays.")
@click.option("--track", default="", metavar="NAME", help="The track of a chart, such as ExpertSingle [default: the only one].")
@click.option("--keep", type=parts, default="", metavar="PART,…", help=f"What stays of the notes: {', '.join(Part)}.")
@click.option("--only", type=some_parts, default=None, metavar="PART,…", help="Nothing but this changes, such as combos.")
@click.option("--add", is_flag=True, help="Leave the notes that stand and add others between them.")
@click.option(
    "--lanes",
    type=lanes,
    default=None,
    metavar="1,2,…",
    help="Write in these only: columns from the left (mania), or lanes of a chart such as green,open or kick.",
)
@click.option(
    "--kinds", type=kinds, default=None, metavar="don,kat,…", help="Write these only: don,kat or circle,slider or note,hold."
)
@click.option(
    "--density",
    type=Density(*DENSITIES),
    metavar=f"X|{OWN}",
    default=1.0,
    show_default=True,
    help=f"Times as dense as the notes around; {OWN}: as dense as the section is now.",
)
@options.temperature
@options.seed()
@click.option(
    "--candidates",
    type=click.IntRange(1, 16),
    metavar="N",
    default=3,
    show_default=True,
    help="How many are written to choose from.",
)
@click.option(
    "--choose", type=click.IntRange(1, 16), metavar="N", default=1, show_default=True, help="Which of them, the best is 1."
)
@click.option("--write", is_flag=True, help="Write the map; the first time a backup FILE.bak is kept beside it.")
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write the changed map there instead.")
@click.option("--format", "form", type=words(("diff", "json")), default="diff", show_default=True, help="How it is shown.")
@options.model
def command(
    path: str, start: float, end: float, track: str, keep: frozenset[Part], only: frozenset[Part] | None, add: bool,
    lanes: Lanes | None, kinds: frozenset[str] | None, density: float | None, temperature: float, seed: int, candidates: int,
    choose: int, write: bool, output: str | None, form: str, audio: str | None, model: str | None,
) -> None:  # fmt: skip
    """Write a section of a map anew, so that it fits the notes on both sides, the timing, the song and the map's own style.

    Shows what would change as a unified diff and writes nothing without --write or --output. On standard error: each
    candidate with its bits a note (how surprising its notes are where they stand: less fits better; human sections take 10
    to 20 in osu!, 7 to 11 in osu!catch, 2 to 6 elsewhere) and the findings that it would cause; none of them is an error.
    A map that was partly written so says so: an .osu in its tags, a track of a chart by the event "maimod".

    \b
    maimod regenerate map.osu --start 1:02 --end 1:10                        three candidates, the best as a diff
    maimod regenerate map.osu --start 1:02 --end 1:10 --choose 2 --write     the second one into the map
    maimod regenerate map.osu --start 1:02 --end 1:10 --only combos          nothing but new combos
    maimod regenerate map.osu --start 1:02 --end 1:10 --keep rhythm          the same rhythm, other patterns

    Exit codes: 0 written or shown, 2 it could not be done, 130 stopped with Ctrl+C; then nothing was written.
    """
    if only is not None:
        if keep:
            raise click.UsageError("--keep and --only say the same in two ways; use one of them")
        if add:
            raise click.UsageError("--add leaves the notes that stand as they are, so --only has nothing to change; use one")
        keep = frozenset(Part) - only
    numbers, names = (lanes.numbers or None, lanes.names) if lanes else (None, frozenset[str]())
    request = Request(
        start, end, track, seed, max(candidates, choose), temperature, density, keep, add, numbers, kinds, names
    )  # fmt: skip
    with in_a_sentence():
        from server.regenerating import regenerate

        with bar("Writing") as tell:
            found = regenerate(path, request, audio, model, tell)
    if choose > len(found.proposals):
        came = plural(len(found.proposals), "candidate")
        refuse(f"only {came} came out differently; choose one of them, or ask with another --seed or --temperature")
    chosen = found.proposals[choose - 1]
    after = found.document.edit(chosen.edits)
    written = None
    if output is not None or (write and chosen.edits):
        written = save(found.path, found.document.to_bytes(), after.to_bytes(), output)
    if form == "json":
        from server.printers.as_rewriting_json import write_regenerated

        write_regenerated(found, request, chosen, written, sys.stdout.write)
    else:
        _show(found, request, chosen, after.text)
    for notice in found.notices:
        click.echo(f"maimod: {one_line(printable(notice))}", err=True)
    if written is not None:
        tell_saved(written)
    elif not chosen.edits:
        click.echo("maimod: nothing changes", err=True)
    elif form != "json":
        click.echo(f"maimod: nothing is written yet: --write writes candidate {choose}, --choose N another one", err=True)


def _show(found: Regenerated, request: Request, chosen: Proposal, after: str) -> None:
    from server.printers.as_diff import write_diff

    section = f"{format_time(request.start)} – {format_time(request.end)}"
    click.echo(f"{section} as it stands: {_told(chosen.before)}", err=True)
    for each in found.proposals:
        mark = ">" if each is chosen else " "
        more = [f"{each.after.seams:.1f} at the seams"] if each.after.notes else []
        if each.left_out:
            more.append(f"{plural(each.left_out, 'note')} left out that a rule forbids")
        if each.causes:
            more.append(f"would cause {plural(len(each.causes), 'finding')}")
        if each.solved:
            more.append(f"would solve {plural(each.solved, 'finding')}")
        click.echo(f"{mark} candidate {each.candidate}: {', '.join((_told(each.after), *more))}", err=True)
    if missing := request.count - len(found.proposals):
        click.echo(f"  {plural(missing, 'candidate')} more came out the same as another or against the rules", err=True)
    tell_findings(chosen.causes)
    write_diff(found.path, found.document.text, after)


def _told(score: Score) -> str:
    return f"{plural(score.notes, 'note')}, {score.density:.1f} moments a second, {score.bits:.1f} bits a note"

"""`maimod regenerate`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from formats.spans import apply_edits
from formats.timestamps import format_stamp
from generation.parts import Part
from generation.request import CannotWrite, Request
from models.errors import MaimodError
from server.commands import options
from server.commands.moments import moment
from server.commands.options import words
from server.commands.progress import bar
from server.commands.saving import CANNOT, save
from server.printable import one_line, plural
from server.reading import Unreadable

if TYPE_CHECKING:
    from generation.proposal import Proposal
    from server.regenerating import Regenerated


def parts(text: str) -> frozenset[Part]:
    """Parts of notes, separated by commas."""
    try:
        return frozenset(Part(word.strip().lower()) for word in text.split(",") if word.strip())
    except ValueError:
        raise click.BadParameter(f"{text!r} is none of {', '.join(Part)}") from None


def lanes(text: str) -> frozenset[int]:
    """Columns or lanes from 1, as 1,2,5-7; from 0 inside of maimod."""
    found: set[int] = set()
    for word in text.split(","):
        first, dash, last = word.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()) or not 1 <= int(first) <= int(last or first) <= 18:
            raise click.BadParameter(f"{text!r} is no list of lanes such as 1,2 or 1-4")
        found.update(range(int(first) - 1, int(last or first)))
    return frozenset(found)


def kinds(text: str) -> frozenset[str]:
    from models.bundled.fields import KINDS

    found = frozenset(word.strip().lower() for word in text.split(",") if word.strip())
    if unknown := sorted(found - {*KINDS}):
        raise click.BadParameter(f"{unknown[0]!r} is none of {', '.join(KINDS)}")
    return found


@click.command("regenerate")
@click.argument("path", metavar="FILE", shell_complete=options.files)
@click.option("--start", type=moment, required=True, metavar="TIME", help="Where the section begins: 01:23:456, 1:23 or ms.")
@click.option("--end", type=moment, required=True, metavar="TIME", help="Where it ends; a note at that very time stays.")
@click.option("--track", default="", metavar="NAME", help="The track of a chart, such as ExpertSingle.")
@click.option("--seed", type=click.IntRange(0, 2**31), default=0, show_default=True, help="The same seed writes the same notes.")
@click.option(
    "--candidates", type=click.IntRange(1, 16), default=3, show_default=True, help="How many are written to choose from."
)
@click.option("--choose", type=click.IntRange(1, 16), default=1, show_default=True, help="Which of them, the best is 1.")
@click.option(
    "--temperature", type=click.FloatRange(0.05, 3), default=1.0, show_default=True, help="Above 1 bolder, below 1 tamer."
)
@click.option(
    "--density", type=click.FloatRange(0.1, 8), default=1.0, show_default=True, help="Times as dense as the notes around."
)
@click.option("--keep", type=parts, default="", metavar="PART,…", help=f"What stays: {', '.join(Part)}.")
@click.option("--only", type=parts, default=None, metavar="PART,…", help="Nothing but this changes, such as combos.")
@click.option("--add", is_flag=True, help="Leave the notes that stand and add others between them.")
@click.option("--lanes", type=lanes, default=None, metavar="1,2,…", help="Write in these columns (mania) or lanes (charts) only.")
@click.option("--kinds", type=kinds, default=None, metavar="don,kat,…", help="Write these kinds of notes only.")
@click.option("--write", is_flag=True, help="Write the map; the first time a backup FILE.bak is kept beside it.")
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write the changed map there instead.")
@click.option("--format", "form", type=words(("diff", "json")), default="diff", show_default=True, help="How it is shown.")
@options.model
def command(
    path: str, start: float, end: float, track: str, seed: int, candidates: int, choose: int, temperature: float,
    density: float, keep: frozenset[Part], only: frozenset[Part] | None, add: bool, lanes: frozenset[int] | None,
    kinds: frozenset[str] | None, write: bool, output: str | None, form: str, audio: str | None, model: str | None,
) -> None:  # fmt: skip
    """Write a section of a map anew, so that it fits the notes on both sides, the timing, the song and the map's own style.

    Shows what would change as a unified diff and writes nothing without --write or --output. On standard error: each
    candidate with its bits a note (how surprising it is beside its surroundings: less fits better, human sections lie
    between 5 and 20) and the findings that it would cause. A map that was partly written so says so in its tags.

    Exit codes: 0 written or shown, 2 it could not be done; then nothing was written.
    """
    from server.regenerating import regenerate

    if only is not None:
        keep = frozenset(Part) - only
    request = Request(start, end, track, seed, max(candidates, choose), temperature, density, keep, add, lanes, kinds)
    try:
        with bar("Writing") as tell:
            found = regenerate(path, request, audio, model, tell)
    except (MaimodError, Unreadable, CannotWrite) as trouble:
        click.echo(f"maimod: {trouble}", err=True)
        raise SystemExit(CANNOT) from None
    if choose > len(found.proposals):
        click.echo(f"maimod: only {plural(len(found.proposals), 'candidate')} came out differently; choose one of them", err=True)
        raise SystemExit(CANNOT)
    chosen = found.proposals[choose - 1]
    after = found.document.edit(chosen.edits)
    _show(found, chosen, after.text, form)
    if output is not None or write:
        save(found.path, found.document.to_bytes(), after.to_bytes(), output)
    for notice in found.notices:
        click.echo(f"maimod: {notice}", err=True)


def _show(found: Regenerated, chosen: Proposal, after: str, form: str) -> None:
    if form == "json":
        json.dump(_plain(found), sys.stdout, indent=1)
        sys.stdout.write("\n")
        return
    from server.printers.as_diff import write_diff

    before = chosen.before
    click.echo(f"as it stands: {plural(before.notes, 'note')}, {before.bits:.1f} bits a note", err=True)
    for each in found.proposals:
        mark = ">" if each is chosen else " "
        told = f"{plural(each.after.notes, 'note')}, {each.after.bits:.1f} bits a note, {each.after.seams:.1f} at the seams"
        causes = f", would cause {plural(len(each.causes), 'finding')}" if each.causes else ""
        click.echo(f"{mark} candidate {each.candidate}: {told}{causes}", err=True)
    for finding in chosen.causes:
        stamp = "" if finding.time_ms is None else f"{format_stamp(finding.time_ms, finding.selection)} - "
        click.echo(f"    {stamp}{one_line(finding.message)} [{finding.name}]", err=True)
    write_diff(found.path, found.document.text, after)


def _plain(found: Regenerated) -> dict[str, object]:
    return {
        "version": 1,
        "path": found.path,
        "song": found.song or None,
        "proposals": [
            {
                "title": each.title,
                "candidate": each.candidate,
                "seed": each.seed,
                "edits": [{"start": edit.span.start, "end": edit.span.end, "text": edit.text} for edit in each.edits],
                "text": apply_edits(found.document.text, each.edits),
                "before": {"notes": each.before.notes, "bits": round(each.before.bits, 3)},
                "after": {"notes": each.after.notes, "bits": round(each.after.bits, 3), "seams": round(each.after.seams, 3)},
                "findings": [
                    {"code": one.code, "name": one.name, "severity": one.severity, "message": one.message, "time_ms": one.time_ms}
                    for one in each.causes
                ],
            }
            for each in found.proposals
        ],
    }

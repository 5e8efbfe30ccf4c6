"""`maimod dismiss`."""

from __future__ import annotations

import os
from collections.abc import Iterator

import click

from analyzers.finding import Finding
from formats.document import Document
from formats.timestamps import format_time
from server import dismissals, reading
from server.check import Asked
from server.commands import options
from server.commands.options import rule_names
from server.fixing import subjects
from server.moments import split_place
from server.printable import one_line


@click.command("dismiss")
@click.argument("place", metavar="FILE[:LINE|:TIME]", shell_complete=options.files)
@click.option(
    "--rule",
    "rules",
    type=rule_names,
    required=True,
    metavar="NAME,…",
    help="The rules not to hear of again.",
    shell_complete=options.rules,
)
@click.option("--reason", metavar="TEXT", default="", help="Why, for whoever reads the file later.")
def command(place: str, rules: tuple[str, ...], reason: str) -> None:
    """Never hear of a finding again.

    Writes what these rules find at LINE (as an editor counts, from 1) or at TIME (as check shows it, 00:12:345; without
    either, in the whole file) to .maimod/dismissed.toml beside the map. It comes back when the line itself changes. To be
    rid of a rule altogether, put it under `ignore` in maimod.toml.
    """
    path, line, time = split_place(place)
    found = [
        dismissals.dismissal(finding, document, name)
        for name, finding, document in _findings(path, rules)
        if line is None or document.index.line_of(finding.span.start) == line - 1
        if time is None or (finding.time_ms is not None and format_time(finding.time_ms) == time)
    ]
    if not found:
        where = f"line {line} of {path}" if line else f"{path} at {time}" if time else path
        raise click.ClickException(f"{', '.join(rules)} finds nothing in {where} that is not dismissed yet")
    folder = os.path.dirname(path)
    try:
        new = dismissals.add(folder, found, reason)
    except OSError as trouble:
        raise click.ClickException(f"{dismissals.file_of(folder)}: cannot be written ({trouble.strerror or trouble})") from None
    except ValueError as trouble:
        raise click.ClickException(str(trouble)) from None
    for each in new:
        click.echo(f"Dismissed {each.rule} in {one_line(each.map)}: {one_line(each.subject)}")


def _findings(path: str, rules: tuple[str, ...]) -> Iterator[tuple[str, Finding, Document]]:
    found = reading.find([path])
    troubles = [trouble for _, trouble in found.unreadable]
    if os.path.isdir(path):
        raise click.ClickException(f"{path}: is a folder; name one map")
    for batch in found.batches:
        these = subjects(batch, Asked(select=rules))
        troubles += these.unreadable
        for subject in these.files:
            for finding in subject.analyse(subject.document):
                yield os.path.basename(subject.path), finding, subject.document
        for notice in these.notices:
            click.echo(f"maimod: {notice}", err=True)
    for trouble in troubles:
        raise click.ClickException(str(trouble))

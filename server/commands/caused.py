"""How commands that write notes say what the rules would find then."""

from __future__ import annotations

from collections.abc import Iterable

import click

from analyzers.finding import Finding
from formats.timestamps import format_stamp
from server.printable import one_line

# More lines than this nobody reads; what is left is counted.
MOST = 20


def tell_findings(findings: Iterable[Finding], *, err: bool = True) -> None:
    """A line each, as `maimod check` words it, the severest first."""
    listed = sorted(findings, key=lambda finding: (finding.severity.rank, finding.time_ms or 0.0))
    for finding in listed[:MOST]:
        stamp = "" if finding.time_ms is None else f"{format_stamp(finding.time_ms, finding.selection)} - "
        click.echo(f"    {finding.severity.value}: {stamp}{one_line(finding.message)} [{finding.name}]", err=err)
    if len(listed) > MOST:
        click.echo(f"    and {len(listed) - MOST} more", err=err)

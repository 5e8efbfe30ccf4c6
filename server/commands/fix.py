"""`maimod fix`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import click

from analyzers.finding import Safety, Severity
from formats.timestamps import format_stamp
from server import reading
from server.commands import options
from server.commands.options import words
from server.fixing import Mended, mend_together, subjects, sure
from server.pool import MOST_IN_BATCH, collect_seldom
from server.printable import one_line, plural
from server.reading import Unreadable
from server.writing import Changed, replace_map

LEFT, CANNOT = 1, 2


@dataclass(slots=True)
class Tally:
    """What came of all files together; `unsafe` says that all that may be fixed has been."""

    unsafe: bool = False
    fixed: int = 0
    files: int = 0
    left: int = 0
    on_request: int = 0
    fails: bool = False
    troubles: list[str] = field(default_factory=list[str])
    cannot: bool = False

    def add(self, mended: Mended) -> None:
        self.fixed += len(mended.fixed)
        self.files += mended.changed
        self.left += len(mended.left)
        if not self.unsafe:
            self.on_request += sum(any(fix.safety is Safety.UNSAFE for fix in each.fixes) for each in mended.left if sure(each))
        self.fails |= mended.fails

    def cannot_do(self, trouble: Unreadable) -> None:
        self.cannot = True
        self.troubles.append(str(trouble))


@click.command("fix")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", shell_complete=options.files)
@options.choices
@click.option("--unsafe-fixes", is_flag=True, help="Also the fixes that change how the map plays or sounds.")
@click.option("--diff", is_flag=True, help="Show the changes as a unified diff; write nothing.")
@click.option("--dry-run", is_flag=True, help="Say what would be fixed; write nothing.")
@click.option(
    "--fail-on", type=words(Severity), help="The mildest severity that, if left, makes the exit code 1 [default: warning]."
)
@click.option(
    "--stdin-filename",
    metavar="PATH",
    default="",
    help="Where the map on standard input (-) belongs.",
    shell_complete=options.files,
)
@options.surprisal
def command(
    paths: tuple[str, ...], unsafe_fixes: bool, diff: bool, dry_run: bool, fail_on: str | None, stdin_filename: str,
    **others: object,
) -> None:  # fmt: skip
    """Apply the safe fixes to maps.

    PATH is a map (.osu, .chart with its song.ini), a folder of them, or - for standard input, which goes to standard output.
    The first time a map is changed, its former text is kept beside it as NAME.bak.

    What the surprisal model finds is a guess: it is fixed with --unsafe-fixes alone, and only what --select names
    (surprising-new-combo), where the model holds one value for likelier than all others together.

    Exit codes: 0 nothing is left, 1 findings are left (with --diff and --dry-run: or would be fixed), 2 something could not be
    read or written.
    """
    collect_seldom()
    asked = options.asked(others, fail_on)
    allowed = frozenset({Safety.SAFE, Safety.UNSAFE} if unsafe_fixes else {Safety.SAFE})
    stdin = sys.stdin.buffer.read() if reading.STDIN in paths else None
    found = reading.find(paths, stdin, stdin_filename)
    tally = Tally(unsafe_fixes)
    for _, trouble in found.unreadable:
        tally.cannot_do(trouble)
    for batch in (part for whole in found.batches for part in reading.split(whole, MOST_IN_BATCH)):
        if batch.archive and batch.folder not in paths:
            continue
        these = subjects(batch, asked)
        for trouble in these.unreadable:
            tally.cannot_do(trouble)
        for mended in mend_together(list(these.files), allowed):
            if batch.text is not None and not diff and not dry_run:
                _write_out(mended)
            elif not _deal_with(mended, diff, dry_run, tally):
                continue
            tally.add(mended)
        tally.troubles += [notice for notice in these.notices if notice not in tally.troubles]
    _conclude(tally, pending=diff or dry_run, quiet=diff or stdin is not None)


def _write_out(mended: Mended) -> None:
    sys.stdout.buffer.write(mended.after.to_bytes())


def _deal_with(mended: Mended, diff: bool, dry_run: bool, tally: Tally) -> bool:
    """Shows or writes what was fixed in one file; False where it could not be written."""
    if not mended.changed:
        return True
    if diff:
        from server.printers.as_diff import write_diff

        write_diff(mended.path, mended.before.text, mended.after.text)
        return True
    if not dry_run:
        try:
            replace_map(mended.path, mended.before.to_bytes(), mended.after.to_bytes())
        except Changed:
            tally.cannot_do(Unreadable(mended.path, "was changed by another program while it was being fixed; try again"))
            return False
        except OSError as trouble:
            tally.cannot_do(Unreadable(mended.path, f"cannot be written ({trouble.strerror or trouble})"))
            return False
    for line in dict.fromkeys(_told(mended)):
        click.echo(line)
    return True


def _told(mended: Mended) -> Iterator[str]:
    yield f"{one_line(mended.name)} ({one_line(mended.path)})" if mended.name else one_line(mended.path)
    for finding, fix in mended.fixed:
        stamp = "" if finding.time_ms is None else f"{format_stamp(finding.time_ms, finding.selection)} - "
        yield f"  {stamp}{one_line(fix.title)} [{finding.name}]"
    yield ""


def _conclude(tally: Tally, *, pending: bool, quiet: bool) -> None:
    """The summary and the exit code."""
    sys.stdout.flush()
    if tally.fixed or tally.left or not tally.cannot:
        click.echo(_summary(tally, pending=pending), err=quiet)
    for line in tally.troubles:
        click.echo(f"maimod: {line}", err=True)
    if tally.cannot:
        raise SystemExit(CANNOT)
    raise SystemExit(LEFT if tally.fails or (pending and tally.fixed) else 0)


def _summary(tally: Tally, *, pending: bool) -> str:
    verb = "Would fix" if pending else "Fixed"
    done = f"{verb} {plural(tally.fixed, 'finding')} in {plural(tally.files, 'file')}" if tally.fixed else "Nothing to fix"
    if not tally.left:
        return f"{done}; none is left." if tally.fixed else f"{done}."
    left = f"{tally.left} {'is' if tally.left == 1 else 'are'} left"
    return f"{done}; {left}" + (f", of which --unsafe-fixes can change {tally.on_request}." if tally.on_request else ".")

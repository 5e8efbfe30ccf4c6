"""`maimod check`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

import click

from analyzers.finding import Severity
from server.check import Run
from server.commands import options
from server.commands.options import words
from server.pool import FEW_MAPS, collect_seldom
from server.printable import plural

FORMATS = ("text", "json", "jsonl", "sarif", "github", "markdown")
FOUND, CANNOT_READ = 1, 2


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", shell_complete=options.files)
@click.option("--format", "form", type=words(FORMATS), default="text", show_default=True, help="How the findings are written.")
@options.choices
@click.option("--fail-on", type=words(Severity), help="The mildest severity that makes the exit code 1 [default: warning].")
@click.option("--min-severity", type=words(Severity), help="Leave out what is milder [default: hint, so nothing].")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 also when something was found.")
@click.option("--jobs", type=click.IntRange(min=1), help="How many processes [default: 1 for few maps, else one per core].")
@click.option("--watch", is_flag=True, help="Check again whenever a map changes, until Ctrl+C.")
@click.option(
    "--stdin-filename",
    metavar="PATH",
    default="",
    help="Where the map on standard input (-) belongs.",
    shell_complete=options.files,
)
@click.option(
    "--color",
    type=words(("auto", "always", "never")),
    default="auto",
    show_default=True,
    help="Colours and signs of severity in text output.",
)
@options.surprisal
def command(
    paths: tuple[str, ...], form: str, fail_on: str | None, min_severity: str | None, exit_zero: bool, jobs: int | None,
    watch: bool, stdin_filename: str, color: str, **others: object,
) -> None:  # fmt: skip
    """Say what is wrong in maps, where, and what can be fixed.

    PATH is a map (.osu, .chart), an archive (.osz, .zip), a folder (searched for maps and .osz), or - for standard input.

    Exit codes: 0 nothing as severe as --fail-on says, 1 such findings, 2 something could not be read, or
    only the surprisal model was asked and cannot answer.
    """
    collect_seldom()
    asked = options.asked(others, fail_on)
    if min_severity:
        asked = replace(asked, mildest=Severity(min_severity))
    if watch:
        _watch(paths, lambda: report(Run(paths, asked, jobs=jobs), form, color))
    stdin = sys.stdin.buffer.read() if "-" in paths else None
    run = Run(paths, asked, jobs=jobs, stdin=stdin, stdin_name=stdin_filename)
    report(run, form, color)
    raise SystemExit(_exit_code(run, exit_zero))


def _watch(paths: tuple[str, ...], check: Callable[[], None]) -> NoReturn:
    from server.watching import folders_of, watch_forever

    folders = folders_of(paths)
    if "-" in paths or not folders:
        raise click.UsageError("--watch needs a map or a folder that exists")

    def act() -> None:
        check()
        click.echo(f"Watching {plural(len(folders), 'folder')} for changes; Ctrl+C ends.", err=True)

    watch_forever(folders, act)


def report(run: Run, form: str, color: str) -> None:
    """Writes what the run finds, and to standard error what it could not read."""
    if sys.stderr.isatty() and not sys.stdout.isatty() and run.expected > FEW_MAPS:
        run.told = _progress
    _write(run, form, color)
    sys.stdout.flush()
    for line in [*run.notices, *map(str, run.unreadable)]:
        click.echo(f"maimod: {line}", err=True)


def _progress(run: Run) -> None:
    done = run.maps >= run.expected
    if done or run.maps % 10 == 0:
        sys.stderr.write(f"\r{run.maps:,} of {run.expected:,} maps" + ("\r\x1b[K" if done else ""))
        sys.stderr.flush()


def _write(run: Run, form: str, color: str) -> None:
    from server.printers import as_github, as_json, as_markdown, as_sarif, as_text

    writers = {
        "text": as_text.write_text,
        "json": as_json.write_json,
        "jsonl": as_json.write_lines,
        "sarif": as_sarif.write_sarif,
        "github": as_github.write_github,
        "markdown": as_markdown.write_markdown,
    }
    if form == "text" and colored(color):
        as_text.write_terminal(run, force=color == "always")
    else:
        writers[form](run, sys.stdout.write)


def colored(color: str) -> bool:
    """Whether colours are wanted: on a terminal, unless the user says otherwise (https://no-color.org)."""
    return color == "always" or (color == "auto" and sys.stdout.isatty() and not os.environ.get("NO_COLOR"))


def _exit_code(run: Run, exit_zero: bool) -> int:
    if run.unreadable or run.unjudged:
        return CANNOT_READ
    return 0 if exit_zero or not run.fails else FOUND

"""`maimod check`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

import click

from analyzers.finding import Severity
from analyzers.rule import Level, Standard
from server.check import Asked, Run
from server.choosing import named

FORMATS = ("text", "json", "jsonl", "sarif", "github", "markdown")
NO_MODEL = "this version has no surprisal model yet, so {} has no effect: only the rules are run"


class RuleNames(click.ParamType):
    """Rule names, codes, starts of codes or categories, separated by commas."""

    name = "rules"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        try:
            return tuple(name for word in str(value).split(",") if word.strip() for name in named(word.strip()))
        except ValueError as trouble:
            self.fail(str(trouble), param, ctx)


def choice_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that choose what is checked, shared by `check` and `fix`."""
    options = (
        click.option("--select", type=RuleNames(), multiple=True, metavar="NAME,…", help="Only these rules (name, code or category)."),
        click.option("--ignore", type=RuleNames(), multiple=True, metavar="NAME,…", help="All but these rules."),
        click.option("--standard", type=click.Choice([each.value for each in Standard]), help="Whose thresholds apply."),
        click.option("--level", type=click.Choice([each.value for each in Level]), help="How hard the map is meant to be [default: by its name or stars]."),
        click.option("--config", type=click.Path(exists=True, dir_okay=False), help="Use this file instead of the nearest maimod.toml."),
        click.option("--stdin-filename", metavar="PATH", default="", help="Where the map on standard input (-) belongs."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def surprisal_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of the surprisal model, which this version does not have."""
    none = "No effect yet: this version has no surprisal model."
    options = (
        click.option("--no-surprisal", is_flag=True, help="Only the rules (in this version always so)."),
        click.option("--min-surprisal", type=float, metavar="BITS", help=none),
        click.option("--model", metavar="NAME", help=none),
        click.option("--audio", metavar="PATH", help=none),
    )
    for option in reversed(options):
        command = option(command)
    return command


def warn_of_surprisal(options: Mapping[str, object]) -> None:
    """Says so where something was asked for that only a model could do."""
    asked = [f"--{name.replace('_', '-')}" for name in ("min_surprisal", "model", "audio") if options.get(name) is not None]
    if asked:
        click.echo(f"maimod: {NO_MODEL.format(' and '.join(asked))}", err=True)


def flat(groups: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The names of an option that may stand several times."""
    return tuple(name for group in groups for name in group)


@click.command("check", short_help="Say what is wrong in maps.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How the findings are written.")
@choice_options
@click.option("--fail-on", type=click.Choice([each.value for each in Severity]), help="The mildest severity that makes the exit code 1 [default: warning].")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 also when something was found.")
@click.option("--jobs", type=click.IntRange(min=1), help="How many processes [default: one for few maps, else one per core].")
@surprisal_options
def command(
    paths: tuple[str, ...], form: str, select: Any, ignore: Any, standard: str | None, level: str | None, config: str | None,
    stdin_filename: str, fail_on: str | None, exit_zero: bool, jobs: int | None, **surprisal: object,
) -> None:  # fmt: skip
    """Say what is wrong in maps.

    PATH is a map (.osu, .chart), an archive (.osz, .zip), a folder (searched for both), or - for standard input.
    """
    asked = Asked(
        Standard(standard) if standard else None,
        Level(level) if level else None,
        flat(select),
        flat(ignore),
        Severity(fail_on) if fail_on else None,
        config,
    )
    warn_of_surprisal(surprisal)
    stdin = sys.stdin.buffer.read() if "-" in paths else None
    run = Run(paths, asked, jobs=jobs, stdin=stdin, stdin_name=stdin_filename)
    write(run, form)
    complain(run)
    raise SystemExit(exit_code(run, exit_zero))


def write(run: Run, form: str) -> None:
    """Writes the run's reports in one of the formats, as they come."""
    from server.printers import as_json
    as_json.write_json(run, sys.stdout.write)


def complain(run: Run) -> None:
    """One line on standard error for each path that could not be read and each setting that was not understood."""
    for line in [*run.notices, *map(str, run.unreadable)]:
        click.echo(f"maimod: {line}", err=True)


def exit_code(run: Run, exit_zero: bool) -> int:
    if run.unreadable:
        return 2
    return 0 if exit_zero or not run.fails else 1

"""The options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from math import isnan
from typing import TYPE_CHECKING, cast

import click

from analyzers.finding import Severity
from analyzers.rule import Level, Standard
from generation.request import MOST_SEED, TEMPERATURES
from server.check import Asked
from server.choosing import all_rules, named
from server.scoring import BUNDLED
from server.songs import OFF

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Command = Callable[..., None]
NAMES = "NAME,…"


def rule_names(text: str) -> tuple[str, ...]:
    """The rules that names, codes, starts of codes or categories, separated by commas, stand for."""
    try:
        return tuple(name for word in text.split(",") if word.strip() for name in named(word.strip()))
    except ValueError as trouble:
        raise click.BadParameter(str(trouble)) from None


def files(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem]:  # noqa: ARG001  click's signature
    """For the shell's completion: names of files and folders."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(begun, type="file")]


def rules(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem]:  # noqa: ARG001  click's signature
    """For the shell's completion: names of rules, also behind a comma."""
    from click.shell_completion import CompletionItem

    before, comma, last = begun.rpartition(",")
    return [CompletionItem(before + comma + rule.name) for rule in all_rules() if rule.name.startswith(last)]


class Number(click.FloatRange):
    """A number within a range; click takes "nan" for one."""

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if isnan(number):
            self.fail(f"{value!r} is no number", param, ctx)
        return number


def words(values: Iterable[str]) -> click.Choice[str]:
    return click.Choice([str(value) for value in values])


def choices(command: Command) -> Command:
    """What is looked for, and by whose thresholds; `asked` turns it into an `Asked`."""
    return _with(
        command,
        click.option(
            "--select",
            type=rule_names,
            multiple=True,
            metavar=NAMES,
            help="Only these rules: names, codes, categories.",
            shell_complete=rules,
        ),
        click.option(
            "--ignore", type=rule_names, multiple=True, metavar=NAMES, help="All rules but these.", shell_complete=rules
        ),
        click.option("--standard", type=words(Standard), help="Whose thresholds apply."),
        click.option(
            "--level", type=words(Level), help="How hard the map is meant to be [default: by its name, else its stars]."
        ),
        click.option("--config", type=click.Path(exists=True, dir_okay=False), help="This file, not the nearest maimod.toml."),
    )


def asked(options: Mapping[str, object], fail_on: str | None = None) -> Asked:
    """What the options of `choices` and `surprisal` say."""
    standard, level, config = (options.get(key) for key in ("standard", "level", "config"))
    return Asked(
        Standard(str(standard)) if standard else None,
        Level(str(level)) if level else None,
        _names(options.get("select")),
        _names(options.get("ignore")),
        Severity(fail_on) if fail_on else None,
        str(config) if config else None,
        surprisal=cast("bool | None", options.get("surprisal")),
        min_surprisal=cast("float | None", options.get("min_surprisal")),
        audio=cast("str | None", options.get("audio")),
        weights=cast("str | None", options.get("model")),
    )


def _names(groups: object) -> tuple[str, ...]:
    """The names of an option that may stand several times."""
    return tuple(name for group in cast("tuple[tuple[str, ...], ...]", groups or ()) for name in group)


def surprisal(command: Command) -> Command:
    """What is asked of the surprisal model; `asked` reads these too."""
    return _with(
        model(command),
        click.option(
            "--surprisal/--no-surprisal",
            default=None,
            help="Whether the model says which notes it did not expect [default: yes].",
        ),
        click.option(
            "--min-surprisal",
            type=click.FloatRange(min=0),
            metavar="BITS",
            help="How rare a surprise must be: one bit more halves the findings [default: as calibrated].",
        ),
    )


def model(command: Command) -> Command:
    """Which model is asked, and what it hears."""
    return _with(
        command,
        click.option(
            "--model",
            type=weights_of,
            metavar="bundled|FILE.zip",
            help="The model that is asked: maimod's own, or weights of maimod train [default: bundled].",
            shell_complete=files,
        ),
        click.option(
            "--audio",
            type=song_file,
            metavar="FILE|off",
            help="The song, or off for none [default: the file that the map names].",
            shell_complete=files,
        ),
    )


def seed(what: str = "notes") -> Callable[[Command], Command]:
    """What makes a request give the same again."""
    return click.option(
        "--seed",
        type=click.IntRange(0, MOST_SEED),
        metavar="N",
        default=0,
        show_default=True,
        help=f"The same seed writes the same {what}.",
    )


def temperature(command: Command) -> Command:
    """How freely notes are drawn."""
    return click.option(
        "--temperature",
        type=Number(*TEMPERATURES),
        metavar="X",
        default=1.0,
        show_default=True,
        help="Above 1 bolder, below 1 tamer.",
    )(command)


def weights_of(model: str) -> str | None:
    """The path of the model's weights, None for the bundled ones."""
    if model == BUNDLED:
        return None
    if not os.path.isfile(model):
        raise click.BadParameter(f"there is no model {model!r}; name {BUNDLED} or a file of weights")
    return model


def song_file(path: str) -> str:
    if path != OFF and not os.path.isfile(path):
        raise click.BadParameter(f"there is no file {path!r}")
    return path


def _with(command: Command, *options: Callable[[Command], Command]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command

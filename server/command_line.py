"""The `maimod` command: its subcommands are imported when they are called, so that each starts quickly."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

# Module (in server.commands) and one-line help of each command, in the order of `maimod --help`.
COMMANDS = {
    "check": ("check", "Say what is wrong in maps, where, and what can be fixed."),
    "fix": ("fix", "Apply the safe fixes to maps."),
    "surprisal": ("surprisal", "Score every note by how little it was expected; draw it over time."),
    "explain": ("explain", "Show all that was expected of one note."),
    "regenerate": ("regenerate", "Write a section of a map anew, to fit what stands around it."),
    "guest": ("guest", "Write a new difficulty of a set, at a star rating."),
    "generate": ("generate", "Write whole maps for a song: osu! difficulties or a Clone Hero chart."),
    "hitsounds": ("hitsounds", "Add or rewrite hit sounds, or copy them from another difficulty."),
    "timing": ("timing", "Find the timing of a song, or compare a map's red lines with its song."),
    "dismiss": ("dismiss", "Never hear of a finding again."),
    "rule": ("rule", "List the rules, or explain one."),
    "train": ("train", "Train the surprisal model on maps of your own."),
    "serve": ("serve", "Watch folders and show what is found in an overlay."),
    "overlay": ("overlay", "Copy the overlay into tosu's static folder."),
    "lsp": ("lsp", "Run the language server for an editor."),
    "completion": ("completion", "Print the shell's completion script."),
    "version": ("version", "Print the version."),
}


CANNOT_RUN, INTERRUPTED = 2, 130


class Commands(click.Group):
    """A group whose commands are modules of `server.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"server.commands.{COMMANDS[cmd_name][0]}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Names the nearest command where there is none of that name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            ctx.fail(f"there is no command {args[0]!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="maimod", message="maimod %(version)s")
def cli() -> None:
    """A modding assistant for osu! (.osu, .osz) and Clone Hero (.chart) maps.

    \b
    maimod check "Songs/123 Band - Song"    what is wrong in a mapset
    maimod check --watch map.osu            the same, again after every save
    maimod fix map.osu                      apply the safe fixes
    maimod surprisal map.osu                which notes a model did not expect, and what instead
    maimod regenerate map.osu --start 1:02 --end 1:10    another section in place of that one, as a diff
    maimod rule timing-volume-invalid       what a rule means and why

    Exit codes: 0 no finding as severe as a warning, 1 such findings, 2 something could not be read or run.
    """


def run() -> None:
    """The entry point: any text may be printed on any terminal, and trouble is one sentence."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    sys.exit(_answer())


def _answer() -> int:
    """Runs the command; the exit code."""
    try:
        code = cli(prog_name="maimod", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as wanted:
        click.echo(wanted.ctx.get_help() if wanted.ctx else "")
        return CANNOT_RUN
    except click.ClickException as trouble:
        click.echo(f"maimod: {_sentence(trouble)}", err=True)
        return CANNOT_RUN
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # Who read the output (`head`, a pager) has seen enough; nothing may be written at exit either.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  stays open until the process ends
        return CANNOT_RUN
    return code if isinstance(code, int) else 0


def _sentence(trouble: click.ClickException) -> str:
    """Click's message with the help to turn to."""
    message = trouble.format_message().rstrip(".")
    ctx = getattr(trouble, "ctx", None)
    return f"{message} (see '{ctx.command_path} --help')" if ctx else message

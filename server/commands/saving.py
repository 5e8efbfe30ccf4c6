"""How commands that write maps end: in a written file, or in one sentence that says why there is none."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import NoReturn

import click

from generation.request import CannotWrite
from models.errors import MaimodError
from server.printable import one_line, printable
from server.reading import Unreadable
from server.writing import Changed, replace_map, write_atomically

CANNOT, INTERRUPTED = 2, 130


@contextmanager
def in_a_sentence() -> Generator[None]:
    """What hinders the writing of notes ends the command with a sentence; so does Ctrl+C."""
    try:
        yield
    except CannotWrite as trouble:
        refuse(trouble.in_terminal)
    except (MaimodError, Unreadable) as trouble:
        refuse(str(trouble))
    except KeyboardInterrupt:
        click.echo("maimod: stopped; nothing was written", err=True)
        raise SystemExit(INTERRUPTED) from None


def refuse(sentence: str) -> NoReturn:
    """Ends the command."""
    click.echo(f"maimod: {one_line(printable(sentence))}", err=True)
    raise SystemExit(CANNOT) from None


def save(path: str, before: bytes, after: bytes, output: str | None) -> str:
    """Writes what was read at `path` as `before`: to `output`, else over it. Whatever stood there is kept once as `NAME.bak`.

    The path that was written; ends the command with a sentence where it cannot be.
    """
    target = output or path
    try:
        if output is None or (os.path.exists(output) and os.path.samefile(output, path)):
            replace_map(path, before, after)
        elif os.path.exists(output):
            with open(output, "rb") as file:
                stood = file.read()
            replace_map(output, stood, after)
        else:
            write_atomically(output, after)
    except Changed:
        refuse(str(Unreadable(target, "was changed by another program meanwhile, so nothing was written; try again")))
    except OSError as trouble:
        refuse(str(Unreadable(target, f"cannot be written ({trouble.strerror or trouble})")))
    return target


def refuse_over(path: str) -> None:
    """Ends the command where the file is there."""
    if os.path.exists(path):
        refuse(str(Unreadable(path, "cannot be written (it exists already; name another file with --output)")))


def save_new(path: str, data: bytes) -> str:
    """Writes a file that is not there yet. The path; ends the command with a sentence where it cannot be, or is there."""
    refuse_over(path)
    try:
        write_atomically(path, data)
    except OSError as trouble:
        refuse(str(Unreadable(path, f"cannot be written ({trouble.strerror or trouble})")))
    return path


def tell_saved(path: str) -> None:
    click.echo(f"wrote {printable(path)}", err=True)

"""The changes to a map as a unified diff that `patch` and `git apply` take."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from difflib import unified_diff

from formats.document import split_lines
from server.printable import printable

NO_NEWLINE = "\\ No newline at end of file"


def write_diff(path: str, before: str, after: str) -> None:
    """In colour on a terminal, else in bytes, so that line endings stay what they are in the map."""
    if sys.stdout.isatty():
        import click

        for line in diff_lines(path, before, after):
            click.echo(click.style(printable(line.rstrip("\r\n")), fg=_colour(line)))
    else:
        text = "".join(diff_lines(path, before, after))
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape" if _escapable(text) else "replace"))


def diff_lines(path: str, before: str, after: str) -> Iterator[str]:
    for line in unified_diff(split_lines(before), split_lines(after), path, path):
        yield line if line.endswith(("\n", "\r")) else f"{line}\n{NO_NEWLINE}\n"


def _colour(line: str) -> str | None:
    if line.startswith(("---", "+++")):
        return None
    return {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])


def _escapable(text: str) -> bool:
    """Whether every lone surrogate stands for a byte."""
    return not any("\ud800" <= character <= "\udc7f" or "\udd00" <= character <= "\udfff" for character in text)

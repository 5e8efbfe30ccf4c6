"""How commands that rewrite a map leave it: over the old one, or in another file."""

from __future__ import annotations

import os

import click

from server.reading import Unreadable
from server.writing import Changed, replace_map, write_atomically

CANNOT = 2


def save(path: str, before: bytes, after: bytes, output: str | None) -> None:
    """Writes what was read at `path` as `before`: to `output`, else over it with a backup. Ends with one sentence."""
    target = output or path
    try:
        if output is not None and not (os.path.exists(output) and os.path.samefile(output, path)):
            write_atomically(output, after)
        else:
            replace_map(path, before, after)
    except Changed:
        click.echo(f"maimod: {Unreadable(target, 'was changed by another program meanwhile; try again')}", err=True)
        raise SystemExit(CANNOT) from None
    except OSError as trouble:
        click.echo(f"maimod: {Unreadable(target, f'cannot be written ({trouble.strerror or trouble})')}", err=True)
        raise SystemExit(CANNOT) from None
    click.echo(f"wrote {target}", err=True)

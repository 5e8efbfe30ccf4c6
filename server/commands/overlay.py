"""`maimod overlay`."""

from __future__ import annotations

from secrets import token_hex

import click

from server.commands import options


@click.command("overlay")
@click.argument("folder", metavar="FOLDER", shell_complete=options.files)
@click.option("--port", type=click.IntRange(1, 65_535), help="Where maimod serve listens [default: 24061].")
def command(folder: str, port: int | None) -> None:
    """Copy the overlay into FOLDER, tosu's static folder, for the game and for OBS.

    Writes "maimod by maimod" there. Its pages talk to maimod serve on this computer and to nothing else; start that with --tosu
    and --keep-token, whose token is written into the copy. Copy it anew after an update of maimod.
    """
    from server.daemon import state_file
    from server.daemon.bridge import DEFAULT_PORT
    from server.daemon.pages import overlay_folder
    from server.overlay_copy import Uncopied, copy_overlay

    source = overlay_folder()
    if source is None:
        raise click.ClickException("the overlay's files are not installed here; install maimod again")
    try:
        token = state_file.kept_token() or token_hex(state_file.TOKEN_LENGTH // 2)
        state_file.keep_token(token)
        target = copy_overlay(source, folder, port or DEFAULT_PORT, token)
    except OSError as trouble:
        raise click.ClickException(f"the token cannot be kept ({trouble})") from None
    except Uncopied as trouble:
        raise click.ClickException(str(trouble)) from None
    click.echo(f"{target} is written. Now: maimod serve --tosu --keep-token FOLDER")

"""`maimod serve`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from server.commands import options

if TYPE_CHECKING:
    from server.daemon.serving import Wanted
    from server.daemon.state_file import Running

STOP_SECONDS = 15.0


@click.command("serve")
@click.argument("folders", nargs=-1, metavar="[FOLDER...]", shell_complete=options.files)
@click.option("--osu", is_flag=True, help="Also the game's own Songs folder, and what lazer's editor opens externally.")
@click.option("--tosu", "follow_tosu", is_flag=True, help="Follow the map and the playhead in the game's editor, by way of tosu.")
@click.option("--tosu-url", metavar="URL", help="Where tosu listens [default: ws://127.0.0.1:24050/websocket/v2].")
@click.option("--allow-edits", is_flag=True, help="Let overlays apply fixes to maps; without it maps are only read.")
@click.option("--poll", type=click.FloatRange(min=0.1), metavar="SECONDS", help="Look for changes so often (network drives).")
@click.option("--port", type=click.IntRange(0, 65_535), help="Listen here [default: 24061, or any where that is taken].")
@click.option("--keep-token", is_flag=True, help="Keep the token of the page's address over restarts, for OBS and the like.")
@click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="Let pages of this origin in as well, such as http://absolute (a local file in OBS).",
)
@click.option("--open", "open_page", is_flag=True, help="Open the overlay in the browser.")
@click.option("--stop", is_flag=True, help="Stop the daemon that runs.")
@click.option("--exit-when-idle", "idle_minutes", type=click.FloatRange(min=0.01), metavar="MINUTES", hidden=True)
def command(
    folders: tuple[str, ...], osu: bool, follow_tosu: bool, tosu_url: str | None, allow_edits: bool, poll: float | None,
    port: int | None, keep_token: bool, origins: tuple[str, ...], open_page: bool, stop: bool, idle_minutes: float | None,
) -> None:  # fmt: skip
    """Watch folders of maps and show what is found in an overlay: in the browser, in OBS, beside the game.

    Prints the overlay's address. A second start adds its folders to the daemon that runs, and prints that one's address.
    Ctrl+C ends it.
    """
    from server.daemon.serving import Wanted
    from server.daemon.tosu import DEFAULT_URL

    if stop:
        _stop()
        return
    found = [*folders, *(_game() if osu else [])]
    tosu = (tosu_url or DEFAULT_URL) if follow_tosu or tosu_url else None
    if not found and not osu and tosu is None and idle_minutes is None:
        raise click.UsageError("name a folder of maps, or say --osu for the game's own")
    for folder in folders:
        if not os.path.isdir(folder):
            raise click.UsageError(f"{folder} is no folder that can be read")
    wanted = Wanted(found, port, keep_token, allow_edits, poll, origins, tosu, osu, idle_minutes)
    _run(wanted, open_page)


def _run(wanted: Wanted, open_page: bool) -> None:
    from server.daemon.serving import CannotServe, Taken, serve

    def ready(running: Running, refused: list[str]) -> None:
        for sentence in refused:
            click.echo(f"maimod: {sentence}", err=True)
        _show(running.url, open_page, "Open this address in a browser to see what is found. Ctrl+C ends it.")

    try:
        asyncio.run(serve(wanted, ready, lambda sentence: click.echo(f"maimod: {sentence}", err=True)))
    except Taken:
        _join(wanted.folders, open_page)
    except CannotServe as trouble:
        raise click.ClickException(str(trouble)) from None


def _show(url: str, open_page: bool, then: str) -> None:
    """Prints the address, and for somebody at a terminal what to do next."""
    click.echo(url)
    if sys.stdout.isatty():
        click.echo(then, err=True)
    if open_page:
        import webbrowser

        webbrowser.open(url)


def _join(folders: Sequence[str], open_page: bool) -> None:
    """Another daemon runs: it is to watch these folders too."""
    from time import monotonic, sleep

    from server.daemon import client

    until = monotonic() + client.START_SECONDS
    running = client.find_running()
    while running is None and monotonic() < until:
        # It has just begun, or is about to end.
        sleep(0.1)
        running = client.find_running()
    if running is None:
        raise click.ClickException("another maimod serve of yours runs, and does not answer; end it and try again")
    try:
        refused = asyncio.run(client.watch(running, folders)) if folders else []
    except (OSError, client.Refusal) as trouble:
        raise click.ClickException(f"the maimod serve that runs did not take the folders ({trouble})") from None
    for each in refused:
        click.echo(f"maimod: {each['reason']}", err=True)
    _show(running.url, open_page, "A maimod serve of yours runs already, at this address. 'maimod serve --stop' ends it.")


def _game() -> list[str]:
    from server.daemon.game_folders import find_game

    game = find_game()
    if game.about_lazer:
        click.echo(f"maimod: {game.about_lazer}", err=True)
    if not game.songs and game.lazer is None:
        click.echo("maimod: osu! was not found on this computer; name its Songs folder.", err=True)
    return list(game.songs)


def _stop() -> None:
    from server.daemon import client

    running = client.find_running()
    if running is None:
        raise click.ClickException("no maimod serve of yours runs")

    async def ask() -> None:
        async with client.Talk(running) as talk:
            await talk.send({"type": "stop"})
            async with asyncio.timeout(STOP_SECONDS):
                await talk.ended()

    try:
        asyncio.run(ask())
    except TimeoutError:
        raise click.ClickException(
            f"the maimod serve that runs did not stop within {STOP_SECONDS:.0f} s; end the process {running.pid} by hand"
        ) from None
    except (OSError, client.Refusal) as trouble:
        raise click.ClickException(f"the maimod serve that runs did not stop ({trouble})") from None
    click.echo("maimod: the maimod serve that ran has ended.", err=True)

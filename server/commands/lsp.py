"""`maimod lsp`."""

from __future__ import annotations

import gc

import click


@click.command("lsp")
@click.option("--stdio", is_flag=True, help="Speak on stdin and stdout (the default; editors pass it).")
@click.option("--tcp", "address", metavar="[HOST:]PORT", help="Serve one client on this port instead, for debugging.")
@click.option(
    "--log", "log", type=click.Path(dir_okay=False), metavar="FILE", help="Write what happens to this file, for a report."
)
@click.option(
    "--log-level",
    "level",
    type=click.Choice(["warning", "info", "debug"]),
    default="info",
    show_default=True,
    help="How much of it. No level writes the text of your maps.",
)
def command(stdio: bool, address: str | None, log: str | None, level: str) -> None:
    """Run the language server for an editor, on stdin and stdout."""
    # What is imported now lives for ever, and looking it all over takes a twentieth of the start.
    gc.disable()
    from server.lsp.start import log_to, serve_stdio, serve_tcp

    if stdio and address:
        raise click.UsageError("--stdio and --tcp exclude each other")
    if log is not None:
        try:
            log_to(log, level)
        except OSError as trouble:
            raise click.ClickException(f"{log}: cannot be written ({trouble.strerror or trouble})") from None
    if address is None:
        raise SystemExit(serve_stdio())
    host, _, port = address.rpartition(":")
    if not port.isdecimal() or not 0 <= int(port) <= 65_535:
        raise click.UsageError(f"{port!r} is no port")
    serve_tcp(host or "127.0.0.1", int(port))

"""`maimod lsp`: the language server, started by an editor."""

from __future__ import annotations

import click


@click.command("lsp", short_help="Run the language server for an editor.")
@click.option("--stdio", is_flag=True, help="Speak on stdin and stdout, as without options; some editors add this by themselves.")
@click.option("--tcp", metavar="HOST:PORT", help="Wait for one client on a TCP port instead, to watch the messages.")
def command(stdio: bool, tcp: str | None) -> int:  # noqa: ARG001  the default, said aloud
    """Run the language server that an editor starts, on stdin and stdout."""
    from server.lsp.start import serve_stdio, serve_tcp

    if tcp is None:
        return serve_stdio()
    host, _, port = tcp.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise click.BadParameter(f"{tcp!r} is no HOST:PORT such as 127.0.0.1:8765", param_hint="--tcp")
    serve_tcp(host or "127.0.0.1", int(port))
    return 0

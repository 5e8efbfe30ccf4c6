"""`maimod.restartModel`: fresh processes for the model, after one died too often or its files were mended."""

from __future__ import annotations

from server.lsp.server import Server

RESTART_MODEL = "maimod.restartModel"


async def restart_model(ls: Server) -> None:
    """Starts the model's process anew and asks it about every open map."""
    ls.forget_said()
    ls.status.error("")
    ls.review.restart_model()
    ls.rewriting.worker.restart()
    await ls.review.prepare()
    ls.status.stir()

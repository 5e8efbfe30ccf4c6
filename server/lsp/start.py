"""Starts the language server on stdio, or on TCP for debugging, with the traps of both closed off."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from threading import Event

from lsprotocol import types
from pygls.io_ import StdinAsyncReader, StdoutWriter, run_async

from server.about import version
from server.lsp import (
    checking,
    code_action,
    code_lens,
    completion,
    configuration,
    definition,
    diagnostics,
    dismissal,
    document_highlight,
    document_link,
    document_symbol,
    edit_link,
    explanation,
    fix_all,
    folding_range,
    hover,
    inlay_hint,
    mod_post,
    model,
    overlay,
    references,
    rename,
    rewriting,
    selection_range,
    semantic_tokens,
    synchronisation,
    watched_files,
    workspace_symbol,
)
from server.lsp.server import Server

# Maps are many small objects that live long: the collector would look at all of them at each keystroke.
COLLECT_AFTER_ALLOCATIONS = 50_000
# How long the model's thread may keep the event loop's waiting for the interpreter; by default it is 5 ms each time.
TURN_SECONDS = 0.0005
NO_SHUTDOWN = 1
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def make() -> Server:
    """The server with one handler for each method that it knows."""
    server = Server()
    server.feature(types.INITIALIZE)(configuration.initialize)
    server.feature(types.INITIALIZED)(configuration.initialized)
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(configuration.did_change)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(watched_files.did_change)
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(synchronisation.did_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(synchronisation.did_change)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(synchronisation.did_save)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(synchronisation.did_close)
    server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, diagnostics.OPTIONS)(diagnostics.pull)
    server.feature(types.WORKSPACE_DIAGNOSTIC)(diagnostics.pull_workspace)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(configuration.folders_changed)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, code_action.OPTIONS)(code_action.code_action)
    server.feature(types.CODE_ACTION_RESOLVE)(code_action.resolve)
    server.feature(types.TEXT_DOCUMENT_HOVER)(hover.hover)
    server.feature(types.TEXT_DOCUMENT_INLAY_HINT)(inlay_hint.inlay_hint)
    server.feature(types.TEXT_DOCUMENT_COMPLETION, completion.OPTIONS)(completion.completion)
    server.feature(types.TEXT_DOCUMENT_DEFINITION)(definition.definition)
    server.feature(types.TEXT_DOCUMENT_REFERENCES)(references.references)
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)(document_highlight.document_highlight)
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(document_symbol.document_symbol)
    server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)(folding_range.folding_range)
    server.feature(types.TEXT_DOCUMENT_SELECTION_RANGE)(selection_range.selection_range)
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK, document_link.OPTIONS)(document_link.document_link)
    server.feature(types.TEXT_DOCUMENT_CODE_LENS)(code_lens.code_lens)
    server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, semantic_tokens.OPTIONS)(semantic_tokens.full)
    server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA, semantic_tokens.OPTIONS)(semantic_tokens.delta)
    server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, semantic_tokens.OPTIONS)(semantic_tokens.within)
    server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)(rename.prepare)
    server.feature(types.TEXT_DOCUMENT_RENAME, rename.OPTIONS)(rename.rename)
    server.feature(types.WORKSPACE_SYMBOL)(workspace_symbol.workspace_symbol)
    server.command(edit_link.COMMAND)(edit_link.edit_link_of)
    server.command(dismissal.DISMISS)(dismissal.dismiss)
    server.command(dismissal.RESTORE)(dismissal.restore)
    server.command(dismissal.LIST)(dismissal.dismissals)
    server.command(dismissal.SWITCH_OFF)(dismissal.switch_off)
    server.command(checking.CHECK_MAPSET)(checking.check_mapset)
    server.command(explanation.EXPLAIN)(explanation.explain)
    server.command(explanation.SHOW)(explanation.show)
    server.command(mod_post.MOD_POST)(mod_post.mod_post)
    server.command(fix_all.FIX_ALL_COMMAND)(fix_all.fix_all)
    server.command(model.RESTART_MODEL)(model.restart_model)
    server.command(overlay.OVERLAY_URL)(overlay.overlay_url)
    server.command(rewriting.REGENERATE)(rewriting.regenerate)
    server.command(rewriting.HITSOUNDS)(rewriting.hitsounds)
    server.command(rewriting.GUEST)(rewriting.guest)
    server.command(rewriting.TIMING)(rewriting.timing)
    server.command(rewriting.APPLY)(rewriting.apply_proposal)
    server.command(rewriting.REWRITE)(rewriting.rewrite)
    return server


def serve_stdio() -> int:
    """Serves one client on stdin and stdout until it says exit; the exit code.

    What a library prints goes to stderr, so that it cannot break into a message.
    """
    _quieten()
    own = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    server = make()
    with os.fdopen(own, "wb", 1 << 16) as stdout:
        server.protocol.set_writer(StdoutWriter(stdout))
        return _run(server)


def _run(server: Server) -> int:
    reader = StdinAsyncReader(sys.stdin.buffer, server.thread_pool)
    stop = Event()
    try:
        asyncio.run(run_async(stop, reader, server.protocol, error_handler=server.report_server_error))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except (BrokenPipeError, ConnectionError, KeyboardInterrupt):
        return NO_SHUTDOWN
    finally:
        server.thread_pool.shutdown(wait=False, cancel_futures=True)
        server.daemon.end()
        server.review.stop()
        server.rewriting.stop()
    return NO_SHUTDOWN


def serve_tcp(host: str, port: int) -> int:
    """Serves the first client on a TCP port until it says exit or goes away; the exit code."""
    _quieten()
    try:
        asyncio.run(_one_client(make(), host, port))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        pass
    return NO_SHUTDOWN


async def _one_client(server: Server, host: str, port: int) -> None:
    gone = asyncio.Event()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        listening.close()
        server.protocol.set_writer(writer)
        try:
            await run_async(Event(), reader, server.protocol, error_handler=server.report_server_error)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            gone.set()

    listening = await asyncio.start_server(connection, host, port)
    await gone.wait()


def log_to(path: str, level: str) -> None:
    """Writes what happens to a file as well, from a level on. Raises `OSError`."""
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    own = logging.getLogger("server")
    own.setLevel(level.upper())
    for logger in (own, logging.getLogger("pygls")):
        logger.addHandler(handler)
    own.info("maimod %s, Python %s on %s, process %d", version(), sys.version.split()[0], sys.platform, os.getpid())


def _quieten() -> None:
    errors = logging.StreamHandler(sys.stderr)
    errors.setLevel(logging.WARNING)
    errors.setFormatter(logging.Formatter(LOG_FORMAT))
    logging.getLogger().addHandler(errors)
    # At INFO it logs each message in full, the map's text included.
    logging.getLogger("pygls").setLevel(logging.WARNING)
    sys.setswitchinterval(TURN_SECONDS)
    gc.freeze()
    gc.enable()
    gc.set_threshold(COLLECT_AFTER_ALLOCATIONS, 20, 50)

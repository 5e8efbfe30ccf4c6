"""`maimod.checkMapset`: judges every map of a folder, open or not, publishes what is found and counts it."""

from __future__ import annotations

import os
from typing import Any

from analyzers.finding import Severity
from server.lsp.diagnostics import publish_closed
from server.lsp.mod_post import report_of
from server.lsp.progress import progress
from server.lsp.server import Server, command_token
from server.report import Report
from server.session import Stage
from server.uris import path_of, uri_of

CHECK_MAPSET = "maimod.checkMapset"


async def check_mapset(ls: Server, uri: str) -> dict[str, Any]:
    """`{"files": [{"uri", "difficulty", "counts": {severity: number}}]}`, in the order of the files' names."""
    path = path_of(uri)
    entries: dict[str, dict[str, Any]] = {}
    async with progress(ls, "Checking the mapset", command_token.get()) as shown:
        if path is not None and "://" in uri:
            for closed in await ls.closed.check_folder(path, shown):
                publish_closed(ls, closed.path)
                entries[closed.path] = _entry(uri_of(closed.path), closed.report)
            around = [file.snapshot.uri for file in ls.session.in_folder(path)]
        else:
            around = [uri]
        for each in around:
            file = await ls.review.known(each, Stage.WHOLE)
            if file is not None and (file.snapshot.difficulty or file.snapshot.chart or file.snapshot.ini):
                entries[file.snapshot.path or each] = _entry(each, report_of(file))
    ls.refresh()
    return {"files": [entries[name] for name in sorted(entries)]}


def _entry(uri: str, report: Report) -> dict[str, Any]:
    counts = {severity.value: report.count(severity) for severity in Severity}
    return {"uri": uri, "difficulty": report.difficulty or os.path.basename(report.path), "counts": counts}

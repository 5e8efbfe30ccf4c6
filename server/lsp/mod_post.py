"""`maimod.modPost`: what was found in a map, or in all of its set, as a post with time stamps that open the game's editor."""

from __future__ import annotations

from server.lsp.progress import progress
from server.lsp.server import Server, command_token
from server.report import MODE_NAMES, Report, remarks_of
from server.session import OpenFile, Stage
from server.uris import path_of

MOD_POST = "maimod.modPost"


async def mod_post(ls: Server, uri: str, whole_set: bool = False) -> str:
    """Markdown; the empty text where nothing was found."""
    from server.printers.as_markdown import write_reports

    async with progress(ls, "Writing the mod post", command_token.get()) as shown:
        reports = [report_of(file)] if (file := await ls.review.known(uri, Stage.WHOLE)) else []
        path = path_of(uri)
        if path is not None and (whole_set or not reports):
            closed = await ls.closed.check_folder(path, shown)
            if whole_set:
                opened = [await ls.review.known(each.snapshot.uri, Stage.WHOLE) for each in ls.session.in_folder(path)]
                reports = [
                    report_of(each) for each in opened if each is not None and (each.snapshot.difficulty or each.snapshot.chart)
                ]
            reports += [each.report for each in closed if whole_set or ls.closed.same(each.path, path)]
    parts: list[str] = []
    write_reports(sorted(reports, key=lambda report: report.path), parts.append)
    return "".join(parts)


def report_of(file: OpenFile) -> Report:
    """What is said of an open file, as a check of it on disk would."""
    snapshot = file.snapshot
    path = snapshot.path or snapshot.uri
    remarks = remarks_of(file.findings(), snapshot.document)
    if snapshot.difficulty is not None:
        beatmap = snapshot.difficulty.beatmap
        artist, title = beatmap.metadata.text("Artist"), beatmap.metadata.text("Title")
        return Report(path, "osu", MODE_NAMES[beatmap.mode], artist, title, snapshot.difficulty.name, remarks, fails=False)
    song = snapshot.chart.song if snapshot.chart is not None else None
    artist, title = (song.text("Artist").strip('"'), song.text("Name").strip('"')) if song is not None else ("", "")
    return Report(path, snapshot.kind.value, None, artist, title, None, remarks, fails=False)

"""textDocument/codeLens: above a map its stars, length and findings, above its sections what is in them, above its parts
their rewriting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from lsprotocol import types
from pygls.capabilities import get_capability

from analyzers.finding import Severity
from analyzers.level import star_rating
from formats.chart import Chart
from formats.mapset import Difficulty
from formats.osu import Break, Mode, Sprite
from formats.timeline import NoteKind
from server.language.outline import MS_PER_MINUTE, Node, NodeKind
from server.language.sections import parts
from server.language.view import View
from server.lsp.display import wants_lenses
from server.lsp.ranges import Json, aside
from server.lsp.rewrite_actions import command_of, lens_options
from server.lsp.server import Encoded, Server
from server.printable import one_line, plural, printable
from server.session import Kind, OpenFile

# What a click on the findings does.
COMMAND = "maimod.checkMapset"
_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "remark", Severity.HINT: "hint"}


async def code_lens(ls: Server, params: types.CodeLensParams) -> Encoded | None:
    uri = params.text_document.uri
    view, file = ls.view(uri), ls.session.get(uri)
    if view is None or file is None or view.kind is Kind.SETTINGS or not wants_lenses(ls, view.snapshot.path):
        return None
    found = _findings(file)
    file_lenses = [_lens(0, found, COMMAND, [uri])]
    ls.told_lenses[uri] = found
    about = await aside(lambda: _about(view))
    sections = await aside(lambda: list(_sections(view)))
    head = [_lens(0, about)] if about else []
    rewriting = await aside(lambda: list(_rewriting(ls, view)))
    return Encoded.of([*head, *file_lenses, *sections, *rewriting])


def refresh(ls: Server, file: OpenFile) -> None:
    """Asks the editor to ask again, where the findings are others than it was told."""
    uri = file.snapshot.uri
    told = ls.told_lenses.get(uri)
    able = get_capability(ls.client_capabilities, "workspace.code_lens.refresh_support")
    if able and told is not None and told != _findings(file):
        ls.told_lenses.pop(uri)
        ls.workspace_code_lens_refresh(None)


def _findings(file: OpenFile) -> str:
    counts = Counter(finding.severity for finding in file.findings())
    told = [plural(counts[severity], noun) for severity, noun in _NOUNS.items() if counts[severity]]
    return ", ".join(told) or ("nothing found" if file.settled else "checking")


def _rewriting(ls: Server, view: View) -> Iterator[Json]:
    """Above the first note of each part that bookmarks, kiai, breaks, tempos or practice sections make: the part written anew."""
    for part in parts(view):
        name = f"{one_line(printable(part.name))} " if part.name else ""
        command = command_of(ls, f"Regenerate {name}{part.times}", view.snapshot.uri, lens_options(part))
        yield _lens(part.first, command.title, command.command, command.arguments)


def _lens(line: int, title: str, command: str = "", arguments: Sequence[object] | None = None) -> Json:
    place = {"line": line, "character": 0}
    given: Json = {"title": title, "command": command}
    if arguments is not None:
        given["arguments"] = arguments
    return {"range": {"start": place, "end": place}, "command": given}


def _about(view: View) -> str:
    if view.difficulty is not None:
        return " · ".join(_of_difficulty(view.difficulty))
    chart = view.snapshot.chart
    return " · ".join(_of_chart(chart)) if chart is not None and not chart.refusals else ""


def _of_difficulty(difficulty: Difficulty) -> Iterator[str]:
    stars = star_rating(difficulty)
    if stars is not None:
        yield f"{stars:.2f} stars"
    timeline = difficulty.timeline
    yield plural(len(timeline.notes), "object")
    yield _clock(timeline.play_time)
    yield _tempo([MS_PER_MINUTE / point.beat_length for point in timeline.grid.red if point.beat_length > 0])


def _of_chart(chart: Chart) -> Iterator[str]:
    yield ", ".join(track.label for track in chart.charted) or "no notes"
    if chart.last_tick is not None:
        yield _clock(chart.time_at(chart.last_tick))
    yield _tempo([tempo.bpm for tempo in chart.tempos])


def _clock(ms: float) -> str:
    seconds = round(ms / 1000)
    return f"{seconds // 60}:{seconds % 60:02}"


def _tempo(tempos: list[float]) -> str:
    if not tempos:
        return "no tempo"
    low, high = min(tempos), max(tempos)
    return f"{low:.5g} BPM" if f"{low:.5g}" == f"{high:.5g}" else f"{low:.5g} to {high:.5g} BPM"


def _sections(view: View) -> Iterator[Json]:
    for node in view.outline:
        title = _of_section(view, node)
        if title:
            yield _lens(node.first, title)


def _of_section(view: View, node: Node) -> str:
    if view.difficulty is not None and node.name == "[HitObjects]":
        return _objects(view.difficulty)
    if view.kind in (Kind.OSU, Kind.STORYBOARD) and node.name == "[Events]":
        records = [line.record for line in view.document.lines[node.first : node.last + 1]]
        counts = [
            (sum(isinstance(record, Break) for record in records), "break"),
            (sum(isinstance(record, Sprite) for record in records), "sprite"),
        ]
        return ", ".join(plural(count, noun) for count, noun in counts if count)
    if node.kind is NodeKind.TRACK and view.snapshot.chart is not None:
        return _track(view.snapshot.chart, node)
    return node.detail


def _objects(difficulty: Difficulty) -> str:
    timeline, mode = difficulty.timeline, difficulty.beatmap.mode
    counts = Counter(note.kind for note in timeline.notes)
    nouns = {NoteKind.CIRCLE: "note" if mode in (Mode.TAIKO, Mode.MANIA) else "circle", NoteKind.HOLD: "long note"}
    told = [plural(counts[kind], nouns.get(kind, kind.value)) for kind in NoteKind if counts[kind]]
    if mode in (Mode.OSU, Mode.CATCH) and timeline.notes:
        told.append(plural(timeline.combo_index[-1] + 1, "combo"))
    return ", ".join(told)


def _track(chart: Chart, node: Node) -> str:
    track = chart.track(node.name.strip("[]"))
    if track is None or not track.groups:
        return "no notes"
    seconds = track.span / 1000
    rate = f"{len(track.groups) / seconds:.1f} a second" if seconds > 0 else ""
    phrases = plural(len(track.star_power), "star power phrase") if track.star_power else ""
    told = (plural(len(track.groups), "note"), rate, phrases)
    return ", ".join(part for part in told if part)

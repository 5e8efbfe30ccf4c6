"""textDocument/prepareRename and rename: a difficulty's name with its file, and the files that a set's maps name.

Everything that names what is renamed changes with it, or nothing does: what cannot be renamed as a whole is refused.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lsprotocol import types
from pygls.capabilities import get_capability

from formats.document import Line
from formats.mapset import same_file
from formats.osu import Entry
from formats.samples import SAMPLE_ENDINGS
from formats.spans import Edit, Span
from server.convert import Places
from server.language.files import FileUse, Folder, file_use, file_uses
from server.language.parts import part_at
from server.language.view import View
from server.lsp.diagnostics import span_range
from server.lsp.ranges import columns_range, place_of
from server.lsp.server import Refusal, Server
from server.lsp.surroundings import Neighbour, file_uri, files_beside, neighbours, whole_folder
from server.session import Kind, OpenFile

OPTIONS = types.RenameOptions(prepare_provider=True)
ELSEWHERE = Refusal("Only a difficulty's name (Version) and the files that a mapset's maps name can be renamed here.")
# What no file's name may hold, on Windows and in the formats that name it.
FORBIDDEN = frozenset('\\/:*?"<>|,')
NOT_UTF8 = "is not written in UTF-8, and an editor would harm its text; rename the file by hand."


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be renamed: columns of the line, and the use of a file where it is one."""

    line: Line
    start: int
    end: int
    use: FileUse | None = None

    @property
    def name(self) -> str:
        return self.line.text[self.start : self.end]


def prepare(ls: Server, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | Refusal | None:
    view = ls.view(params.text_document.uri)
    if view is None:
        return None
    target = _target(ls, view, params.position)
    if isinstance(target, Refusal):
        return target
    place = columns_range(view, view.document.number_of(target.line), target.start, target.end, ls.session.measure)
    return types.PrepareRenamePlaceholder(place, target.name)


async def rename(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit | Refusal | None:
    uri = params.text_document.uri
    view, file = ls.view(uri), ls.session.get(uri)
    if view is None or file is None:
        return None
    target = _target(ls, view, params.position)
    if isinstance(target, Refusal):
        return target
    if target.use is None:
        return await _rename_difficulty(ls, file, target, params.new_name)
    return await _rename_file(ls, file, target.use, params.new_name)


def _target(ls: Server, view: View, position: types.Position) -> Target | Refusal:
    number, column = place_of(view, position, ls.session.measure)
    line = view.document.lines[number]
    use = file_use(line, view.kind)
    if use is not None and use.start <= column <= use.end:
        if view.kind not in (Kind.OSU, Kind.STORYBOARD):
            return Refusal("Clone Hero finds a song's files by their names, so they cannot be renamed here.")
        if use.frames:
            return Refusal("An animation's name stands for many files; rename them by hand.")
        return Target(line, use.start, use.end, use)
    part = part_at(line, column, view.kind)
    record = line.record
    named = isinstance(record, Entry) and view.kind is Kind.OSU and (line.section, record.key) == ("Metadata", "Version")
    if part is not None and part.name == "value" and named:
        return Target(line, part.start, part.end)
    return ELSEWHERE


# A difficulty's name


async def _rename_difficulty(ls: Server, file: OpenFile, target: Target, new: str) -> types.WorkspaceEdit | Refusal:
    new = new.strip()
    if not new or len(new.splitlines()) != 1:
        return Refusal("A difficulty's name is one line and not empty.")
    own, *others = await neighbours(ls, file)
    if any(_version(each).casefold() == new.casefold() for each in others if each.kind is Kind.OSU):
        return Refusal(f"The set has a difficulty named {new} already.")
    edits = {own.uri: [Edit(_span(own, target.line, target.start, target.end), new)]}
    path = file.snapshot.path
    if path is None or not _renames_files(ls):
        return _answer(ls, [own], edits)
    renamed = _file_name(os.path.basename(path), target.name, new)
    if renamed is None or renamed == os.path.basename(path):
        return _answer(ls, [own], edits)
    _, names = await files_beside(file)
    if same_file(renamed) != same_file(os.path.basename(path)) and same_file(renamed) in map(same_file, names):
        return Refusal(f"There is a file named {renamed} already.")
    return _answer(ls, [own], edits, types.RenameFile(own.uri, file_uri(os.path.dirname(path), renamed)))


def _version(neighbour: Neighbour) -> str:
    for line in neighbour.document.lines:
        if isinstance(line.record, Entry) and (line.section, line.record.key) == ("Metadata", "Version"):
            return line.record.value
    return ""


def _file_name(name: str, old: str, new: str) -> str | None:
    """`Artist - Title (Creator) [New].osu`; None where the file is not named after its difficulty, or would get no name."""
    clean = "".join(character for character in new if character not in FORBIDDEN - {","} and character.isprintable()).rstrip(" .")
    for written in (old, "".join(character for character in old if character not in FORBIDDEN - {","})):
        if clean and name.lower().endswith(f"[{written}].osu".lower()):
            return f"{name[: -len(written) - len('].osu')]}{clean}].osu"
    return None


# A file


async def _rename_file(ls: Server, file: OpenFile, use: FileUse, new: str) -> types.WorkspaceEdit | Refusal:
    if file.snapshot.path is None:
        return Refusal("The map was never saved, so there is no file beside it to rename.")
    if not _renames_files(ls):
        return Refusal("This editor cannot rename files for a language server.")
    folder, names = await files_beside(file)
    found = Folder(names).find(use)
    if not found:
        return Refusal(f"There is no file {use.name} in the map's folder.")
    renamed = _checked(found[0], new, names)
    if isinstance(renamed, Refusal):
        return renamed
    around = await whole_folder(ls, file)
    if around is None:
        return Refusal("The folder holds too many maps to look through for the file's name; rename it by hand.")
    edits: dict[str, list[Edit]] = {}
    for each in around:
        uses = [one for one in file_uses(each.document, each.kind) if found[0] in Folder(names).find(one)]
        if not uses:
            continue
        if each.version is None and not _is_utf8(each):
            return Refusal(f"{os.path.basename(each.path or each.uri)} {NOT_UTF8}")
        if any(one.frames for one in uses):
            return Refusal(f"{use.name} is a picture of an animation; rename the animation's files by hand.")
        edits[each.uri] = [Edit(_span(each, one.line, one.start, one.end), _as_written(one, renamed)) for one in uses]
    return _answer(ls, around, edits, types.RenameFile(file_uri(folder, found[0]), file_uri(folder, renamed)))


def _checked(old: str, new: str, names: Sequence[str]) -> str | Refusal:
    """The new path, in the same folder and of the same kind as the old one."""
    inner, _, name = old.rpartition("/")
    new = new.strip().replace("\\", "/")
    # The name is shown with its folder, which may be left out.
    start = f"{inner}/" if inner else ""
    if start and same_file(new).startswith(same_file(start)):
        new = new[len(start) :]
    if not new or new in (".", "..") or set(new) & FORBIDDEN or not new.isprintable() or new.endswith((".", " ")):
        return Refusal("A file's name is not empty, stays in its folder, and holds none of \\ / : * ? \" < > | and no comma.")
    ending = os.path.splitext(name)[1].lower()
    if os.path.splitext(new)[1].lower() != ending:
        return Refusal(f"The new name must end in {ending} as the old one does.")
    path = start + new
    if path == old:
        return Refusal("The file has this name already.")
    if same_file(path) != same_file(old) and same_file(path) in map(same_file, names):
        return Refusal(f"There is a file named {path} already.")
    return path


def _as_written(use: FileUse, renamed: str) -> str:
    """The new name as the line names its file: with the slashes it has, and without an ending where it had none."""
    text = use.line.text[use.start : use.end]
    if use.sample and not text.lower().endswith(tuple(f".{ending}" for ending in SAMPLE_ENDINGS)):
        renamed = os.path.splitext(renamed)[0]
    return renamed.replace("/", "\\") if "\\" in text else renamed


def _is_utf8(neighbour: Neighbour) -> bool:
    try:
        neighbour.document.text.encode()
    except UnicodeEncodeError:
        return False
    return neighbour.document.encoding.codec == "utf-8"


# The answer


def _renames_files(ls: Server) -> bool:
    kinds = get_capability(ls.client_capabilities, "workspace.workspace_edit.resource_operations") or ()
    return ls.versioned_edits and types.ResourceOperationKind.Rename in kinds


def _span(neighbour: Neighbour, line: Line, start: int, end: int) -> Span:
    base = neighbour.document.index.starts[neighbour.document.number_of(line)]
    return Span(base + start, base + end)


def _answer(
    ls: Server, around: Sequence[Neighbour], edits: Mapping[str, Sequence[Edit]], move: types.RenameFile | None = None
) -> types.WorkspaceEdit:
    changes: dict[str, list[types.TextEdit]] = {}
    for each in around:
        places = Places(each.document, ls.session.measure)
        found = [types.TextEdit(span_range(places, edit.span), edit.text) for edit in sorted(edits.get(each.uri, ()))]
        if found:
            changes[each.uri] = found
    if not ls.versioned_edits:
        return types.WorkspaceEdit(changes=changes)
    versions = {each.uri: each.version for each in around}
    documents = [
        types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=versions[uri]), found)
        for uri, found in changes.items()
    ]
    return types.WorkspaceEdit(document_changes=[*documents, *([move] if move is not None else [])])

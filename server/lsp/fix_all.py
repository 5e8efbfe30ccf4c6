"""`maimod.fixAll`: applies all safe fixes of an open map through the editor, so that they can be undone there."""

from __future__ import annotations

from lsprotocol import types

from server.lsp.code_action import safe_fixes, workspace_edit
from server.lsp.progress import progress
from server.lsp.server import Refusal, Server, command_token
from server.session import Stage

FIX_ALL_COMMAND = "maimod.fixAll"


async def fix_all(ls: Server, uri: str) -> int | Refusal:
    """How many findings were fixed. What a fix uncovers is fixed the next time."""
    async with progress(ls, "Applying all safe fixes", command_token.get()):
        file = await ls.review.known(uri, Stage.WHOLE)
        if file is None:
            return Refusal("maimod: open the map first; safe fixes of files on disk are applied by 'maimod fix'.")
        chosen = safe_fixes(file)
        if not chosen:
            return 0
        edit = workspace_edit(ls, file, {edit for _, fix in chosen for edit in fix.edits})
        answer = await ls.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit, "Apply all safe fixes of maimod"))
    if not answer.applied:
        return Refusal(f"maimod: the editor did not apply the fixes ({answer.failure_reason or 'it gave no reason'}).")
    return len(chosen)

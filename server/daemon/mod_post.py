"""The text of a mod post on one map: what a modder pastes under it, time stamps first, worst first in each part."""

from __future__ import annotations

from server.daemon.protocol import Json
from server.daemon.published import State
from server.printers.as_markdown import escape


def mod_post(state: State) -> str:
    """Markdown; of the findings that are not dismissed."""
    header = state.header
    told = [finding for finding in state.findings.values() if not finding["dismissed"]]
    parts = [f"### {escape(header['difficulty'] or header['title'] or header['path'])}\n"]
    for category in dict.fromkeys(finding["category"] for finding in told):
        parts.append(f"**{category}**\n")
        parts += [_line(finding) for finding in told if finding["category"] == category]
        parts.append("")
    if not told:
        parts.append("Nothing found.\n")
    return "\n".join(parts)


def _line(finding: Json) -> str:
    said = f"{escape(finding['message'])} `{finding['name']}`"
    if not finding["timestamp"]:
        return f"- {said}"
    stamp = escape(finding["timestamp"])
    return f"- [{stamp}]({finding['link']}) - {said}" if finding["link"] else f"- {stamp} - {said}"

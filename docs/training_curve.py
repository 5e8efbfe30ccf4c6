"""Draws docs/training.svg from docs/training.jsonl: python docs/training_curve.py."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).parent
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 860, 340, 58, 54, 120, 46
# Okabe and Ito's palette, told apart by colour-blind readers too.
COLOURS = {
    "osu": "#0072b2",
    "taiko": "#d55e00",
    "catch": "#009e73",
    "mania": "#cc79a7",
    "frets": "#e69f00",
    "drums": "#56b4e9",
}
STYLE = """
text{font:12px system-ui,sans-serif;fill:#57606a}.title{font-size:15px;font-weight:600;fill:#24292f}
.grid{stroke:#8883;stroke-width:1}polyline{fill:none;stroke-width:2;stroke-linejoin:round}
@media(prefers-color-scheme:dark){text{fill:#8b949e}.title{fill:#e6edf3}}
"""


def told(path: Path) -> list[dict[str, float]]:
    """The lines in which the held-out maps were measured, the last of each step."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return list({row["step"]: row for row in rows if any(key.endswith("_found_at_5") for key in row)}.values())


def drawn(rows: Sequence[dict[str, float]]) -> Iterator[str]:
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Training curves">'
    yield f"<style>{STYLE}</style>"
    yield f'<text class="title" x="{LEFT}" y="26">Mistakes found in the top 5 % of notes, held-out sets, by training step</text>'
    last = max(row["step"] for row in rows)
    for tenth in range(0, 11, 2):
        y = _y(tenth / 10)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tenth * 10} %</text>'
    for step in range(0, int(last) + 1, 500):
        yield f'<text x="{_x(step, last):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{step}</text>'
    ends = sorted(((rows[-1][f"{name}_found_at_5"], name) for name in COLOURS if f"{name}_found_at_5" in rows[-1]), reverse=True)
    below = -1e9
    for share, name in ends:
        points = " ".join(f"{_x(row['step'], last):.1f},{_y(row[f'{name}_found_at_5']):.1f}" for row in rows)
        yield f'<polyline points="{points}" stroke="{COLOURS[name]}"/>'
        below = max(_y(share) + 4, below + 16)
        yield f'<text x="{WIDTH - RIGHT + 10}" y="{below:.1f}" style="fill:{COLOURS[name]}">{name} {share:.0%}</text>'
    yield "</svg>"


def _x(step: float, last: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * step / last


def _y(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)


if __name__ == "__main__":
    (HERE / "training.svg").write_text("\n".join(drawn(told(HERE / "training.jsonl"))) + "\n", encoding="utf-8")

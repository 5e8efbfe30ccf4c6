"""Draws the README's picture: `python docs/picture.py` runs `maimod check examples/demo` and saves its terminal output as SVG."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).parents[1]
WIDTH = 136


def main() -> None:
    command = [sys.executable, "-m", "maimod", "check", "--color", "always", "examples/demo"]
    environment = {**os.environ, "COLUMNS": str(WIDTH), "PYTHONUTF8": "1"}
    run = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=False)
    console = Console(record=True, width=WIDTH, file=Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    console.print(Text.from_markup("[bold green]$[/] maimod check examples/demo"))
    console.print(Text.from_ansi(run.stdout.decode()))
    console.save_svg(str(ROOT / "docs" / "check.svg"), title="maimod", theme=MONOKAI)


if __name__ == "__main__":
    main()

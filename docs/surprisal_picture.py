"""Draws the README's picture of surprisal over time: `python docs/surprisal_picture.py`, after the weights have changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
WIDTH = 1000


def main() -> None:
    command = [sys.executable, "-m", "maimod", "surprisal", "--most", "1", "--plot", "docs/surprisal.svg"]
    subprocess.run([*command, "--plot-width", str(WIDTH), "examples/demo"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    main()

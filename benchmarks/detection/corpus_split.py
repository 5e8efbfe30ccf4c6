"""Which maps of the corpus belong to a split and a mode, as its manifest says."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("maps", nargs="*", type=Path, metavar="MAP", help="single maps, instead of a corpus")
    parser.add_argument("--corpus", type=Path, help="folder in which the corpus' archives are unpacked")
    parser.add_argument("--manifest", type=Path, help="its manifest.jsonl")
    parser.add_argument("--split", default="valid")
    parser.add_argument("--mode", action="append", help="osu, taiko, catch, mania or chart; may be repeated")
    parser.add_argument("--part", default="0/1", help="K/N: of the sets only those in part K of N; -K/N: all but those")


def chosen(args: argparse.Namespace) -> list[Path]:
    """The maps that the options name, in the manifest's order; files that are meant to be odd are left out."""
    if args.manifest is None:
        return list(args.maps)
    rows = [json.loads(row) for row in args.manifest.read_text(encoding="utf-8").splitlines()]
    return [
        args.corpus / row["path"]
        for row in rows
        if row["split"] == args.split
        and not row["path"].startswith("edgecases/")
        and (not args.mode or row["mode"] in args.mode)
        and _in_part(row["set_key"] or row["path"], args.part)
    ]


def _in_part(name: str, part: str) -> bool:
    number, _, count = part.lstrip("-").partition("/")
    inside = sum(name.encode()) % int(count) == int(number)
    return inside != part.startswith("-")

"""What do hostile maps cost? Each is checked by `maimod check` in a process of its own: seconds, peak memory, findings.

    python benchmarks/hostile.py [NAME...] [--repeat 1]

A case passes when it costs less than 2 s and 500 MB and says something. Exits with 1 where one does not. It is held
against its processor time, so that other work on the machine does not count (on an idle one the two are the same); memory
is the largest resident set of the process (both from the kernel's account of the child: Linux or macOS).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
MOST_SECONDS, MOST_BYTES = 2.0, 500_000_000

HEAD = (
    "osu file format v14\n\n[General]\nAudioFilename: a.mp3\nMode: {mode}\n\n"
    "[Metadata]\nTitle:a\nArtist:a\nCreator:a\nVersion:a\n\n"
    "[Difficulty]\nHPDrainRate:5\nCircleSize:4\nOverallDifficulty:5\nApproachRate:5\nSliderMultiplier:1.4\nSliderTickRate:1\n\n"
)
RED = "[TimingPoints]\n0,500,4,1,0,100,1,0\n\n"


def osu(objects: str, timing: str = RED, mode: int = 0) -> str:
    return f"{HEAD.format(mode=mode)}{timing}[HitObjects]\n{objects}"


def circles(count: int, step: int) -> str:
    return "".join(f"{number * 7 % 512},{number * 13 % 384},{number * step},1,0,0:0:0:0:\n" for number in range(count))


def long_line() -> str:
    return osu("256,192,1000,1,0," + "0:" * 5_000_000)


def endless_repeats() -> str:
    return osu("100,100,1000,2,0,L|200:100,1000000000,100\n100,100,9000,2,0,L|200:100,9000,100\n")


def many_repeats() -> str:
    return osu("".join(f"100,100,{number * 600},2,0,L|101:100,9000,0.01\n" for number in range(20_000)))


def no_numbers() -> str:
    odd = ("nan", "inf", "-inf", "1e308", "-1e308", "2147483647", "-2147483648", "1e-320", "٣", "0x10")
    timing = "".join(f"{a},{b},{a},{b},1,{a},{number % 2},{b}\n" for a in odd for number, b in enumerate(odd))
    objects = "".join(f"{a},{b},{a},{kind},0,{b}|{a}:{b},{a},{b}\n" for kind in (1, 2, 8, 128) for a in odd for b in odd)
    return osu(objects, f"[TimingPoints]\n{timing}\n")


def far_times() -> str:
    return osu("0,0,-2147483647,1,0\n0,0,2147483647,2,0,L|100:0,9000,100000\n0,0,0,12,0,2147483647\n1,1,5,128,0,2147483647:0\n")


def many_circles() -> str:
    return osu(circles(200_000, 50))


def circles_at_once() -> str:
    return osu(circles(200_000, 0))


def many_sliders() -> str:
    return osu("".join(f"{n % 512},100,{n * 400},2,0,B|{n % 300}:50|90:{n % 99}|5:5,2,100\n" for n in range(25_000)))


def deep_bezier() -> str:
    anchors = "|".join(f"{n * 37 % 512}:{n * 91 % 384}" for n in range(10_000))
    return osu("".join(f"0,0,{n * 9000},2,0,{kind}|{anchors},1,100000\n" for n, kind in enumerate(("B", "B4", "B49", "C", "P"))))


def wild_curves() -> str:
    wild = "|".join(f"{(-1) ** n * 131_000}:{(-1) ** (n // 2) * 131_000}" for n in range(40))
    return osu("".join(f"0,0,{n * 900},2,0,{'BCPL'[n % 4]}|{wild},3,131072\n" for n in range(500)))


def many_lines() -> str:
    return osu("x\n" * 1_000_000)


def blank_lines() -> str:
    return osu("\n" * 1_000_000)


def unclosed() -> str:
    return "osu file format v14\n" + "[HitObjects\n" * 50_000 + "[" * 1_000_000 + "]" * 10


def many_timing_points() -> str:
    red = "".join(f"{n * 3},{300 + n % 7},4,1,0,{n % 100},1,{n % 2}\n" for n in range(300_000))
    return osu(circles(1_000, 500), f"[TimingPoints]\n{red}\n")


def many_green_lines() -> str:
    green = "".join(f"{n},-{50 + n % 100},4,1,0,{n % 100},0,{n % 2}\n" for n in range(300_000))
    return osu(circles(1_000, 300), f"[TimingPoints]\n0,500,4,1,0,100,1,0\n{green}\n")


def many_events() -> str:
    variables = "".join(f"$v{n}={n}\n" for n in range(20_000))
    events = "".join(f'Sprite,Pass,Centre,"s{n}.png",$v{n},$v{n}\n F,0,0,{n},1\n2,{n},{n + 9}\n' for n in range(60_000))
    return osu(circles(100, 500)).replace("[TimingPoints]", f"[Variables]\n{variables}[Events]\n{events}\n[TimingPoints]")


def many_settings() -> str:
    keys = "".join(f"Combo{n} : {n % 256},0,0\n" for n in range(100_000))
    tags = "Tags:" + " ".join(f"tag{n}" for n in range(200_000))
    marks = "[Editor]\nBookmarks: " + ",".join(str(n) for n in range(200_000))
    return osu(circles(100, 500)).replace("[TimingPoints]", f"[Colours]\n{keys}[Metadata]\n{tags}\n{marks}\n[TimingPoints]")


def mania_chord() -> str:
    return osu("".join(f"{n % 512},0,{n // 50},128,0,{n + 500}:0:0:0:0:\n" for n in range(100_000)), mode=3)


def taiko_stream() -> str:
    return osu("".join(f"256,192,{n * 10},1,{n % 16}\n" for n in range(100_000)), mode=1)


def catch_stream() -> str:
    return osu("".join(f"{n * 77 % 512},192,{n * 20},1,0\n" for n in range(100_000)), mode=2)


def chart(track: str, sync: str = "  0 = TS 4\n  0 = B 120000\n", events: str = "") -> str:
    return (
        f'[Song]\n{{\n  Name = "a"\n  Resolution = 192\n}}\n[SyncTrack]\n{{\n{sync}}}\n[Events]\n{{\n{events}}}\n'
        f"[ExpertSingle]\n{{\n{track}}}\n"
    )


def chart_many_notes() -> str:
    return chart("".join(f"  {n * 24} = N {n % 5} {n % 3 * 1000}\n" for n in range(200_000)))


def chart_at_once() -> str:
    return chart("".join(f"  0 = N {n % 8} {n}\n" for n in range(200_000)))


def chart_many_tempos() -> str:
    return chart("  0 = N 0 0\n", "".join(f"  {n} = B {60_000 + n}\n  {n} = TS 4 2\n" for n in range(150_000)))


def chart_no_numbers() -> str:
    odd = ("nan", "inf", "1e9", "-1", "9" * 400, "2147483648", "4294967296", "0.5", "")
    return chart(
        "".join(f"  {a} = N {b} {a}\n  {a} = S {b} {a}\n" for a in odd for b in odd), "".join(f"  {a} = B {a}\n" for a in odd)
    )


def chart_unclosed() -> str:
    return "[Song]\n{\n" * 100_000 + '  Name = "' + "a" * 5_000_000


CASES: dict[str, tuple[str, Callable[[], str]]] = {
    "a line of 10 MB": ("osu", long_line),
    "1e9 repeats": ("osu", endless_repeats),
    "20,000 sliders of 9,000 repeats": ("osu", many_repeats),
    "NaN, infinite and enormous numbers": ("osu", no_numbers),
    "objects 24 days long": ("osu", far_times),
    "200,000 circles": ("osu", many_circles),
    "200,000 circles at one time": ("osu", circles_at_once),
    "25,000 Bézier sliders": ("osu", many_sliders),
    "curves of 10,000 anchors": ("osu", deep_bezier),
    "500 sliders far off the playfield": ("osu", wild_curves),
    "a million broken lines": ("osu", many_lines),
    "a million blank lines": ("osu", blank_lines),
    "unclosed sections": ("osu", unclosed),
    "300,000 red lines": ("osu", many_timing_points),
    "300,000 green lines": ("osu", many_green_lines),
    "180,000 events with variables": ("osu", many_events),
    "100,000 colours, 200,000 tags and bookmarks": ("osu", many_settings),
    "100,000 overlapping holds (mania)": ("osu", mania_chord),
    "100,000 notes (taiko)": ("osu", taiko_stream),
    "100,000 fruits (catch)": ("osu", catch_stream),
    "200,000 notes (.chart)": ("chart", chart_many_notes),
    "200,000 notes at one tick (.chart)": ("chart", chart_at_once),
    "300,000 tempos (.chart)": ("chart", chart_many_tempos),
    "odd numbers (.chart)": ("chart", chart_no_numbers),
    "unclosed sections (.chart)": ("chart", chart_unclosed),
}


@dataclass(frozen=True)
class Cost:
    seconds: float
    processor_seconds: float
    peak_bytes: int
    findings: int
    trouble: str = ""

    @property
    def passes(self) -> bool:
        return self.processor_seconds < MOST_SECONDS and self.peak_bytes < MOST_BYTES and self.findings > 0 and not self.trouble


def measure(file: Path) -> Cost:
    """Checks the file in a process of its own. A grandchild's memory is not counted: the check starts none."""
    command = [sys.executable, "-m", "maimod", "check", "--no-surprisal", "--format", "json", str(file)]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=output, stderr=complaints, cwd=REPOSITORY)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        output.seek(0)
        complaints.seek(0)
        said, complained = output.read(), complaints.read().decode(errors="replace")
    busy = usage.ru_utime + usage.ru_stime
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    if child.returncode not in (0, 1) or complained:
        return Cost(seconds, busy, peak, 0, f"exit {child.returncode}: {complained.strip()[-200:]}")
    (checked,) = json.loads(said)["files"]
    failed = sorted({finding["name"] for finding in checked["findings"] if finding["kind"] == "rule-failed"})
    return Cost(seconds, busy, peak, len(checked["findings"]), f"failed rules: {', '.join(failed)}" if failed else "")


def measured(names: list[str], repeat: int) -> Iterator[tuple[str, int, Cost]]:
    for name in names:
        suffix, build = CASES[name]
        # Each has a folder to itself: a check reads the other difficulties beside a map.
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"notes.{suffix}"
            file.write_text(build(), encoding="utf-8")
            costs = [measure(file) for _ in range(repeat)]
            yield name, file.stat().st_size, min(costs, key=lambda cost: cost.processor_seconds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help="parts of the names of the cases to run; all when none")
    parser.add_argument("--repeat", type=int, default=1, help="run each so often and count its quickest run")
    args = parser.parse_args()
    names = [name for name in CASES if not args.names or any(part in name for part in args.names)]
    passed = True
    print(f"{'':<46} {'file MB':>8} {'seconds':>8} {'CPU s':>8} {'peak MB':>8} {'findings':>9}")
    for name, size, cost in measured(names, args.repeat):
        passed &= cost.passes
        mark = "" if cost.passes else "  too much" if not cost.trouble else f"  {cost.trouble}"
        figures = f"{size / 1e6:>8.1f} {cost.seconds:>8.2f} {cost.processor_seconds:>8.2f} {cost.peak_bytes / 1e6:>8.0f}"
        print(f"{name:<46} {figures} {cost.findings:>9}{mark}", flush=True)
    return 0 if passed else 1


if __name__ == "__main__":
    raise SystemExit(main())

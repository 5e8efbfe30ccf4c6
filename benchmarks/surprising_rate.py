"""How often the model remarks on maps that people published, and the tables by which it is decided what is rare.

    python -m benchmarks.surprising_rate --corpus DIR --manifest FILE [--features DIR] [--split tune|valid] [--most 60] [--mode M]
    python -m benchmarks.surprising_rate … --calibrate
    python -m benchmarks.surprising_rate --spoilt DIR

Takes one map of each of `--most` sets of every mode (for charts: all its scored tracks) and prints, by family, findings per 60
notes (median and 90th percentile over maps), how many are warnings, what they are about and what finding them costs. `tune` are
the sets that training holds out. `--min-surprisal` is that of `maimod check`.

`--calibrate` measures the evidence that one in 2^4 … 2^14 notes reaches and writes analyzers/surprising/rarity.toml with it,
then looks for the lowest rarity at which no family's median map has more than `--goal` findings per 60 notes.

`--spoilt DIR` takes maps that `benchmarks.detection.make` has put mistakes into (with truth.jsonl) and prints for each severity
and kind of remark how many stand at a mistake: that is what the bands of [severity] go by.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.analysis import Choices
from analyzers.finding import Finding, Severity
from analyzers.surprising import rarity
from analyzers.surprising.findings import surprising_chart_findings, surprising_findings
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.document import Document
from formats.mapset import Difficulty
from models.bundled.fields import FAMILY_OF, Family
from models.bundled.scenes import scored_family
from models.bundled.scoring import Scorer
from models.surprisal import Surprisal
from models.training.corpus import split_of

GOAL = 0.9
# However seldom a family is surprising, what one note in 32 is (5 bits) is not worth a remark.
COMMONEST = 5.0
NOTES = 60
FEWEST_NOTES = 60
# A remark this many lines from a mistake's is about it: what is missing shows at its neighbours.
NEAR_LINES = 1
# Evidence that fewer notes than this reach is guessed from the rest; it rises by at least this much for each bit of rarity.
FEWEST_BEYOND, LEAST_SLOPE = 8, 0.2
TABLE = Path(rarity.__file__).with_suffix(".toml")
HEAD = TABLE.read_text(encoding="utf-8").split("[shown_from]")[0]


@dataclass(slots=True)
class Scored:
    """One difficulty or track with what the model says of it."""

    path: str
    family: Family
    surprisal: Surprisal
    subject: Difficulty | tuple[Chart, Any]
    others: Sequence[Difficulty] = ()

    def findings(self, least: float | None) -> list[Finding]:
        choices = Choices(min_surprisal=least)
        if isinstance(self.subject, Difficulty):
            return surprising_findings(self.subject, self.surprisal, choices, others=self.others)
        chart, track = self.subject
        return surprising_chart_findings(chart, [(track, self.surprisal)], choices)

    @property
    def document(self) -> Document:
        return self.subject.beatmap.document if isinstance(self.subject, Difficulty) else self.subject[0].document


@dataclass(slots=True)
class Rates:
    """Of one family: findings per 60 notes of each map, warnings per map, remarks by rule, ms per 1,000 notes."""

    rates: list[float] = field(default_factory=list)
    warnings: list[int] = field(default_factory=list)
    about: Counter[str] = field(default_factory=Counter)
    cost: list[float] = field(default_factory=list)
    notes: int = 0


def main() -> None:
    args = options()
    scorer = Scorer.load(args.weights)
    if args.spoilt:
        precision(args.spoilt, scorer)
        return
    scored = [each for path, song, beside in sampled(args) for each in score(scorer, args.corpus / path, song, beside)]
    if args.calibrate:
        calibrate(scored, args.goal)
        rarity_anew()
    report(scored, args.min_surprisal)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="folder in which the corpus' archives are unpacked")
    parser.add_argument("--manifest", type=Path, help="its manifest.jsonl")
    parser.add_argument("--features", type=Path, help="folder of the songs' features with an index.json")
    parser.add_argument("--split", choices=("tune", "valid"), default="tune")
    parser.add_argument("--mode", action="append", help="osu, taiko, catch, mania or chart; may be repeated")
    parser.add_argument("--most", type=int, default=60, help="sets of each mode")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weights", help="other weights than the shipped ones")
    parser.add_argument("--min-surprisal", type=float)
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--goal", type=float, default=GOAL, help="findings per 60 notes of the median map")
    parser.add_argument("--spoilt", type=Path, help="folder that benchmarks.detection.make wrote")
    return parser.parse_args()


def sampled(args: argparse.Namespace) -> Iterator[tuple[str, NDArray[np.uint8] | None, list[Path]]]:
    """Path of one map of each chosen set, its song's features where there are some, and the other maps of the set beside it."""
    index = json.loads((args.features / "index.json").read_text(encoding="utf-8")) if args.features else {}
    by_mode: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    sets_of: dict[str, list[str]] = defaultdict(list)
    for line in args.manifest.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        sets_of[row.get("set_key") or ""].append(row["path"])
        if wanted(row, args):
            by_mode[row["mode"]][row["set_key"]].append(row["path"])
    chance = random.Random(args.seed)
    for sets in by_mode.values():
        for key in chance.sample(sorted(sets), min(args.most, len(sets))):
            path = chance.choice(sorted(sets[key]))
            song = index.get(path)
            beside = [args.corpus / each for each in sets_of[key] if each != path and Path(each).parent == Path(path).parent]
            yield path, np.load(args.features / f"{song.removesuffix('.npy')}.npy") if song else None, beside


def wanted(row: Mapping[str, Any], args: argparse.Namespace) -> bool:
    if row.get("category", "human") != "human" or not row.get("set_key") or row.get("mode") is None:
        return False
    if args.mode and row["mode"] not in args.mode:
        return False
    return row["split"] in ("train", "valid") and split_of(row["set_key"], valid=row["split"] == "valid") == args.split


def score(scorer: Scorer, path: Path, song: NDArray[np.uint8] | None = None, beside: Sequence[Path] = ()) -> Iterator[Scored]:
    if path.suffix == ".osu":
        difficulty = read(path)
        if len(difficulty.timeline.notes) >= FEWEST_NOTES:
            surprisal = scorer.timeline(difficulty.timeline, song)
            others = [each for other in beside if alike(each := read(other), difficulty)]
            yield Scored(str(path), FAMILY_OF[difficulty.beatmap.mode], surprisal, difficulty, others)
        return
    chart = Chart.from_bytes(path.read_bytes())
    for track in [] if chart.refusals else chart.charted:
        family, known = scored_family(track), scorer.track(chart, track, song) if len(track.notes) >= FEWEST_NOTES else None
        if family is not None and known is not None:
            yield Scored(f"{path}#{track.name}", family, known, (chart, track))


def read(path: Path) -> Difficulty:
    return Difficulty(str(path), Beatmap.from_bytes(path.read_bytes()))


def alike(one: Difficulty, other: Difficulty) -> bool:
    """Whether two difficulties are of one song, as `maimod check` compares them."""
    return one.beatmap.general.text("AudioFilename") == other.beatmap.general.text("AudioFilename")


def calibrate(scored: Sequence[Scored], goal: float) -> None:
    """Writes the tables, then the lowest rarities that keep to the goal."""
    tables: dict[Family, dict[str, list[float]]] = {}
    for family in Family:
        measured: dict[str, list[NDArray[np.float64]]] = defaultdict(list)
        for each in scored:
            if each.family is family:
                for name, values in rarity.evidence(each.surprisal, family).items():
                    measured[name].append(values)
        tables[family] = {name: quantiles(np.concatenate(parts)) for name, parts in measured.items()}
    known = {family: rarity.shown_from(family) for family in Family}
    write(tables, known)
    rarity_anew()
    write(tables, known | {family: lowest(scored, family, goal) for family in {each.family for each in scored}})


def quantiles(values: NDArray[np.float64]) -> list[float]:
    """The evidence that 1 in 2^b notes reaches; beyond what so many notes can tell the line goes on as steep as before."""
    known = np.sort(values[~np.isnan(values)])
    if len(known) < FEWEST_BEYOND:
        return [float(level) for level in rarity.LEVELS]
    beyond = len(values) / 2**rarity.LEVELS
    found = np.interp(len(known) - beyond, np.arange(len(known)), known)
    told = max(int((beyond >= FEWEST_BEYOND).sum()), 2)
    slope = max(float(found[told - 1] - found[max(told - 3, 0)]) / 2, LEAST_SLOPE)
    found[told:] = found[told - 1] + slope * np.arange(1, len(found) - told + 1)
    return [round(float(value), 3) for value in found]


def lowest(scored: Sequence[Scored], family: Family, goal: float) -> float:
    """The lowest rarity (in quarters of a bit) at which the family's median map keeps to the goal.

    The median is taken one standard error up: the fewer maps are held out, the less they say of the others.
    """
    members = [each for each in scored if each.family is family]
    middle = min(0.5 + 0.5 / math.sqrt(len(members)), 1.0)
    for least in np.arange(COMMONEST, rarity.LEVELS[-1], 0.25):
        rates = [len(each.findings(float(least))) / len(each.surprisal) * NOTES for each in members]
        if np.quantile(rates, middle) <= goal:
            return float(least)
    return float(rarity.LEVELS[-1])


def write(tables: Mapping[Family, Mapping[str, Sequence[float]]], shown: Mapping[Family, float]) -> None:
    known = TABLE.read_text(encoding="utf-8")
    severity = known[known.index("# The probability of a mistake") : known.index("[default]")]
    default = known[known.index("[default]") :].split("\n\n")[0].rstrip()
    parts = [HEAD + "[shown_from]\n" + "".join(f"{each.name.lower()} = {shown[each]}\n" for each in Family)]
    parts += [severity.rstrip() + "\n", default + "\n"]
    for family, levels in tables.items():
        if levels:
            rows = "".join(f'"{name}" = [{", ".join(map(str, row))}]\n' for name, row in levels.items())
            parts.append(f"[{family.name.lower()}]\n{rows}")
    TABLE.write_text("\n".join(parts), encoding="utf-8")


def rarity_anew() -> None:
    """Forgets the tables that were read before."""
    rarity.table.cache_clear()
    rarity.data.cache_clear()


def report(scored: Sequence[Scored], least: float | None) -> None:
    print(f"{'family':8}{'maps':>6}{'notes':>9}{'per 60':>8}{'p90':>7}{'warnings':>10}{'p90':>6}{'ms/1,000':>10}  about")
    for family in Family:
        found = rates([each for each in scored if each.family is family], least)
        if not found.rates:
            continue
        total = sum(found.about.values()) or 1
        about = ", ".join(f"{name.removeprefix('surprising-')} {count / total:.0%}" for name, count in found.about.most_common())
        print(
            f"{family.name.lower():8}{len(found.rates):6}{found.notes:9}{statistics.median(found.rates):8.2f}{ninth(found.rates):7.2f}"
            f"{statistics.median(found.warnings):10g}{ninth(found.warnings):6.3g}{statistics.median(found.cost):10.1f}  {about}"
        )


def rates(scored: Sequence[Scored], least: float | None) -> Rates:
    found = Rates()
    for each in scored:
        start = time.perf_counter()
        findings = each.findings(least)
        found.cost.append((time.perf_counter() - start) * 1e6 / len(each.surprisal))
        found.rates.append(len(findings) / len(each.surprisal) * NOTES)
        found.warnings.append(sum(finding.severity is Severity.WARNING for finding in findings))
        found.about.update(finding.name for finding in findings)
        found.notes += len(each.surprisal)
    return found


def ninth(values: Sequence[float]) -> float:
    return float(np.quantile(np.array(values, float), 0.9))


def precision(folder: Path, scorer: Scorer) -> None:
    """How many remarks stand at a mistake, by severity and by rule; how many mistakes have a remark."""
    truth: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in map(json.loads, (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()):
        truth[row["file"]].append(row)
    told, right, mistakes, met = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for name, rows in truth.items():
        lines = {line + near for row in rows for line in row["lines"] for near in range(-NEAR_LINES, NEAR_LINES + 1)}
        remarked: set[int] = set()
        for each in score(scorer, folder / name):
            for finding in each.findings(None):
                line = each.document.index.line_of(finding.span.start) + 1
                remarked.add(line)
                for key in (finding.severity.value, finding.name):
                    told[key] += 1
                    right[key] += line in lines
        for row in rows:
            kind = f"{row.get('mode', '')} {row['kind']}".strip()
            mistakes[kind] += 1
            met[kind] += any(line + near in remarked for line in row["lines"] for near in (-1, 0, 1))
    for title, whole, part in (("remarks at a mistake", told, right), ("mistakes with a remark", mistakes, met)):
        print(title)
        for key, count in whole.most_common():
            print(f"  {key:28}{count:7}{part[key] / count:8.2f}")


if __name__ == "__main__":
    main()

"""What each part of the surprisal model is worth: recall of injected mistakes with the part and without it.

    python -m benchmarks.ablation FOLDER --manifest manifest.jsonl --features MEL

Mistakes are put into the difficulties and tracks of the valid split (models/training/mistakes.py, one in 50 notes); every row of
the table ranks the notes of the same spoilt maps in another way. Needs numpy and ONNX Runtime, no PyTorch.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import ANY, FIELDS, Family
from models.bundled.rows import Rows, rows_of
from models.bundled.scoring import Scorer
from models.training.corpus import Piece, Split, read_pieces
from models.training.mistakes import Labels, with_mistakes
from server.lessons import Lessons

Floats = NDArray[np.float32]
F = len(FIELDS)
SPACING = 50.0
SHARES = (0.02, 0.05)


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A map with mistakes: what the network says of it from both sides, from one side, and with its song."""

    family: Family
    labels: Labels
    logits: Floats
    surprises: Floats
    one_sided: Floats
    no_echo: Floats
    heard: tuple[Floats, Floats] | None


Ranking = Callable[[Spoilt], Floats]


def rankings(scorer: Scorer) -> dict[str, Ranking]:
    """The ways to rank a map's notes, in the order of the table."""

    def calibrated(logits: Floats, surprises: Floats, family: Family) -> Floats:
        return scorer.calibration.of(family, logits, surprises)[0]

    return {
        "past only, −log p": lambda map_: map_.one_sided[:, :F].max(axis=1),
        "past only, −log p − entropy": lambda map_: _beyond(map_.one_sided),
        "two-sided, −log p": lambda map_: map_.surprises[:, :F].max(axis=1),
        "two-sided, −log p / entropy": lambda map_: (map_.surprises[:, :F] / (map_.surprises[:, F:] + 0.1)).max(axis=1),
        "two-sided, −log p − entropy": lambda map_: _beyond(map_.surprises),
        "detector without other bars": lambda map_: map_.no_echo[:, ANY],
        "detector": lambda map_: map_.logits[:, ANY],
        "detector, calibrated (shipped)": lambda map_: calibrated(map_.logits, map_.surprises, map_.family),
    }


def with_song(scorer: Scorer) -> dict[str, Ranking]:
    """With and without the song, on the maps that have one."""

    def heard(map_: Spoilt) -> Floats:
        assert map_.heard is not None
        return scorer.calibration.of(map_.family, *map_.heard)[0]

    return {
        "shipped, without song": lambda map_: scorer.calibration.of(map_.family, map_.logits, map_.surprises)[0],
        "shipped, with song": heard,
        "two-sided, −log p − entropy, without song": lambda map_: _beyond(map_.surprises),
        "two-sided, −log p − entropy, with song": lambda map_: _beyond(map_.heard[1] if map_.heard else map_.surprises),
    }


def _beyond(surprises: Floats) -> Floats:
    return np.asarray((surprises[:, :F] - surprises[:, F:]).max(axis=1))


def spoilt_maps(scorer: Scorer, pieces: Sequence[Piece], copies: int, seed: int) -> Iterator[Spoilt]:
    """Every piece with mistakes, `copies` times."""
    for number, piece in enumerate(pieces):
        rng = np.random.default_rng((seed, number))
        for _ in range(copies):
            scene, labels, _ = with_mistakes(piece.scene, SPACING, rng)
            rows = rows_of(scene)
            _, surprises, logits = scorer.answers(rows)
            _, one_sided, _ = scorer.answers(rows.unsighted())
            _, _, no_echo = scorer.answers(_without_echo(rows))
            heard = None
            if piece.song is not None:
                _, with_sound, by_ear = scorer.answers(rows, piece.song.heard(scene.time, scene.beat_lengths, piece.delay))
                heard = by_ear, with_sound
            yield Spoilt(scene.family, labels, logits, surprises, one_sided, no_echo, heard)


def _without_echo(rows: Rows) -> Rows:
    return replace(rows, echo=np.zeros_like(rows.echo))


def recall(maps: Sequence[Spoilt], rank: Ranking) -> tuple[float, ...]:
    """The share of mistakes in the top 2 % and 5 % of their maps' notes; a missing note counts where a neighbour stands there."""
    found, total = np.zeros(len(SHARES)), 0
    for map_ in maps:
        score = rank(map_)
        place = np.empty(len(score), int)
        place[np.argsort(-score, kind="stable")] = np.arange(len(score))
        wrong = map_.labels[:, ANY]
        total += int(wrong.sum())
        found += [(place[wrong] < max(1, share * len(score))).sum() for share in SHARES]
    return tuple(found / max(total, 1))


def table(maps: Sequence[Spoilt], ways: dict[str, Ranking]) -> Iterator[str]:
    """Lines of a Markdown table: a row a ranking, a column a family, recall at 2 % / 5 %."""
    families = sorted({map_.family for map_ in maps})
    yield "| ranked by | " + " | ".join(family.name.lower() for family in families) + " |"
    yield "|---" * (len(families) + 1) + "|"
    for name, rank in ways.items():
        cells = [recall([map_ for map_ in maps if map_.family is family], rank) for family in families]
        yield f"| {name} | " + " | ".join(" / ".join(f"{share:.2f}" for share in cell) for cell in cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--manifest")
    parser.add_argument("--features")
    parser.add_argument("--weights")
    parser.add_argument("--split", type=Split, default=Split.VALID)
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    scorer = Scorer.load(options.weights, threads=2)
    lessons = Lessons(options.folder, options.manifest, options.features, audio=options.features is not None)
    pieces = [piece for piece in read_pieces(lessons.sources()) if piece.split is options.split]
    maps = list(spoilt_maps(scorer, pieces, options.copies, options.seed))
    print("\n".join(table(maps, rankings(scorer))))
    print()
    print("\n".join(table([map_ for map_ in maps if map_.heard is not None], with_song(scorer))))


if __name__ == "__main__":
    main()

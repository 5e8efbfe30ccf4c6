"""`maimod train`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.errors import MaimodError
from server.lessons import Lessons
from server.reading import Unreadable

if TYPE_CHECKING:
    from models.training.corpus import Piece

NEEDS = 'training needs PyTorch and ONNX: install maimod with its extra "full" (in its folder: pip install ".[full]")'
_FOLDER = click.Path(exists=True, file_okay=False)
_FILE = click.Path(exists=True, dir_okay=False)


@click.command("train")
@click.argument("folder", type=_FOLDER)
@click.option("--out", required=True, type=click.Path(file_okay=False), help="Folder of the checkpoint, metrics and weights.")
@click.option("--manifest", type=_FILE, help="JSON Lines: path, set_key, split (train, valid) of each map that counts.")
@click.option("--features", type=_FOLDER, help="Songs as features (index.json and .npy files) instead of audio files.")
@click.option("--no-audio", is_flag=True, help="Learn from the notes alone.")
@click.option(
    "--steps", default=2600, type=click.IntRange(min=1), show_default=True, help="Steps of 16 windows of up to 256 notes."
)
@click.option("--seed", default=1, show_default=True, help="The same seed on the same machine gives the same weights.")
@click.option("--threads", type=int, help="Processors to use [default: all].")
@click.option("--name", default="bundled", show_default=True, help="What the weights call themselves.")
@click.option("--tensorboard", is_flag=True, help="Also write the metrics for TensorBoard (needs the package tensorboard).")
def command(
    folder: str,
    out: str,
    *,
    manifest: str | None,
    features: str | None,
    no_audio: bool,
    steps: int,
    seed: int,
    threads: int | None,
    name: str,
    tensorboard: bool,
) -> int:
    """Train the surprisal model on the maps under FOLDER.

    A killed run goes on where it was when it is called again with the same --out. Maps with a line "robots: disallow" are
    left out. About a twelfth of the sets is kept for calibration. The result is OUT/weights.zip, to be used with
    --model OUT/weights.zip; OUT/metrics.jsonl tells how it went. Needs PyTorch and ONNX (the extra "full").
    """
    lessons = Lessons(folder, manifest, features, audio=not no_audio)
    place = Path(out)
    try:
        from models.training.course import run_course
        from models.training.loop import Plan
    except ImportError as trouble:
        raise click.ClickException(f"{NEEDS} ({trouble.name} is missing)") from None
    try:
        pieces = _read(lessons)
    except Unreadable as trouble:
        raise click.ClickException(str(trouble)) from None
    place.mkdir(parents=True, exist_ok=True)
    try:
        weights = run_course(pieces, place, Plan(steps=steps, seed=seed), name, _told(place, tensorboard), threads=threads)
    except MaimodError as trouble:
        raise click.ClickException(str(trouble)) from None
    click.echo(f"{weights} is written.")
    return 0


def _read(lessons: Lessons) -> list[Piece]:
    from models.training.corpus import Split, read_pieces

    pieces = read_pieces(lessons.sources())
    sets = {split: len({piece.set_key for piece in pieces if piece.split is split}) for split in Split}
    if not sets[Split.TRAIN]:
        raise Unreadable(lessons.folder, "holds no map with enough notes to learn from")
    notes = sum(len(piece.scene) for piece in pieces)
    click.echo(
        f"{len(pieces)} difficulties and tracks with {notes} notes: {sets[Split.TRAIN]} sets to learn from, "
        f"{sets[Split.TUNE]} to calibrate on, {sets[Split.VALID]} kept apart.",
        err=True,
    )
    return pieces


def _told(place: Path, tensorboard: bool) -> Callable[[dict[str, float]], None]:
    """What is done with a line of metrics: kept, shown, and handed to TensorBoard where that is wanted."""
    from models.training.loop import metrics_line, tensorboard_writer

    try:
        board = tensorboard_writer(str(place / "tensorboard")) if tensorboard else None
    except ImportError:
        raise click.ClickException("--tensorboard needs its package: pip install tensorboard") from None

    def tell(told: dict[str, float]) -> None:
        line = metrics_line(told)
        with (place / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        click.echo(line, err=True)
        if board is not None:
            board(told)

    return tell

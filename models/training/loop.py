"""The training loop: deterministic for a seed, resumable at any checkpoint, bf16 on CPU and on CUDA where there is one."""

# torch's own annotations leave the types of much unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from models.bundled.fields import FIELDS, Family
from models.bundled.network import Batch, Network, Scores, Shape, by_field
from models.bundled.onsets import unheard
from models.bundled.rows import OF_NOTES
from models.errors import CheckpointOfAnotherPlan
from models.training.corpus import Piece, Split, weights
from models.training.windows import LENGTH, Variety, Window, window_of


@dataclass(frozen=True, slots=True)
class Plan:
    """What is trained and for how long. `steps` of `batch` windows of up to LENGTH notes."""

    shape: Shape = field(default_factory=Shape)
    steps: int = 2_600
    batch: int = 16
    rate: float = 1.6e-3
    warm_up: int = 200
    decay: float = 0.08
    suspicion_weight: float = 8.0
    averaging: float = 0.998
    seed: int = 1
    save_every: int = 250
    variety: Variety = field(default_factory=Variety)


def batch_of(windows: list[Window]) -> tuple[Batch, Tensor, Tensor]:
    """(network input, labels (B, L, len(MISTAKES)), which notes are predicted (B, L)), padded to the longest window."""
    rows = [window.rows for window in windows]
    heard = [unheard(len(window.rows)) if window.heard is None else window.heard for window in windows]
    batch = Batch(
        family=torch.tensor([int(each.family) for each in rows]),
        condition=torch.from_numpy(np.stack([each.condition for each in rows])),
        audio=_stacked([each.around for each in heard]),
        ahead=_stacked([each.ahead for each in heard]),
        real=_stacked([np.ones(len(each)) for each in rows]),
        **{name: _stacked([getattr(each, name) for each in rows]) for name in OF_NOTES},
    )
    return batch, _stacked([window.labels for window in windows]), _stacked([window.asked for window in windows])


def _stacked(arrays: Sequence[NDArray[Any]]) -> Tensor:
    """(B, L, …) the arrays (up to L, …) of each window, zeros behind their ends: categories int64, all else float32."""
    kind = np.int64 if arrays[0].dtype.kind == "i" else np.float32
    whole = np.zeros((len(arrays), max(map(len, arrays)), *arrays[0].shape[1:]), kind)
    for row, array in zip(whole, arrays, strict=True):
        row[: len(array)] = array
    return torch.from_numpy(whole)


def losses(scores: Scores, batch: Batch, labels: Tensor, asked: Tensor) -> tuple[Tensor, Tensor]:
    """(nats of all fields per note, nats of all suspicions per note), means over the notes."""
    notes = asked.sum().clamp(min=1)
    total = torch.zeros((), device=asked.device)
    for number, part in enumerate(by_field(scores.logits.float())):
        value = batch.values[..., number]
        counted = asked * (value > 0)
        nats = functional.cross_entropy(part.flatten(0, 1), (value - 1).clamp(min=0).flatten(), reduction="none")
        total = total + (nats * counted.flatten()).sum()
    wrong = functional.binary_cross_entropy_with_logits(scores.suspicion.float(), labels, reduction="none")
    return total / notes, (wrong.sum(-1) * batch.real).sum() / batch.real.sum()


class Training:
    """A network, its averaged weights and its optimiser at some step."""

    def __init__(self, plan: Plan, device: str) -> None:
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.device = device
        self.network = Network(plan.shape).to(device)
        self.average = {name: value.detach().clone() for name, value in self.network.named_parameters()}
        decayed = [value for value in self.network.parameters() if value.ndim > 1]
        plain = [value for value in self.network.parameters() if value.ndim < 2]
        groups = [{"params": decayed, "weight_decay": plan.decay}, {"params": plain, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98))
        self.step = 0
        self.seconds = 0.0

    def rate(self) -> float:
        """Linear warm-up, then a cosine down to a fiftieth."""
        plan = self.plan
        if self.step < plan.warm_up:
            return plan.rate * (self.step + 1) / plan.warm_up
        done = (self.step - plan.warm_up) / max(plan.steps - plan.warm_up, 1)
        return plan.rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0))))

    def take_step(self, windows: list[Window]) -> tuple[float, float]:
        """One step on these windows; the two losses in nats per note."""
        torch.manual_seed(self.plan.seed * 1_000_003 + self.step)
        self.network.train()
        batch, labels, asked = batch_of(windows)
        batch = Batch(*(part.to(self.device) for part in batch))
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        with torch.autocast(self.device, torch.bfloat16):
            scores = self.network(batch)
        fields, suspicion = losses(scores, batch, labels.to(self.device), asked.to(self.device))
        self.optimiser.zero_grad(set_to_none=True)
        (fields + self.plan.suspicion_weight * suspicion).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self._average()
        self.step += 1
        return float(fields.detach()), float(suspicion.detach())

    def _average(self) -> None:
        keep = min(self.plan.averaging, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            names, values = zip(*self.network.named_parameters(), strict=True)
            torch._foreach_lerp_(  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]
                [self.average[name] for name in names], list(values), 1 - keep
            )

    def averaged(self) -> Network:
        """A network with the averaged weights, ready to score."""
        network = Network(self.plan.shape)
        network.load_state_dict({name: value.cpu() for name, value in self.average.items()})
        return network.eval()

    def state(self) -> dict[str, Any]:
        """What `restore` reads."""
        return {
            "network": self.network.state_dict(),
            "average": self.average,
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
            "plan": _kept(self.plan),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Goes on from `state`. Raises `CheckpointOfAnotherPlan` where that was trained in another way."""
        if state["plan"] != _kept(self.plan):
            raise CheckpointOfAnotherPlan("the checkpoint was made by another plan (seed, sizes or variety)")
        self.network.load_state_dict(state["network"])
        self.average = {name: value.to(self.device) for name, value in state["average"].items()}
        self.optimiser.load_state_dict(state["optimiser"])
        self.step = int(state["step"])
        self.seconds = float(state["seconds"])


def draw(pieces: list[Piece], chances: NDArray[np.float64], plan: Plan, step: int) -> list[Window]:
    """The windows of one step: the same for the same seed and step, whatever ran before."""
    rng = np.random.default_rng((plan.seed, step))
    return [window_of(pieces[number], rng, plan.variety) for number in rng.choice(len(pieces), plan.batch, p=chances)]


def train(
    pieces: list[Piece], out: Path, plan: Plan, tell: Callable[[dict[str, float]], None], *, threads: int | None = None
) -> Training:
    """Trains on the pieces of the train split, saving into `out` so that a killed run goes on where it was."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if threads:
        torch.set_num_threads(threads)
    training = Training(plan, device)
    saved = out / "training.pt"
    if saved.exists():
        _resume(training, saved)
    learned = [piece for piece in pieces if piece.split is Split.TRAIN]
    tuned = [piece for piece in pieces if piece.split is Split.TUNE]
    chances = weights(learned)
    seen = [0.0, 0.0]
    while training.step < plan.steps:
        began = time.monotonic()
        parts = training.take_step(draw(learned, chances, plan, training.step))
        training.seconds += time.monotonic() - began
        seen = [0.98 * old + 0.02 * new if old else new for old, new in zip(seen, parts, strict=True)]
        if training.step % 25 == 0:
            tell({"step": training.step, "fields": seen[0], "suspicion": seen[1], "seconds": training.seconds})
        if training.step % plan.save_every == 0 or training.step == plan.steps:
            _save(training, saved)
            tell({"step": training.step, "seconds": training.seconds, **measure(training.averaged(), tuned)})
    return training


def _resume(training: Training, saved: Path) -> None:
    try:
        training.restore(torch.load(saved, map_location=training.device, weights_only=True))
    except CheckpointOfAnotherPlan as trouble:
        raise CheckpointOfAnotherPlan(f"{saved}: {trouble}; choose another --out or remove it") from None
    except Exception as trouble:
        raise CheckpointOfAnotherPlan(f"{saved} is damaged or of another version; choose another --out or remove it") from trouble


def _kept(plan: Plan) -> str:
    """What must not change from one run to the next; more steps may be asked for."""
    return json.dumps({key: value for key, value in asdict(plan).items() if key not in ("steps", "save_every")})


def _save(training: Training, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    torch.save(training.state(), beside)
    beside.replace(path)


def measure(network: Network, pieces: list[Piece], windows: int = 64) -> dict[str, float]:
    """Bits per note by family, and how many injected mistakes stand in the top 5 % of their window, on held-out pieces."""
    rng = np.random.default_rng(7)
    plain = Variety(stretch=0, permute=0, louder=0, forget=0, silence=1, unconditioned=0, one_sided=0, swap=0, spans=0)
    variety = replace(plain, mistakes=1.0, spacing=(50.0, 50.0))
    found: dict[str, float] = {}
    for family in Family:
        members = [piece for piece in pieces if piece.scene.family is family]
        if members:
            count = windows if family is Family.OSU else windows // 4
            drawn = [window_of(members[int(number)], rng, variety) for number in rng.integers(len(members), size=count)]
            found.update(_measured(network, drawn, family.name.lower()))
    return found


@torch.no_grad()
def _measured(network: Network, windows: list[Window], name: str) -> dict[str, float]:
    bits, found, total = [], 0.0, 0.0
    for at in range(0, len(windows), 8):
        part = windows[at : at + 8]
        batch, labels, asked = batch_of(part)
        with torch.autocast("cpu", torch.bfloat16):
            scores = network(batch)
        bits.append(float(losses(scores, batch, labels, asked)[0]) / math.log(2))
        for number, window in enumerate(part):
            count = len(window.rows)
            wrong = window.labels[:, -1]
            place = np.argsort(np.argsort(-scores.suspicion[number, :count, -1].float().numpy()))
            found += float((place[wrong] < 0.05 * count).sum())
            total += float(wrong.sum())
    return {f"{name}_bits": float(np.mean(bits)), f"{name}_found_at_5": found / max(total, 1)}


def metrics_line(told: dict[str, float]) -> str:
    return json.dumps({key: round(value, 4) for key, value in told.items()})


def plan_card(plan: Plan) -> dict[str, object]:
    """The plan as the card inside the weights names it."""
    return {**asdict(plan), "fields": [field.name for field in FIELDS], "length": LENGTH}


def tensorboard_writer(folder: str) -> Callable[[dict[str, float]], None]:
    """Hands metrics to TensorBoard; raises ImportError where it is not installed."""
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(folder)

    def write(told: dict[str, float]) -> None:
        for key, value in told.items():
            writer.add_scalar(key, value, int(told.get("step", 0)))

    return write

"""Trains the onset network: so that around every note of a human map the softmax of its answers finds the note's moment."""

# pyright: basic
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import relu

from models.bundled.onset_network import GAIN
from models.bundled.onsets import HOP, band_means, onset_strength, song_delay

# Candidate shifts of a note, and how the truth is spread over the middle ones: mappers place notes to some 2 ms.
SHIFTS = torch.arange(-40.0, 41.0, 5.0)  # ms
TRUTH = ((7, 0.15), (8, 0.7), (9, 0.15))
NOTES_A_STEP = 600
FEWEST_NOTES = 40
# The delays that songs can have, and how well notes must meet onsets before a song teaches: others are on a wrong clock.
DELAYS, MEETING = (-20.0, 50.0), 2.0
JITTER = 1.0  # ms, of the delay
LEARNING_RATE, WEIGHT_DECAY, DROPOUT = 6e-3, 1e-2, 0.15


@dataclass(slots=True)
class Song:
    """A song's features with the heads of all its maps; `delay` is estimated anew while training."""

    heard: Tensor  # (1, 32, frames)
    times: NDArray[np.float64]  # (N,) ms
    delay: float


class OnsetNetwork(nn.Module):
    def __init__(self, channels: int = 24) -> None:
        super().__init__()
        self.first = nn.Conv1d(32, channels, 9, padding=4)
        self.second = nn.Conv1d(channels, 16, 5, padding=2)
        self.last = nn.Conv1d(16, 1, 1)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, heard: Tensor) -> Tensor:
        hidden = self.dropout(relu(self.first(heard)))  # (1, C, frames)
        hidden = self.dropout(relu(self.second(hidden)))  # (1, 16, frames)
        answers: Tensor = self.last(hidden)[0, 0]  # (frames,)
        return answers

    def arrays(self) -> dict[str, NDArray[np.float16]]:
        """The weights as `onset_network.npz` holds them; the last bias says nothing and is left out."""
        state = {name: value.numpy().astype(np.float16) for name, value in self.state_dict().items()}
        kernels = {name: state[f"{name}.weight"].transpose(2, 1, 0) for name in ("first", "second")}  # (width, in, out)
        biases = {f"{name}_bias": state[f"{name}.bias"] for name in ("first", "second")}
        return {**kernels, **biases, "last": state["last.weight"][0, :, 0]}


def song_of(features: NDArray[np.uint8], times: NDArray[np.float64]) -> Song | None:
    """A song to learn from; None where it has few notes or these do not meet its onsets."""
    times = np.unique(np.round(times))
    times = times[(times > 200) & (times < len(features) * HOP - 400)]
    if len(times) < FEWEST_NOTES:
        return None
    onsets = onset_strength(features)
    delay = song_delay(onsets, times)
    frames = np.clip(np.round((times + delay) / HOP), 0, len(onsets) - 1).astype(np.int64)
    if not DELAYS[0] <= delay <= DELAYS[1] or onsets[frames].mean() < MEETING * onsets.mean():
        return None
    heard = torch.from_numpy((features * np.float32(1 / 255) - band_means(features)) * GAIN).T[None].contiguous()
    return Song(heard, times, delay)


def train(songs: Sequence[Song], *, epochs: int = 45, seed: int = 1, report: Callable[[int, float], None]) -> OnsetNetwork:
    """Each step is one song; delays are estimated anew with the network after a quarter, half and three quarters of the way."""
    torch.manual_seed(seed)
    dice = np.random.default_rng(seed)
    network = OnsetNetwork()
    optimiser = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=epochs * len(songs) + 1)
    for epoch in range(epochs):
        network.train()
        total = 0.0
        for number in dice.permutation(len(songs)):
            loss = _loss(network, songs[number], dice)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            total += loss.item()
        report(epoch, total / len(songs))
        if epoch in (epochs // 4, epochs // 2, 3 * epochs // 4):
            _estimate_delays(network, songs)
    return network.eval()


def _loss(network: OnsetNetwork, song: Song, dice: np.random.Generator) -> Tensor:
    times = song.times if len(song.times) <= NOTES_A_STEP else dice.choice(song.times, NOTES_A_STEP, replace=False)
    answers = network(_varied(song.heard, dice))
    moments = torch.from_numpy(times + song.delay + dice.normal(0, JITTER)).float()
    logs = _at(answers, (moments[:, None] + SHIFTS) / HOP).log_softmax(dim=1)  # (N, 17)
    return -sum((share * logs[:, place].mean() for place, share in TRUTH), torch.zeros(()))


def _varied(heard: Tensor, dice: np.random.Generator) -> Tensor:
    """The song louder or softer, through another equaliser, and up to nine bands missing."""
    first, missing = int(dice.integers(0, 33)), int(dice.integers(0, 10))
    kept = torch.ones(1, 32, 1)
    kept[:, first : first + missing] = 0
    return (heard * float(dice.uniform(0.7, 1.3)) + torch.randn(1, 32, 1) * 0.2) * kept


def _at(curve: Tensor, places: Tensor) -> Tensor:
    """`models.bundled.onsets.at` in torch, places in frames."""
    first = places.floor()
    share = places - first
    index = first.long().clamp(1, len(curve) - 3)
    before, left, right, after = (curve[index + step] for step in (-1, 0, 1, 2))
    bend = 2 * before - 5 * left + 4 * right - after + share * (3 * (left - right) + after - before)
    return left + 0.5 * share * (right - before + share * bend)


@torch.no_grad()
def _estimate_delays(network: OnsetNetwork, songs: Sequence[Song]) -> None:
    network.eval()
    for song in songs:
        song.delay = song_delay(network(song.heard).numpy(), song.times)

"""What can go wrong with a model, each with a sentence that a user can act on.

MaimodError
├── WeightsMissing            the file of weights is not there
├── WeightsDamaged            it is there and cannot be read
├── WeightsOfAnotherVersion   it was made for other fields than these
├── CheckpointOfAnotherPlan   training cannot go on from it
└── UnreadableAudio           the song cannot be decoded
"""

from __future__ import annotations


class MaimodError(Exception):
    """Anything that is told to the user as it stands."""


class WeightsMissing(MaimodError):
    """The file of weights is not there."""


class WeightsDamaged(MaimodError):
    """The file of weights cannot be read."""


class WeightsOfAnotherVersion(MaimodError):
    """The weights were made for other fields than this program has."""


class CheckpointOfAnotherPlan(MaimodError):
    """A training run cannot go on from the checkpoint."""


class UnreadableAudio(MaimodError):
    """The song's bytes cannot be decoded, or last too long."""

"""What can go wrong beneath the server, each message one sentence for the user.

MaimodError
└── UnreadableAudio    the song's bytes cannot be decoded
"""

from __future__ import annotations


class MaimodError(Exception):
    """Something that maimod says to the user in one sentence."""


class UnreadableAudio(MaimodError):
    """The song's bytes cannot be decoded, or last too long."""

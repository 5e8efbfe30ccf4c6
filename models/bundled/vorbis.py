"""Songs in the format that every game plays, for files that one of them does not."""

# pyright: reportMissingTypeStubs=false
from __future__ import annotations

from io import BytesIO

from models.bundled.audio import BLOCK, LONGEST
from models.errors import UnreadableAudio


def as_vorbis(data: bytes) -> bytes:
    """An audio file's sound as Ogg Vorbis, at its own rate with at most two channels. Raises `UnreadableAudio`."""
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise UnreadableAudio(f"the audio cannot be decoded, because a library is missing: {error}") from error
    written = BytesIO()
    try:
        with soundfile.SoundFile(BytesIO(data)) as song:
            channels = min(song.channels, 2)
            with soundfile.SoundFile(written, "w", song.samplerate, channels, format="OGG", subtype="VORBIS") as other:
                for _ in range(LONGEST * song.samplerate * 8 // BLOCK + 1):
                    # Long blocks overflow the stack of older encoders.
                    block = song.read(BLOCK // 8, dtype="float32", always_2d=True)
                    if not len(block):
                        break
                    other.write(block[:, :channels])
    except (RuntimeError, ValueError, TypeError) as error:
        raise UnreadableAudio(f"the audio cannot be written as Ogg Vorbis: {error}") from error
    return written.getvalue()

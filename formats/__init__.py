"""Maps as lossless text: `.osu`, `.chart`, `song.ini`, spans, edits, timing, curves. Standard library only."""

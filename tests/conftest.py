"""Property tests look for new examples on a developer's machine and repeat known ones where a change is decided."""

from __future__ import annotations

import os

from hypothesis import settings

# This guards against a machine that is slow for a moment, which says nothing about the code.
settings.register_profile("explore", deadline=None)
settings.register_profile("repeat", deadline=None, derandomize=True)
settings.load_profile("repeat" if os.environ.get("CI") else "explore")

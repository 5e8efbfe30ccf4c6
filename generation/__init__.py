"""Writes parts of a map anew: proposals of edits with what they would cause. Never writes files."""

"""Edits of stories: merge, split, rename."""

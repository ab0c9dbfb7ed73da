"""Kinds of story, a file each: what the kind is, the states a story of it can be in, and the phase of each state."""

from bot.kinds.load import Kind, KindState, describe_kinds, load_kinds, shipped_kinds

__all__ = ["Kind", "KindState", "describe_kinds", "load_kinds", "shipped_kinds"]

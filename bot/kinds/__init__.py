"""Kinds of story, one file each: description, states, and the phase of each state."""

from bot.kinds.load import Kind, KindState, describe_kinds, load_kinds, shipped_kinds

__all__ = ["Kind", "KindState", "describe_kinds", "load_kinds", "shipped_kinds"]

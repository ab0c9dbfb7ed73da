"""Briefings as channels show them."""

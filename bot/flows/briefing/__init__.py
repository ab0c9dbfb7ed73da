"""Briefings: gathered, written and assembled for one channel."""

"""Briefings: from stories to a cited document."""

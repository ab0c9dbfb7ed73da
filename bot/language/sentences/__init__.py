"""Sentences: where they end, what they quote, and whether they can stand alone."""

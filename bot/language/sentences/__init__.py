"""Sentences: borders, quotations, and whether one can be understood alone."""

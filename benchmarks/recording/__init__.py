"""Recorded replies of models: made by hand, kept under new keys, replayed."""

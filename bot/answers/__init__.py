"""Answers from the archive: read a question, rank passages, measure whether they answer. Pure steps."""

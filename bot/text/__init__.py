"""What every step knows of written language: sentences, words, numbers, dates, names. Pure functions."""

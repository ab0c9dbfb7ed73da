"""Messages in plain words: what they ask for, and whether they are answered there."""

"""Story updates read by a language model: what it is shown, what it may answer, what of it is kept."""

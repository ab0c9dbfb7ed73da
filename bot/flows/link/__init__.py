"""Links and articles that a person names: read, briefed, compared with what is known."""

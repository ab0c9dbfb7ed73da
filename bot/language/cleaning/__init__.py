"""Cleaning of text from outside: characters, page furniture, links."""

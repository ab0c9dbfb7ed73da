"""Reads from a text what is checked: words, numbers, days, names with their places, speakers."""

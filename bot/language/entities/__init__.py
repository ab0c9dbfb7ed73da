"""Whom and what a text names: proper names, the roles of people, words for countries and governments."""

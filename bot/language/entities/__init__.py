"""Entities that a text names: proper names, roles of people, words for countries and governments."""

"""The bot's own words, a module a language."""

"""The bot's own words: a module for each language, and two files with all of them."""

"""The bot's own texts: one module for each language, and two files for all of them."""

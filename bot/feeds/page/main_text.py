"""Find the text of an article in its page; a module of its own, because its library loads slowly and only workers need it."""

from __future__ import annotations

import lxml.html
import trafilatura
from trafilatura.settings import Extractor, use_config

from bot.language.furniture import read_rules

# A worker reads them before its first page, whose time is bounded.
read_rules()
_CONFIG = use_config()
_CONFIG.set("DEFAULT", "MIN_EXTRACTED_SIZE", "150")
_CONFIG.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")  # our worker's deadline is the time-out
_OPTIONS = Extractor(config=_CONFIG, fast=True, comments=False, tables=True)  # read-only, and slow to make


def main_text(tree: lxml.html.HtmlElement) -> str:
    """Return the paragraphs of the article in the page ``tree``, a line each; nothing where none is found."""
    found = trafilatura.extract(tree, options=_OPTIONS)
    return str(found or "")

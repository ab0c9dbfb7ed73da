"""Refuse what no statement of a briefing holds: addresses, mentions, markup, and words that come from nowhere. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.evidence.check import strangers
from bot.evidence.proposed import FieldKind, ProposedField
from bot.language.cleaning.invisible import visible
from bot.model.news import Article
from bot.model.record import Checked, Disposition, Verdict

_MARKUP = re.compile(
    "[a-z][a-z0-9+.-]{1,20}://|www\\.|<[@#!/a-z]|[<>]{2}|@(?:everyone|here|channel)\\b|\\]\\(|```",
    re.IGNORECASE,
)


def smuggled(field: ProposedField, articles: Iterable[Article]) -> Checked | None:
    """Return the refusal of a field that holds markup, or words that no article of its story has; else None."""
    parts = (field.text, field.who, field.role, field.value, field.unit, field.when)
    if any(_MARKUP.search(part) or visible(part) != part for part in parts):
        return _refused(field, "markup", ())
    if field.kind in {FieldKind.QUESTION, FieldKind.STATE}:
        return None  # a question asks for what no article has; a state's words are ours
    known = tuple(articles)
    # Of who says it, every word is the article's own.
    foreign = (
        strangers(field.who, known, most=0) or strangers(field.text, known) or strangers(field.role, known)
    )
    return _refused(field, "foreign", foreign) if foreign else None


def _refused(field: ProposedField, reason: str, words: tuple[str, ...]) -> Checked:
    verdict = Verdict(passed=False, reason=reason, words=words, citations=field.citations)
    return Checked(field=field.path, text=field.text, verdict=verdict, fate=Disposition.DROPPED)

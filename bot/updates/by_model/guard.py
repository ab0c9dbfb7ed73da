"""Refuse forbidden content of fields: addresses, mentions, markup, words that no article has, lines too short. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.evidence.foreign import foreign_words
from bot.evidence.proposed import FieldKind, ProposedField
from bot.language.cleaning.markup import has_markup
from bot.language.entities.names import find_names
from bot.language.rules import load_rules
from bot.language.sentences.clauses import word_count
from bot.model.news import Article
from bot.model.record import Checked, Disposition, Verdict

MAX_OPEN_QUESTION_CHARS = 120  # of a question
# Allowed first words of a question; any other first word must be in the articles.
_ASKING = load_rules("en", "questions").words["question opener"]
MIN_CARRIED_LINE_WORDS, MIN_CARRIED_LINE_CHARS = (
    3,
    12,
)  # of a line: what is below both is none that sentences could carry
_LINES = frozenset(
    {FieldKind.HEADLINE, FieldKind.STATUS, FieldKind.FACT, FieldKind.SIDE, FieldKind.BACKGROUND}
)
_NUMBERED_NAME = re.compile(r"\b[A-Z][A-Za-z]*-?\d{1,4}\b")
_FACTS = re.compile(r"[\d“”\"%$€£]")


def foreign_content(field: ProposedField, articles: Iterable[Article]) -> Checked | None:
    """Return the refusal of a field with markup, or with words that no article of its story has; else None."""
    parts = (field.text, field.who, field.role, field.value, field.unit, field.when)
    if any(map(has_markup, parts)):
        return _refused(field, "markup", ())
    if field.kind is FieldKind.STATE:
        return None  # its words are ours
    known = tuple(articles)
    if field.kind is FieldKind.QUESTION:
        return None if asks_plainly(field.text, known) else _refused(field, "question", ())
    if (
        field.kind in _LINES
        and word_count(field.text) < MIN_CARRIED_LINE_WORDS
        and len(field.text) < MIN_CARRIED_LINE_CHARS
    ):
        return _refused(field, "short", ())
    # Of who says it, every word is the article's own.
    foreign = (
        foreign_words(field.who, known, most=0)
        or foreign_words(field.text, known)
        or foreign_words(field.role, known)
    )
    return _refused(field, "foreign", foreign) if foreign else None


def is_plain(text: str, articles: Sequence[Article]) -> bool:
    """Tell whether ``text`` holds neither markup nor words that none of ``articles`` has."""
    return not has_markup(text) and not foreign_words(text, articles)


def asks_plainly(question: str, articles: Sequence[Article]) -> bool:
    """Return whether ``question`` is a question without facts: short, no number, no quotation, no new name."""
    if not question.endswith("?") or len(question) > MAX_OPEN_QUESTION_CHARS:
        return False
    said = "\n".join(text for a in articles for text in (a.title, *(s.text for s in a.sentences)))
    # A number that is part of a name, as in "Galaxy S9", is no fact.
    plain = _NUMBERED_NAME.sub(lambda name: "" if name[0] in said else name[0], question)
    if has_markup(question) or _FACTS.search(plain) or foreign_words(question, articles):
        return False
    return _begins_as_one(question, said) and all(n.text in said for n in find_names(question) if n.start)


def _begins_as_one(question: str, said: str) -> bool:
    """Return whether the first word of ``question`` is a question word, or is in the articles."""
    first, *rest = question.rstrip("?").split() or [""]
    if not first or (first.casefold().strip(",’'") not in _ASKING and first not in said):
        return False
    # At the beginning a capital says nothing: "Which Israeli" is a word of asking and a name.
    name = next((name for name in find_names(question) if name.start == 0), None)
    return name is None or not rest or " ".join(name.text.split()[1:]) in said


def _refused(field: ProposedField, reason: str, words: tuple[str, ...]) -> Checked:
    verdict = Verdict(passed=False, reason=reason, words=words, citations=field.citations)
    return Checked(field=field.path, text=field.text, verdict=verdict, disposition=Disposition.DROPPED)

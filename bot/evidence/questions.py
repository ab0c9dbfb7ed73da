"""Searches all sentences of a story for the answer to an open question."""

from __future__ import annotations

from collections.abc import Iterable

from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import facts_of
from bot.evidence.reading.synonyms import FRAME, REPORTING_STEMS, carried, content
from bot.language.rules import load_rules
from bot.language.words import stem
from bot.model.news import Article, Sentence

ANSWER_SHARE = 0.8  # of the words of a question that one sentence has, or with the sentence beside it
MIN_QUESTION_TERMS = 3  # words of a question below which a sentence must have all
MAX_SEARCHED_SENTENCES = 2_000  # sentences searched; beyond them a question is not printed
_RULES = load_rules("en", "questions")
GENERIC = frozenset(stem(word) for word in _RULES.words["generic"])
_ASKS = ("how many", "when", "where", "who", "why", "how", "whether")


def answered(question: str, articles: Iterable[Article]) -> str:
    """Return the first sentence of ``articles`` that answers ``question``, empty if none does.

    A sentence answers if it has most words of the question and the kind of thing asked for: a number for "how many", a day for
    "when", a name for "who". For a question without content words, and if there are more sentences than are searched, the question
    itself is returned, so that it is not printed.
    """
    asked = asked_for(question)
    terms = frozenset(content(question)) - REPORTING_STEMS - FRAME - GENERIC
    if not terms:
        return question
    searched = 0
    for article in articles:
        for before, sentence in _with_the_one_before(article):
            searched += 1
            if searched > MAX_SEARCHED_SENTENCES:
                return question
            if _answers(terms, asked, facts_of(article, sentence.text), before, question=question):
                return sentence.text
    return ""


def asked_for(question: str) -> str:
    """Return what ``question`` asks for: how many, when, where, who, why, how, whether; empty if it is unclear."""
    return next((sense for sense in _ASKS if _RULES.has(f"asks {sense}", question[:400])), "")


def _with_the_one_before(article: Article) -> Iterable[tuple[str, Sentence]]:
    before = article.title
    for sentence in article.sentences:
        yield before, sentence
        before = sentence.text


def _answers(terms: frozenset[str], asked: str, facts: Facts, before: str, *, question: str) -> bool:
    if not _holds(asked, facts, question=question):
        return False
    own = {t for t in terms if carried(t, facts.terms)}
    beside = {t for t in terms if carried(t, content(before))}
    if not asked or len(terms) < MIN_QUESTION_TERMS:  # little to go by: all of it has to be there
        return len(own) == len(terms) and bool(asked or len(terms) > 1)
    if len(own) >= ANSWER_SHARE * len(terms):
        return True
    return len(own) * 2 > len(terms) and len(own | beside) == len(terms)


def _holds(asked: str, facts: Facts, *, question: str) -> bool:
    """Tell whether ``facts`` hold the sort of thing that is asked for, and do not say that it is unknown."""
    if _RULES.has("unknown", facts.text):
        return False
    if asked == "how many":
        return any(not count.year and not count.ordinal for count in facts.counts)
    if asked == "when":
        return bool(facts.days or facts.times) or _RULES.has("tells when", facts.text)
    if asked in {"who", "where"}:
        return any(name.text not in question for name in facts.names) or _RULES.has(
            f"tells {asked}", facts.text
        )
    if asked in {"why", "how"}:
        return _RULES.has(f"tells {asked}", facts.text)
    return True

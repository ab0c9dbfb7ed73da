"""The ground of a statement: the sentences it cites, the text around them, and the countries and names in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.evidence.reading.facts import Facts, read
from bot.language.entities.demonyms import country_of, governed_from
from bot.language.sentences.quotations import plain
from bot.language.text_cache import text_cached
from bot.model.news import Article, Citation

ANTECEDENT_SENTENCES_BEFORE = 2  # sentences before a cited one that may say who "he" is
ANTECEDENT_LEAD_SENTENCES = 2  # first sentences of an article that may say so, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The ground of a statement: what it is compared with.

    ``facts`` are the cited sentences, ``before`` for each the two before it (the nearest first), ``around`` the title, the lead and nearby sentences that may say whom they mean, ``beside`` the sentences directly
    before and after, ``running`` the cited sentences of each article as one plain text.
    """

    facts: tuple[Facts, ...]
    before: tuple[tuple[Facts, ...], ...]
    around: tuple[Facts, ...]
    beside: tuple[Facts, ...]
    running: tuple[str, ...]
    articles: tuple[Article, ...]

    def whole(self) -> Iterable[Facts]:
        """Yield all sentences of the cited articles."""
        for article in self.articles:
            for sentence in article.sentences:
                yield facts_of(article, sentence.text)


def facts_of(article: Article, text: str) -> Facts:
    """Return the facts of ``text``, with days resolved from the date of ``article``."""
    return facts_at(article, text, article.dated_at)


def facts_at(article: Article, text: str, at: datetime | None) -> Facts:
    """Return the facts of ``text``, with days resolved from ``at`` (aware) by the clock and the language of ``article``."""
    return read(text, at, article.utc_offset, article.language or "en")


def ground_of(citations: Sequence[Citation], *, articles: Mapping[tuple[str, int], Article]) -> Ground:
    """Return the ground of ``citations``, which exist in ``articles``."""
    facts, before, around, beside, running, cited = [], [], [], [], [], []
    for citation in citations:
        article = articles[citation.article_id, citation.revision]
        numbers = sorted(set(citation.sentences))
        own = [facts_of(article, article.sentence(n).text) for n in numbers]
        near = {m for n in numbers for m in range(n - ANTECEDENT_SENTENCES_BEFORE, n)} | set(
            range(1, ANTECEDENT_LEAD_SENTENCES + 1)
        )
        next_to = {m for n in numbers for m in (n - 2, n - 1, n + 1)}
        around += [facts_of(article, article.title)] if article.title else []
        around += [_at(article, m) for m in sorted(near - set(numbers)) if 1 <= m <= len(article.sentences)]
        beside += [
            _at(article, m) for m in sorted(next_to - set(numbers)) if 1 <= m <= len(article.sentences)
        ]
        facts += own
        before += [tuple(_at(article, m) for m in (n - 1, n - 2) if m >= 1) for n in numbers]
        running.append(" ".join(article.sentence(n).text for n in numbers))
        cited.append(article)
    return Ground(
        facts=tuple(facts),
        before=tuple(before),
        around=tuple(around),
        beside=tuple(beside),
        running=tuple(plain(text) for text in running),
        articles=tuple(cited),
    )


def _at(article: Article, number: int) -> Facts:
    return facts_of(article, article.sentence(number).text)


@text_cached(maxsize=4_096)
def countries(words: tuple[str, ...]) -> frozenset[str]:
    """Return the countries named in folded ``words``, whether by name, people or capital."""
    found = set()
    i = 0
    while i < len(words):
        for size in (5, 4, 3, 2, 1):  # "North Korea" is not Korea
            phrase = " ".join(words[i : i + size]).replace(".", "")
            country = country_of(phrase) or governed_from(phrase)
            if country and i + size <= len(words):
                found.add(country)
                i += size
                break
        else:
            i += 1
    return frozenset(found)


def country_named(words: tuple[str, ...]) -> str:
    """Return the country that all of ``words`` together name, else an empty string."""
    phrase = " ".join(words).replace(".", "")
    return country_of(phrase) or governed_from(phrase)

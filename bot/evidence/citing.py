"""The sentences that a statement cites, and other sentences that may support it instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from bot.evidence.reading.synonyms import REPORTING_STEMS, content
from bot.model.news import TITLE_NUMBER, Article, Citation

MAX_SENTENCES_PER_STATEMENT = 12  # sentences a statement may cite
MAX_REPAIR_CANDIDATES = 5  # sentences tried for a repair, alone and two by two
MAX_CITATIONS_WITH_NEIGHBOURS = 2  # of them, tried with the sentence before and behind
MAX_REPAIR_SENTENCES = 600  # given sentences looked through for a repair

Articles = Mapping[tuple[str, int], Article]
ShownSentences = Mapping[tuple[str, int], frozenset[int]] | None


def known_citations(
    citations: Sequence[Citation], *, articles: Articles, given: ShownSentences
) -> list[Citation]:
    """Return ``citations`` with the sentences that exist and were given, without those that have none."""
    found, left = [], MAX_SENTENCES_PER_STATEMENT
    for citation in citations:
        key = (citation.article_id, citation.revision)
        article = articles.get(key)
        if article is None or left <= 0:
            continue
        shown = given.get(key, frozenset()) if given is not None else None
        kept = tuple(
            n for n in dict.fromkeys(citation.sentences) if article.has(n) and (shown is None or n in shown)
        )[:left]
        left -= len(kept)
        if kept:
            found.append(
                citation
                if kept == citation.sentences
                else Citation(article_id=key[0], revision=key[1], sentences=kept)
            )
    return found


def are_neighbours(citations: Sequence[Citation]) -> bool:
    """Return whether ``citations`` are consecutive sentences of one article, which may support a clause together."""
    numbers_ = citations[0].sentences
    return len(citations) == 1 and max(numbers_) - min(numbers_) < len(numbers_)


def other_citations(
    text: str, cited: Sequence[Citation], *, articles: Articles, given: ShownSentences, titles: bool = False
) -> Iterator[tuple[Citation, ...]]:
    """Yield other citations that may support ``text``, likeliest first: single sentences, then two together, then given ``titles``."""
    wanted = content(text) - REPORTING_STEMS
    if not wanted:
        return
    scored: list[tuple[float, int, tuple[str, int], int]] = []
    order = 0
    for key, article in articles.items():
        shown = given.get(key, frozenset()) if given is not None else None
        for sentence in article.sentences:
            if shown is not None and sentence.number not in shown:
                continue
            order += 1
            if order > MAX_REPAIR_SENTENCES:
                break
            share = len(wanted & content(sentence.text)) / len(wanted)
            if share >= 0.25:
                scored.append((-share, order, key, sentence.number))
    best = sorted(scored)[:MAX_REPAIR_CANDIDATES]
    singles = [(Citation(article_id=key[0], revision=key[1], sentences=(n,)),) for _, _, key, n in best]
    already = tuple(cited)
    yield from (single for single in singles if single != already)
    yield from _with_neighbours(singles, articles=articles, given=given)
    for (one,), (other,) in combinations(singles, 2):
        yield _together(one, other)
    if titles and given is not None:
        yield from (
            (article.cite(TITLE_NUMBER),)
            for key, article in articles.items()
            if TITLE_NUMBER in given.get(key, frozenset()) and article.has(TITLE_NUMBER)
        )


def _with_neighbours(
    singles: Sequence[tuple[Citation, ...]], *, articles: Articles, given: ShownSentences
) -> Iterator[tuple[Citation, ...]]:
    """Yield the likeliest sentences with the one before or behind them."""
    for (single,) in singles[:MAX_CITATIONS_WITH_NEIGHBOURS]:
        key, [n] = (single.article_id, single.revision), single.sentences
        shown = given.get(key, frozenset()) if given is not None else None
        for other in (n - 1, n + 1):
            if 1 <= other <= len(articles[key].sentences) and (shown is None or other in shown):
                pair = (min(n, other), max(n, other))
                yield (Citation(article_id=key[0], revision=key[1], sentences=pair),)


def _together(one: Citation, other: Citation) -> tuple[Citation, ...]:
    if (one.article_id, one.revision) == (other.article_id, other.revision):
        numbers_ = tuple(sorted({*one.sentences, *other.sentences}))
        return (Citation(article_id=one.article_id, revision=one.revision, sentences=numbers_),)
    return (one, other)

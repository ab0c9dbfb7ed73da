"""Choose the sentences that tell a story: central, early, and each saying something the others do not. Pure.

Measured on reference summaries, tf-idf centroid with position and redundancy control equals the first three
sentences and beats graph methods, so a good extract starts from the lead and removes what repeats.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.language.sentences.calm import calm
from bot.language.sentences.clauses import finite, lead_free, tidy, word_count
from bot.language.sentences.quotable import is_background, is_quotable, shouts
from bot.language.sentences.self_contained import is_furniture
from bot.language.similarity import is_copy, is_restated, similarity
from bot.language.words import content_terms
from bot.model.news import Article, Sentence

MAX_BULLET_CHARS = (
    260  # characters of a quoted sentence: it is whole or not told, and one in ten leads has more than 200
)
MIN_BULLET_WORDS = 6
MAX_READ_SENTENCES = 40  # sentences of an article that are considered
POSITION_WEIGHT = 1.2  # weight of standing early, against 1 for being central
TITLE_WEIGHT = 0.5  # weight of saying what the article's title says
QUOTATION_WEIGHT = (
    0.3  # weight taken from a sentence that begins with somebody's words: mostly no news, but a comment on it
)
BACKGROUND_WEIGHT = 0.3  # weight taken from what lies long back
REDUNDANCY_WEIGHT = 0.7  # weight of similarity to what is chosen already
NEWS_WEIGHT = 0.5  # weight of the share of a sentence's words that nothing known has
REPEATED_BULLET_SIMILARITY = 0.42  # similarity from which two bullets say the same

_QUOTES = "“„«\"‘'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """One sentence of one article."""

    text: str
    article: Article
    sentence: Sentence


def choose(
    articles: Sequence[Article], *, limit: int, known: Iterable[str], used: Sequence[str] = ()
) -> list[Extract]:
    """Return up to ``limit`` extracts, most important first; none says what ``known`` or another one says.

    The sentences ``used`` are told elsewhere in the same brief and are left out, and so are copies of them.
    """
    pool = [
        extract
        for article in articles
        for sentence in article.sentences[:MAX_READ_SENTENCES]
        if not any(sentence.text == text or is_copy(sentence.text, text) for text in used)
        and (extract := standing_alone(article, sentence))
    ]
    vectors = [Counter(content_terms(e.text, language=e.article.language or "en")) for e in pool]
    centre = _centre(articles)
    said = [t for t in known if t]
    old = frozenset(term for text in said for term in content_terms(text))
    scores = [
        _importance(e, v, centre) + (NEWS_WEIGHT * _share_of_news(v, old) if old else 0.0)
        for e, v in zip(pool, vectors, strict=True)
    ]
    chosen: list[Extract] = []
    open_ = {i for i, vector in enumerate(vectors) if vector}
    while open_ and len(chosen) < limit:
        best = max(
            open_,
            key=lambda i: (
                scores[i]
                - REDUNDANCY_WEIGHT * max((similarity(pool[i].text, c.text) for c in chosen), default=0.0),
                -i,
            ),
        )
        open_.discard(best)
        extract = pool[best]
        if is_restated(extract.text, said) or any(
            similarity(extract.text, c.text) >= REPEATED_BULLET_SIMILARITY for c in chosen
        ):
            continue
        chosen.append(extract)
    return chosen


def standing_alone(article: Article, sentence: Sentence) -> Extract | None:
    """Return ``sentence`` where a reader understands it by itself and it is news, or None.

    It is quoted whole: all that may go is a dateline, a conjunction before it and capitals that only shout.
    """
    text = calm(tidy(lead_free(sentence.text)), article)
    language = article.language or "en"
    if (
        len(text) > MAX_BULLET_CHARS
        or (word_count(text) < MIN_BULLET_WORDS and text.isascii())
        or is_furniture(text)
        or shouts(sentence.text)
        or not is_quotable(text, language=language)
        or (language == "en" and not finite(text))
    ):
        return None
    return Extract(text=text, article=article, sentence=sentence)


def _centre(articles: Sequence[Article]) -> dict[str, float]:
    """Return the weight of each term: in how many articles and how early it stands."""
    weights: Counter[str] = Counter()
    for article in articles:
        language = article.language or "en"
        seen: Counter[str] = Counter(content_terms(article.title, language=language) * 3)
        for sentence in article.sentences[:MAX_READ_SENTENCES]:
            seen.update(content_terms(sentence.text, language=language))
        norm = math.sqrt(sum(n * n for n in seen.values())) or 1.0
        for term, count in seen.items():
            weights[term] += count / norm  # type: ignore[assignment]  # a Counter of weights
    return dict(weights)


def _share_of_news(vector: Counter[str], old: Collection[str]) -> float:
    return sum(1 for term in vector if term not in old) / len(vector) if vector else 0.0


def _importance(extract: Extract, vector: Counter[str], centre: dict[str, float]) -> float:
    if not vector:
        return 0.0
    norm = math.sqrt(sum(n * n for n in vector.values()))
    length = math.sqrt(sum(w * w for w in centre.values())) or 1.0
    central = sum(n * centre.get(t, 0.0) for t, n in vector.items()) / norm / length
    language = extract.article.language or "en"
    title = set(content_terms(extract.article.title, language=language))
    titled = len(title & vector.keys()) / len(title) if title else 0.0
    score = central + TITLE_WEIGHT * titled + POSITION_WEIGHT / math.sqrt(extract.sentence.number)
    if extract.text[0] in _QUOTES:
        score -= QUOTATION_WEIGHT
    if is_background(extract.text, language=language):
        score -= BACKGROUND_WEIGHT
    return score

"""Choose the sentences that tell a story: central, early, and each saying something the others do not. Pure.

Measured on reference summaries, tf-idf centroid with position and redundancy control equals the first three
sentences and beats graph methods, so a good extract starts from the lead and removes what repeats.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.language.sentences.clauses import balanced, finite, lead_free, parts, tidy, word_count
from bot.language.sentences.self_contained import addresses_reader, is_furniture, is_statement, points_back
from bot.language.similarity import is_copy, is_restated, similarity
from bot.language.words import content_terms
from bot.model.news import Article, Sentence

MAX_BULLET_CHARS = 200  # characters
MIN_BULLET_WORDS = 6
MAX_READ_SENTENCES = 40  # sentences of an article that are considered
POSITION_WEIGHT = 0.6  # weight of standing early, against 1 for being central
REDUNDANCY_WEIGHT = 0.7  # weight of similarity to what is chosen already
REPEATED_BULLET_SIMILARITY = 0.42  # similarity from which two bullets say the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """A clean part of one sentence of one article."""

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
    scores = [_importance(e, v, centre) for e, v in zip(pool, vectors, strict=True)]
    said = [t for t in known if t]
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
    """Return the longest clean part of ``sentence`` that a reader understands by itself, or None."""
    whole = tidy(lead_free(sentence.text))
    if is_furniture(whole) or not is_statement(sentence.text):
        return None
    for part in (whole, *parts(sentence.text)):
        text = tidy(part)
        if (
            len(text) <= MAX_BULLET_CHARS
            and (word_count(text) >= MIN_BULLET_WORDS or not text.isascii())
            and balanced(text)
            and not points_back(text)
            and not addresses_reader(text)
            and (article.language not in {"", "en"} or finite(text))
        ):
            return Extract(text=text, article=article, sentence=sentence)
    return None


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


def _importance(extract: Extract, vector: Counter[str], centre: dict[str, float]) -> float:
    if not vector:
        return 0.0
    norm = math.sqrt(sum(n * n for n in vector.values()))
    length = math.sqrt(sum(w * w for w in centre.values())) or 1.0
    central = sum(n * centre.get(t, 0.0) for t, n in vector.items()) / norm / length
    return central + POSITION_WEIGHT / math.sqrt(extract.sentence.number)

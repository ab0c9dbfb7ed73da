"""Choose the sentences that tell a story: those an editor would most likely tell, each saying something the others do not. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.language.sentences.calm import calm
from bot.language.sentences.clauses import finite, lead_free, tidy, word_count
from bot.language.sentences.quotable import (
    NOTHING_KNOWN,
    Surroundings,
    is_quotable,
    opens_with_self,
    shouts,
    surroundings_of,
)
from bot.language.sentences.self_contained import is_furniture, is_live_entry
from bot.language.similarity import is_copy, is_restated, similarity
from bot.model.news import Article, Sentence
from bot.updates.by_rules.leads import MAX_LEAD_CHARS, has_only_leads, is_spaced, lead_of
from bot.updates.by_rules.worth import MAX_READ_SENTENCES, SentenceMeasure, worth

MAX_BULLET_CHARS = (
    260  # characters of a quoted sentence: it is whole or not told, and one in ten leads has more than 200
)
MIN_BULLET_WORDS = 6
MIN_ENTRIES = 3  # of a live page, each with its clock
REPEATING_WEIGHT = 2.0  # log odds taken from a sentence for each whole similarity to one chosen before
REPEATED_BULLET_SIMILARITY = 0.42  # similarity from which two bullets say the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """One sentence of one article."""

    text: str
    article: Article
    sentence: Sentence


def choose(
    articles: Sequence[Article],
    *,
    limit: int,
    known: Iterable[str],
    used: Sequence[str] = (),
    least: float = -math.inf,
) -> list[Extract]:
    """Return up to ``limit`` extracts, most worth telling first; none says what ``known`` or another one says.

    The sentences ``used`` are told elsewhere in the same brief and are left out, and so are copies of them. Beside the
    first one only those are told whose worth (log odds), less what they repeat, is at ``least`` so much.
    """
    pool = [
        extract
        for article in articles
        if not is_live_page(article)
        for around in (surroundings_of(article),)
        for sentence in _candidates(article)
        if not any(sentence.text == text or is_copy(sentence.text, text) for text in used)
        and (extract := standing_alone(article, sentence, known=around))
    ]
    said = [t for t in known if t]
    measure = SentenceMeasure(articles, known=said)
    fresh = [extract for extract in pool if not is_restated(extract.text, said)]
    worths = [worth(measure.features(e.text, article=e.article, sentence=e.sentence)) for e in fresh]
    return [fresh[i] for i in best_places([e.text for e in fresh], worths, limit=limit, least=least)]


def _candidates(article: Article) -> Sequence[Sentence]:
    """Return the sentences of ``article`` that may be told: of one in a language without rules its lead alone."""
    return lead_of(article) if has_only_leads(article) else article.sentences[:MAX_READ_SENTENCES]


def is_live_page(article: Article) -> bool:
    """Tell whether ``article`` was written while something happened: its entries tell what was so for minutes."""
    return sum(is_live_entry(sentence.text) for sentence in article.sentences) >= MIN_ENTRIES


def best_places(texts: Sequence[str], worths: Sequence[float], *, limit: int, least: float) -> list[int]:
    """Return the places of up to ``limit`` of ``texts``, the most worth first: what repeats one before it is worth less.

    Beside the first one only those are taken whose worth, less what they repeat, is at ``least`` so much.
    """
    repeats = dict.fromkeys(range(len(texts)), 0.0)
    chosen: list[int] = []
    while repeats and len(chosen) < limit:
        left = {place: worths[place] - REPEATING_WEIGHT * repeated for place, repeated in repeats.items()}
        best = max(left, key=lambda place: (left[place], -place))
        if chosen and left[best] < least:
            break
        chosen.append(best)
        alike = {p: max(seen, similarity(texts[p], texts[best])) for p, seen in repeats.items() if p != best}
        repeats = {p: seen for p, seen in alike.items() if seen < REPEATED_BULLET_SIMILARITY}
    return chosen


def standing_alone(
    article: Article, sentence: Sentence, *, known: Surroundings = NOTHING_KNOWN
) -> Extract | None:
    """Return ``sentence`` where a reader understands it by itself, or by what is ``known``, and it is news; else None.

    It is quoted whole: all that may go is a dateline, a conjunction before it and capitals that only shout.
    """
    text = calm(tidy(lead_free(sentence.text)), article)
    language = article.language or "en"
    if (
        len(text) > (MAX_LEAD_CHARS if has_only_leads(article) else MAX_BULLET_CHARS)
        or (word_count(text) < MIN_BULLET_WORDS and is_spaced(text))
        or is_furniture(text)
        or shouts(sentence.text)
        or opens_with_self(text, language=language)
        or not is_quotable(text, language=language, known=known)
        or (language == "en" and not finite(text))
    ):
        return None
    return Extract(text=text, article=article, sentence=sentence)

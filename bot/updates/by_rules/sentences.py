"""Choose the sentences that are quoted for a story: those an editor would most likely choose, without repetition. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.language.dates.resolve import days_ahead
from bot.language.sentences.calm import calm
from bot.language.sentences.clauses import lead_free, tells, tidy, word_count
from bot.language.sentences.quotable import (
    NOTHING_KNOWN,
    Surroundings,
    closed_quotation,
    is_background,
    is_quotable,
    opens_with_self,
    shouts,
    surroundings_of,
)
from bot.language.sentences.quotations import quotations
from bot.language.sentences.self_contained import is_furniture, is_live_entry
from bot.language.similarity import figures, held_share, is_copy, is_restated, similarity
from bot.language.words import content_terms
from bot.model.news import Article, Sentence
from bot.updates.by_rules.days import (
    find_days,
    is_of_earlier,
    names_near_day,
    opens_with_earlier_year,
    tells_of_days,
)
from bot.updates.by_rules.genre import is_no_news, is_report
from bot.updates.by_rules.introduced import has_unexplained_initials, speaks_unintroduced
from bot.updates.by_rules.leads import LEAD_SENTENCES, MAX_LEAD_CHARS, has_only_leads, is_spaced, lead_of
from bot.updates.by_rules.titles import is_live_title, tells_of_no_day
from bot.updates.by_rules.worth import MAX_READ_SENTENCES, SentenceMeasure, worth

MAX_BULLET_CHARS = (
    260  # characters of a quoted sentence: it is whole or not told, and one in ten leads has more than 200
)
MAX_TITLE_LEAD_CHARS, MIN_LEAD_SHARE = 330, 0.4  # of a sentence that holds such a share of the title's terms
MIN_BULLET_WORDS = 6
# Of the terms of a sentence: from it on one without another figure says what the headline says.
MIN_SAID_BY_HEADLINE_SHARE = 0.5
MIN_TITLE_RETOLD_SHARE = 0.75  # of the terms of a headline: from it on a sentence tells the same news
MIN_LEAD_TERMS = (
    5  # words of a first sentence that the lines above have not: from it on it is told below them
)
MIN_ENTRIES = 3  # of a live page, each with its clock
REPEATING_WEIGHT = 2.0  # log odds taken from a sentence for each whole similarity to one chosen before
REPEATED_BULLET_SIMILARITY = 0.42  # similarity from which two bullets say the same
# For a single long article: after its first sentences follows mostly background.
LONG_ARTICLE_SENTENCES, EARLY_QUOTED_SENTENCES = 20, 9  # sentences
MAX_LIVE_SENTENCES, MAX_UNDATED_SENTENCES = 3, 1
MIN_LONG_ARTICLE_ODDS, MIN_LATE_SENTENCE_ODDS = -0.4, 0.5  # log odds: four in ten, six in ten


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
    headline: str = "",
    beside: str = "",
    used: Sequence[str] = (),
    least: float = -math.inf,
) -> list[Extract]:
    """Return up to ``limit`` extracts, the most important first, without repetitions of ``known`` or of each other.

    What the ``headline`` above them says is not repeated either, except by the first sentence of a new story if that says more
    than the headline and the status ``beside`` it: what follows rests on it. The sentences ``used`` elsewhere in the same story are left out,
    and so are copies of them. After the first one only those are taken whose worth (log odds), less what they repeat, is at
    ``least`` so much.
    """
    before = [t for t in known if t]
    pool = [
        extract
        for article in [a for a in articles if is_report(a)] or articles
        if not is_live_page(article)
        for extract in quotable_sentences(article, alone=len(articles) == 1)
        if not (
            _is_used(extract, used)
            or (
                headline
                and _retells(extract, headline)
                and (before or not _leads(extract, f"{headline} {beside}"))
            )
        )
    ]
    # What a page that asks, guides or judges says of no day is no news where others report.
    if not all(map(tells_of_no_day, articles)):
        pool = [e for e in pool if not tells_of_no_day(e.article) or names_near_day(e.text, e.article)]
    measure = SentenceMeasure(articles, known=before)
    fresh = [extract for extract in pool if not is_restated(extract.text, before)]
    worths = [worth(measure.features(e.text, article=e.article, sentence=e.sentence)) for e in fresh]
    most, least = room_for(articles, most=limit, least=least)
    sure = [
        (extract, value)
        for extract, value in zip(fresh, worths, strict=True)
        if not is_long_alone(articles) or is_early(extract) or value >= MIN_LATE_SENTENCE_ODDS
    ]
    places = best_indexes([e.text for e, _ in sure], [w for _, w in sure], limit=most, least=least)
    return [sure[place][0] for place in places]


def _is_used(extract: Extract, used: Sequence[str]) -> bool:
    """Return whether ``extract`` is one of the sentences ``used``, begins with one of them or adds nothing to one but its day."""
    said = _without_days(extract)
    return any(
        extract.sentence.text == text
        or extract.text.startswith(text)
        or is_copy(extract.sentence.text, text)
        or (held_share(said, text) >= MIN_SAID_BY_HEADLINE_SHARE and not figures(said) - figures(text))
        for text in used
    )


def _retells(extract: Extract, headline: str) -> bool:
    """Return whether ``extract`` is the news of ``headline`` over again in a whole sentence, with no figure, quotation or day ahead of its own."""
    text, language = extract.text, extract.article.language or "en"
    if has_only_leads(extract.article):
        return is_copy(text, headline)  # there is nothing else to tell
    if held_share(headline, text, language=language) < MIN_TITLE_RETOLD_SHARE:
        return False
    quoted = [words for words in quotations(text) if held_share(words, headline, language=language) < 1]
    named = {d.first for d in find_days(text, extract.article, ahead=True) if d.first == d.last}
    ahead = language == "en" and named & set(days_ahead(text, written=extract.article.own_day))
    counted = {
        (value, unit) for value, unit in figures(text) - figures(headline) if value != "1"
    }  # "Formula 1"
    return not (counted or quoted or ahead)


def _leads(extract: Extract, above: str) -> bool:
    """Return whether ``extract`` opens its article and says more than the lines ``above``: who, where, why."""
    language = extract.article.language or "en"
    more = set(content_terms(extract.text, language=language)) - set(content_terms(above, language=language))
    return extract.sentence.number <= LEAD_SENTENCES and len(more) >= MIN_LEAD_TERMS


def _without_days(extract: Extract) -> str:
    said = extract.text
    for day in reversed(find_days(said, extract.article, ahead=False)):
        said = said[: day.start] + said[day.end :]
    return said


def quotable_sentences(article: Article, *, alone: bool) -> list[Extract]:
    """Return the sentences of ``article`` that can be quoted; if it is ``alone``, those of the day, if it has any."""
    around = surroundings_of(article)
    found = [
        extract
        for sentence in _candidates(article)
        if (extract := standing_alone(article, sentence, known=around))
    ]
    found = [
        e
        for e in found
        if not is_no_news(e.text, language=article.language or "en")
        and not speaks_unintroduced(e.text, article)
        and not has_unexplained_initials(e.text, article)
    ]
    of_the_day = [
        e
        for e in found
        if (_is_of_the_day(e) if alone else not is_of_earlier(e.text, article))
        and not opens_with_earlier_year(e.text, article)
    ]
    return of_the_day or found


def _is_of_the_day(extract: Extract) -> bool:
    """Return whether ``extract`` is the lead of its article, names a day of its news, or nothing that lies long back."""
    article, text = extract.article, extract.text
    if extract.sentence.number <= LEAD_SENTENCES:
        return True
    if is_of_earlier(text, article):
        return False
    return not is_background(text, language=article.language or "en") or names_near_day(text, article)


def is_early(extract: Extract) -> bool:
    """Return whether ``extract`` is among the first sentences of its article, or names a day of its news."""
    return extract.sentence.number <= EARLY_QUOTED_SENTENCES or names_near_day(extract.text, extract.article)


def room_for(articles: Sequence[Article], *, most: int, least: float) -> tuple[int, float]:
    """Return how many sentences of ``articles`` are quoted, at most ``most``, and the least worth of those after the first.

    A single long article is quoted in fewer sentences of more worth, and in one if its first sentences name no day: then it
    is a feature, a guide or a portrait.
    """
    if not is_long_alone(articles):
        return most, least
    goes_on = is_live_title(articles[0])
    fits = MAX_LIVE_SENTENCES if goes_on or tells_of_days(articles[0]) else MAX_UNDATED_SENTENCES
    return min(most, fits), max(least, MIN_LONG_ARTICLE_ODDS)


def is_long_alone(articles: Sequence[Article]) -> bool:
    """Return whether ``articles`` is a single, long one."""
    return len(articles) == 1 and len(articles[0].sentences) >= LONG_ARTICLE_SENTENCES


def _candidates(article: Article) -> Sequence[Sentence]:
    """Return the sentences of ``article`` that may be told: of one in a language without rules its lead alone."""
    return lead_of(article) if has_only_leads(article) else article.sentences[:MAX_READ_SENTENCES]


def is_live_page(article: Article) -> bool:
    """Return whether ``article`` is a live page, whose entries are valid for minutes."""
    return sum(is_live_entry(sentence.text) for sentence in article.sentences) >= MIN_ENTRIES


def best_indexes(texts: Sequence[str], worths: Sequence[float], *, limit: int, least: float) -> list[int]:
    """Return the indexes of up to ``limit`` of ``texts``, those of most worth first; a repetition is worth less.

    After the first one only those are taken whose worth, less what they repeat, is at ``least`` so much.
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
    """Return ``sentence`` if it is news and a reader understands it alone, or with what is ``known``; else None.

    It is quoted whole, except for a dateline, a conjunction at its beginning and emphatic capitals.
    """
    language = article.language or "en"
    text = calm(tidy(lead_free(closed_quotation(sentence, article))), article)
    if (
        len(text) > _max_chars(text, article, sentence, known)
        or (word_count(text) < MIN_BULLET_WORDS and is_spaced(text))
        or is_furniture(text)
        or _begins_within(text)
        or shouts(sentence.text)
        or opens_with_self(text, language=language)
        or not is_quotable(text, language=language, known=known)
        or (language == "en" and not tells(text))
    ):
        return None
    return Extract(text=text, article=article, sentence=sentence)


def _begins_within(text: str) -> bool:
    """Return whether ``text`` begins in the middle of a sentence, which a page broke in two: with a small letter, not as "iPhone" does."""
    first = text.split(maxsplit=1)[0]
    return first[0].islower() and first.islower()


def _max_chars(text: str, article: Article, sentence: Sentence, known: Surroundings) -> int:
    """Return how long ``text`` may be: a lead longer than others, where it says what the title says or is all that is told."""
    if has_only_leads(article):
        return MAX_LEAD_CHARS
    if sentence.number > LEAD_SENTENCES or len(text) <= MAX_BULLET_CHARS:
        return MAX_BULLET_CHARS
    shared = known.terms & set(content_terms(text, language=article.language or "en"))
    carries = len(shared) >= max(1.0, MIN_LEAD_SHARE * len(known.terms))
    return MAX_TITLE_LEAD_CHARS if carries else MAX_BULLET_CHARS

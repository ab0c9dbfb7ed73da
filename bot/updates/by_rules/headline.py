"""Choose a story's headline from the titles of its articles, short and without decoration. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice

from bot.language.sentences.calm import calm
from bot.language.sentences.clauses import (
    attributed,
    balanced,
    finite,
    is_clause,
    is_qualifying,
    lead_free,
    parts,
    tidy,
    word_count,
)
from bot.language.sentences.quotable import is_background, is_quotable
from bot.language.sentences.self_contained import is_furniture
from bot.language.sentences.titles import tells_news
from bot.language.similarity import similarity
from bot.language.words import content_terms
from bot.model.briefing import Statement
from bot.model.news import Article, Citation
from bot.updates.by_rules.days import names_near_day
from bot.updates.by_rules.genre import is_no_news
from bot.updates.by_rules.titles import (
    is_label,
    is_no_event,
    judges,
    needs_day,
    plain_title,
    reports,
    tails_of,
)

MAX_HEADLINE_WORDS, MIN_HEADLINE_WORDS = 12, 4
MAX_WHOLE_TITLE_WORDS = 17  # words of a title without an earlier end; cut, it would lose its point
MAX_WHOLE_SENTENCE_WORDS = 28  # of a sentence that names a story whose title cannot
ONE_DAY = timedelta(hours=24)
LEAD_SENTENCES = 8  # sentences of an article that may carry a headline
MAX_LEADS = 3  # of those that can be quoted
MIN_TITLE_SHARE = 0.25  # share of the terms of a title that a clause in its place holds
MIN_CARRIED_SHARE, MIN_GUIDE_SHARE = 0.34, 0.5  # share of them that a sentence holds that names no day

_JOIN = re.compile(r"\s(?=(?:after|as|amid|before|while|despite|following|when|because|ahead\sof|in\sbid)\s)")
# What a title must not lose: "Lund will quit as mayor if voted out" says nothing of one who will quit.
_ON_CONDITION = re.compile(r"^[^,;–—]{0,80}\b(?:if|unless|until|only)\b", re.IGNORECASE)

# What only leads to the point of a title: "After the vote, …", "'It was bad': …".
_OPENS = re.compile(
    r"(?:after|amid|as|at|before|despite|during|following|for|from|in|on|since|under|when|while|with|without)\s"
    r"|[“\"‘'][^”\"’]*[”\"’'](?:\s\w+)?$",
    re.IGNORECASE,
)
_OPEN_END = re.compile(r"\s[–—]\s|\b(?:but|and|or|just|not|to|of|the|a|an|that|with|by|for)$", re.IGNORECASE)
_DASH = re.compile(r"\s[–—-]\s")
_LISTED = re.compile(r"(?:[\w’'.&-]+,?\s){1,5}?(?:and|or|&)\s", re.IGNORECASE)  # the rest of "A, B and C"


def short_title(text: str) -> str:
    """Return ``text``, a title without decoration, in at most 12 words, or whole if it is a little longer and has no earlier end."""
    if word_count(text) <= MAX_HEADLINE_WORDS:
        return text
    for mark in (": ", "; ", " – ", " — ", ", "):
        head, _, rest = text.partition(mark)
        label = mark == ": " and (
            word_count(head) < MIN_HEADLINE_WORDS or (finite(rest) and not finite(head))
        )
        if (label or _OPENS.match(head)) and MIN_HEADLINE_WORDS <= word_count(rest) <= MAX_HEADLINE_WORDS:
            return rest[:1].upper() + rest[1:]
        fits = MIN_HEADLINE_WORDS <= word_count(head) <= MAX_HEADLINE_WORDS
        if fits and not _OPENS.match(head) and not (mark == ", " and _LISTED.match(rest)):
            return head.strip()
    # Titles speak in the present tense of any verb, so the clause before a joining word is taken as one.
    joins = (join.start() for join in _JOIN.finditer(text))
    cuts = [text[:end] for end in joins if not _ON_CONDITION.search(text[end:])]
    for part in (*parts(text), *reversed(cuts)):
        if MIN_HEADLINE_WORDS <= word_count(part) <= MAX_HEADLINE_WORDS:
            return tidy(part)
    if word_count(text) <= MAX_WHOLE_TITLE_WORDS:
        return text
    return " ".join(text.split()[:MAX_HEADLINE_WORDS]).rstrip(",;:–—-") + " …"


def headline_from(articles: Sequence[Article]) -> Statement:
    """Return the headline of ``articles`` (at least one), cited to the sentence that carries it: news, or else a title all the same."""
    return title_from(articles) or lead_from(articles) or _best(_titled(articles), _titled(articles))


def lead_from(articles: Sequence[Article]) -> Statement | None:
    """Return the first sentence that names ``articles`` (at least one) where no title of them can, None where none does."""
    led = [(a, line) for a in articles if (line := _first_line(a))]
    return _best(led, _titled(articles)) if led else None


def title_from(articles: Sequence[Article]) -> Statement | None:
    """Return the title that best describes ``articles`` (at least one), of the newest day if one reports news, None if none does.

    A title of few words is used only if there is no other.
    """
    newest = max(a.published_at for a in articles)
    titled = _titled(articles)
    whole = [(a, t) for a, t in titled if reports(t)]
    telling = [(a, t) for a, t in whole if word_count(t) >= MIN_HEADLINE_WORDS] or whole
    of_the_day = [(a, t) for a, t in telling if newest - a.published_at <= ONE_DAY]
    return _best(of_the_day or telling, titled) if telling else None


def _titled(articles: Sequence[Article]) -> list[tuple[Article, str]]:
    return [(a, short_title(plain_title(a) or _lead(a))) for a in articles]


def _best(lines: Iterable[tuple[Article, str]], titled: Sequence[tuple[Article, str]]) -> Statement:
    """Return that of ``lines`` that is most like all titles, the newest of equal ones."""
    article, text = max(
        lines,
        key=lambda pair: (
            sum(similarity(other, pair[1]) for _, other in titled),
            pair[0].published_at,
            pair[0].id,
        ),
    )
    return Statement(text=text, citations=(_carrying(article, text),))


def _first_line(article: Article) -> str:
    """Return the first sentence of ``article``, or clause of one, that can replace its title; else an empty text."""
    language = article.language or "en"
    needs = MIN_TITLE_SHARE if judges(plain_title(article)) else 0.0
    for text in _telling(article, language=language):
        for part in _heads(text, language=language):
            line = part.removesuffix(".")
            whole = text.startswith(line) and (
                balanced(line)
                and not line.endswith("…")
                and (language != "en" or is_clause(line))
                and not _OPEN_END.search(line)
            )
            if whole and word_count(line) <= MAX_WHOLE_SENTENCE_WORDS and _shares(article, line, needs):
                return line
    return ""


def _heads(text: str, *, language: str) -> Iterator[str]:
    """Yield the shortest that stands for the sentence ``text``, the whole of it, and what stands before a tail that tells more of the same.

    None of them loses who says it, nor ends between two dashes.
    """
    if len(_DASH.findall(text)) != 2:
        yield short_title(text)
    yield text
    said = attributed(text)
    for end in reversed(tails_of(text, language=language)):
        if not is_qualifying(text[end:]) and (said is None or said.speaker in text[:end]):
            yield tidy(text[:end])


def _telling(article: Article, *, language: str) -> Iterator[str]:
    """Yield the first sentences of ``article`` that can be quoted and are news, as a headline has them.

    They name a day of the news, or say what the title says: below one that judges or asks that is no reason.
    """
    title = plain_title(article)
    least = _least_share(title)
    for text in islice(_quotable(article, language=language), MAX_LEADS):
        if (
            is_no_event(text, language=language)
            or is_no_news(text, language=language)
            or is_background(text, language=language)
        ):
            continue
        near = names_near_day(text, article)
        if near or ((article.dated_at is None or least <= 1) and _shares(article, text, min(least, 1.0))):
            yield text


def _least_share(title: str) -> float:
    """Return what share of the terms of ``title`` a sentence without a day must hold to stand in its place; more than all where none can."""
    if judges(title) or not tells_news(title.rstrip(". …")):
        return 2.0
    if needs_day(title):
        return MIN_GUIDE_SHARE
    return 0.0 if is_label(title) else MIN_CARRIED_SHARE


def _shares(article: Article, text: str, least: float) -> bool:
    """Return whether ``text`` holds such a share of the terms of the title of ``article``."""
    language = article.language or "en"
    title = set(content_terms(plain_title(article), language=language))
    return len(title & set(content_terms(text, language=language))) >= least * len(title)


def _quotable(article: Article, *, language: str) -> Iterator[str]:
    """Yield the first sentences of ``article`` that can be quoted, as a headline has them."""
    for sentence in article.sentences[:LEAD_SENTENCES]:
        text = calm(tidy(lead_free(sentence.text)), article)
        if not is_furniture(text) and is_quotable(text, language=language):
            yield text


def _lead(article: Article) -> str:
    return article.sentences[0].text if article.sentences else article.outlet


def _carrying(article: Article, text: str) -> Citation:
    best = max(article.sentences[:LEAD_SENTENCES], key=lambda s: (similarity(text, s.text), -s.number))
    return article.cite(best.number)

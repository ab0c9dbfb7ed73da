"""Choose a story's headline from the titles of its articles, short and without decoration. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from bot.language.sentences.calm import calm
from bot.language.sentences.clauses import balanced, finite, is_clause, lead_free, parts, tidy, word_count
from bot.language.sentences.quotable import is_quotable
from bot.language.sentences.self_contained import is_furniture
from bot.language.sentences.titles import bare_title, is_cut_off, tells_news
from bot.language.similarity import similarity
from bot.language.words import content_terms
from bot.model.briefing import Statement
from bot.model.news import Article, Citation
from bot.updates.by_rules.days import names_near_day

MAX_HEADLINE_WORDS, MIN_HEADLINE_WORDS = 12, 4
MAX_WHOLE_TITLE_WORDS = 17  # words of a title without an earlier end; cut, it would lose its point
MAX_WHOLE_SENTENCE_WORDS = 26  # of a sentence that names a story whose title was cut off before it came here
ONE_DAY = timedelta(hours=24)
LEAD_SENTENCES = 8  # sentences of an article that may carry a headline
MIN_TITLE_SHARE = 0.25  # share of the terms of a title that a sentence in its place holds

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
    """Return the headline of ``articles`` (at least one), cited to the sentence that carries it.

    It is the title that best describes the articles of the newest day. If none of these reports news, one of the others is used; if no
    title does, the first sentence that is short enough (for an article with a cut-off title, the first that can be
    quoted); and if there is none, a title all the same.
    """
    if title := title_from(articles):
        return title
    titled = _titled(articles)
    told = [(a, line) for a in articles if (line := _told_first(a)) and reports(line)]
    cut = [] if told else [(a, line) for a in articles if (line := _told_whole(a)) and reports(line)]
    return _best(told or cut or titled, titled)


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
    return [(a, short_title(bare_title(a) or _lead(a))) for a in articles]


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


def reports(title: str) -> bool:
    """Return whether ``title`` can be a headline: whole, and news."""
    return tells_news(title) and not is_cut_off(title)


def _told_first(article: Article) -> str:
    """Return the first clause of the sentences of ``article`` that fits a headline; empty where none does.

    Below a title that asks, lists or guides, it is news only with a day of the news.
    """
    language = article.language or "en"
    dated = article.dated_at is not None and not tells_news(bare_title(article))
    title = set(content_terms(article.title, language=language))
    for text in _quotable(article, language=language):
        if dated and not names_near_day(text, article):
            continue
        line = short_title(text).rstrip(".")
        shared = len(title & set(content_terms(line, language=language)))
        whole = (
            balanced(line)
            and not line.endswith("…")
            and (language != "en" or is_clause(line))
            and not _OPEN_END.search(line)
        )
        if whole and word_count(line) <= MAX_WHOLE_TITLE_WORDS and shared >= MIN_TITLE_SHARE * len(title):
            return line
    return ""


def _told_whole(article: Article) -> str:
    """Return the first sentence of ``article`` that can be quoted, where its title is news that was cut off; else nothing."""
    title = bare_title(article)
    if not is_cut_off(title) or not tells_news(title.rstrip(". …")):
        return ""
    language = article.language or "en"
    line = next(_quotable(article, language=language), "").removesuffix(".")
    whole = balanced(line) and (language != "en" or is_clause(line))
    return line if whole and word_count(line) <= MAX_WHOLE_SENTENCE_WORDS else ""


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

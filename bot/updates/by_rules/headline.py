"""Choose a story's headline from the titles of its articles, short and without decoration. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.language.dates.resolve import days_ahead
from bot.language.sentences.clauses import (
    finite,
    parts,
    tidy,
    word_count,
)
from bot.language.sentences.quotable import surroundings_of
from bot.language.similarity import held_share, similarity
from bot.model.briefing import Statement
from bot.model.news import Article, Citation, Sentence
from bot.model.update import MAX_HEADLINE_WORDS
from bot.updates.by_rules.claimants import claimant_of
from bot.updates.by_rules.days import names_near_day
from bot.updates.by_rules.genre import is_no_news
from bot.updates.by_rules.introduced import speaks_unintroduced
from bot.updates.by_rules.leads import LEAD_SENTENCES, has_only_leads, lead_of
from bot.updates.by_rules.sentences import standing_alone
from bot.updates.by_rules.titles import (
    is_live_title,
    is_no_event,
    is_possible,
    plain_title,
    reports,
    tells_of_no_day,
)

MIN_HEADLINE_WORDS = 4
MAX_WHOLE_TITLE_WORDS = 17  # of a title without a label: cut, it would lose its point
MAX_SENTENCE_WORDS = 34  # of a sentence that is a headline
MAX_DATED_HEADLINE_WORDS = 40  # of one that names a day of the news, where no title can be a headline
MAX_REPORTING_LEAD_WORDS = 50  # of a lead, which is no headline, but says that the title reports
ONE_DAY = timedelta(hours=24)
HEADLINE_SENTENCES = 8  # sentences of an article that may say what its title says
LIVE_PAGE_SENTENCES = 20  # those of a page that goes on while something happens
MIN_TITLE_COVERED_SHARE = 0.25  # of the terms of a title: of a sentence that tells of it
MIN_TITLE_SAID_SHARE = 0.5  # of one that cannot be quoted, and says that the title reports

_JOIN = re.compile(r"\s(?=(?:after|as|amid|before|while|despite|following|when|because|ahead\sof|in\sbid)\s)")
# What a title must not lose: "Lund will quit as mayor if voted out" says nothing of one who will quit.
_ON_CONDITION = re.compile(r"^[^,;–—]{0,80}\b(?:if|unless|until|only)\b", re.IGNORECASE)

# What only leads to the point of a title: "After the vote, …", "'It was bad': …".
_OPENS = re.compile(
    r"(?:after|amid|as|at|before|despite|during|following|for|from|in|on|since|under|when|while|with|without)\s"
    r"|[“\"‘'][^”\"’]*[”\"’'](?:\s\w+)?$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"(?:[\w’'.&-]+,?\s){1,5}?(?:and|or|&)\s", re.IGNORECASE)  # the rest of "A, B and C"


def short_title(text: str) -> str:
    """Return ``text``, a title without decoration, in at most 12 words, or 17 behind no label: what stands at its end is its news as well."""
    if word_count(text) <= MAX_HEADLINE_WORDS:
        return text
    for mark in (": ", "; ", " – ", " — ", ", "):
        head, _, rest = text.partition(mark)
        label = mark == ": " and (
            word_count(head) < MIN_HEADLINE_WORDS or (finite(rest) and not finite(head))
        )
        if (label or _OPENS.match(head)) and MIN_HEADLINE_WORDS <= word_count(rest) <= MAX_HEADLINE_WORDS:
            return rest[:1].upper() + rest[1:]
    return text if word_count(text) <= MAX_WHOLE_TITLE_WORDS else _cut_title(text)


def _cut_title(text: str) -> str:
    for mark in (": ", "; ", " – ", " — ", ", "):
        head, _, rest = text.partition(mark)
        fits = MIN_HEADLINE_WORDS <= word_count(head) <= MAX_HEADLINE_WORDS
        if fits and not _OPENS.match(head) and not (mark == ", " and _LISTED.match(rest)):
            return head.strip()
    # Titles speak in the present tense of any verb, so the clause before a joining word is taken as one.
    joins = (join.start() for join in _JOIN.finditer(text))
    cuts = [text[:end] for end in joins if not _ON_CONDITION.search(text[end:])]
    for part in (*parts(text), *reversed(cuts)):
        if MIN_HEADLINE_WORDS <= word_count(part) <= MAX_HEADLINE_WORDS:
            return tidy(part)
    return " ".join(text.split()[:MAX_HEADLINE_WORDS]).rstrip(",;:–—-") + " …"


def headline_from(articles: Sequence[Article]) -> Statement:
    """Return the headline of ``articles`` (at least one), cited to the sentence that carries it: news, or else a title all the same."""
    title = title_from(articles)
    if title is not None:
        return title
    reported = _reported(articles, title=None, begins=False)
    return reported.sentence if reported else _best(_titled(articles), _titled(articles))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedNews:
    """What an article reports: the ``sentence`` of it that says so, and the headline for it."""

    sentence: Statement
    headline: Statement


def report_from(articles: Sequence[Article], *, begins: bool = False) -> ReportedNews | None:
    """Return what one of ``articles`` (at least one) reports as its title says, None where none does.

    Where a story ``begins`` with them, a title is reported also if the first sentences say it in words that cannot be quoted.

    The headline is the title, or the sentence where no title can name a story: of 43 such pages that a reader marked it was a headline in 35,
    of titles without one 14 of 29. Beside a title readers miss nothing that the sentence has, and call it long.
    """
    return _reported(articles, title=title_from(articles), begins=begins)


def _reported(articles: Sequence[Article], *, title: Statement | None, begins: bool) -> ReportedNews | None:
    lines = [(a, line) for a in articles if (line := _carrying_sentence(a))]
    found = [(a, line) for a, line in lines if title or word_count(line) <= MAX_DATED_HEADLINE_WORDS]
    if not found:
        # Of a page that nobody could read, or with nothing to quote, the title is all there is.
        alone = title_from([a for a in articles if len(a.sentences) <= 1 or (begins and _says_its_title(a))])
        return ReportedNews(sentence=alone, headline=alone) if alone else None
    said = _best(found, _titled(articles))
    return ReportedNews(sentence=said, headline=title or said)


def title_from(articles: Sequence[Article]) -> Statement | None:
    """Return the title that best describes ``articles``, of the newest day if one reports news, None if none does.

    A title of few words is used only if there is no other.
    """
    newest = max((a.published_at for a in articles), default=None)
    if newest is None:
        return None
    titled = _titled(articles)
    whole = [(a, t) for a, t in titled if reports(t) and not tells_of_no_day(a)]
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


def _carrying_sentence(article: Article) -> str:
    """Return the first sentence of ``article`` that can be quoted and reports what its title tells of; else an empty text.

    Below a title that asks, guides or judges that is only one that names a day of the news, and not one that looks ahead to it.
    The lead below a title that reports may be too long for a headline.
    """
    title, around = plain_title(article), surroundings_of(article)
    if has_only_leads(article):
        return next((tidy(sentence.text).removesuffix(".") for sentence in lead_of(article)), "")
    guides = tells_of_no_day(article)
    lead_words = MAX_REPORTING_LEAD_WORDS if reports(title) else MAX_SENTENCE_WORDS
    most = MAX_DATED_HEADLINE_WORDS if guides else lead_words
    for sentence in _first_sentences(article):
        found = standing_alone(article, sentence, known=around)
        if found is None:
            continue
        near = names_near_day(found.text, article)
        carries = held_share(title, found.text, language=article.language or "en") >= MIN_TITLE_COVERED_SHARE
        late = sentence.number > HEADLINE_SENTENCES
        reported = carries and near if guides or late else carries or near
        if reported and word_count(found.text) <= most and not _is_no_report(found.text, article):
            return found.text.removesuffix(".")
        most = MAX_DATED_HEADLINE_WORDS if guides else MAX_SENTENCE_WORDS  # only the first one is a lead
    return ""


def _says_its_title(article: Article) -> bool:
    """Return whether a first sentence of ``article`` says most of its title, quotable or not."""
    title, language = plain_title(article), article.language or "en"
    return any(
        held_share(title, sentence.text, language=language) >= MIN_TITLE_SAID_SHARE
        for sentence in article.sentences[:LEAD_SENTENCES]
    )


def _first_sentences(article: Article) -> Sequence[Sentence]:
    """Return the sentences among which ``article`` says its news: of a live page it stands behind the newest entries."""
    return article.sentences[: LIVE_PAGE_SENTENCES if is_live_title(article) else HEADLINE_SENTENCES]


def _looks_ahead(text: str, article: Article) -> bool:
    return (article.language or "en") == "en" and bool(days_ahead(text, written=article.own_day))


def _is_no_report(text: str, article: Article) -> bool:
    language = article.language or "en"
    return (
        (tells_of_no_day(article) and _looks_ahead(text, article))
        or is_no_event(text, language=language)
        or (is_possible(text, language=language) and not _is_dated_claim(text, article))
        or is_no_news(text, language=language)
        or speaks_unintroduced(text, article)
    )


def _is_dated_claim(text: str, article: Article) -> bool:
    """Return whether somebody says ``text`` on a day of the news: "may have been stolen, the bank said on Monday" is what happened."""
    return names_near_day(text, article) and bool(claimant_of(text, language=article.language or "en"))


def _lead(article: Article) -> str:
    return article.sentences[0].text if article.sentences else article.outlet


def _carrying(article: Article, text: str) -> Citation:
    best = max(_first_sentences(article), key=lambda s: (similarity(text, s.text), -s.number))
    return article.cite(best.number)

"""Write a story without a model: the full schema, filled from the articles' own sentences. Pure.

What it cannot know it leaves out; it phrases nothing, so it cannot invent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from bot.briefings.select import Extract, choose
from bot.language.sentences.clauses import parts, tidy, word_count
from bot.language.sentences.titles import bare_title, tells_news
from bot.language.similarity import similarity
from bot.language.words import words
from bot.model.briefing import Statement, StoryBrief, Writer
from bot.model.news import Article, Citation
from bot.model.story import Corroboration, Expectation, Ledger, Outcome, Status

MAX_HEADLINE_WORDS, MIN_HEADLINE_WORDS = 12, 4
MAX_WHOLE_TITLE_WORDS = 17  # of a title that ends nowhere earlier: cut, its point is lost
ONE_DAY = timedelta(hours=24)
CURRENT_FOR = timedelta(hours=36)  # a status older than the newest article by more stands no more
# Of the fourth sentences chosen, four in ten told a fact that an editor would, of the others seven.
MAX_BULLETS = 3
ACTORS, FIGURES, NEXT = 4, 4, 2
LEAD_SENTENCES = 8  # sentences of an article that may carry a headline

_JOIN = re.compile(r"\s(?=(?:after|as|amid|before|while|despite|following|when|because|ahead\sof|in\sbid)\s)")


def write_story(
    articles: Sequence[Article],
    ledger: Ledger,
    corroboration: Corroboration,
    *,
    max_bullets: int = MAX_BULLETS,
    sent: Sequence[str] = (),
    old: Sequence[Article] = (),
    today: date | None = None,
) -> StoryBrief:
    """Return the brief of ``articles`` (any order, at least one), with what ``ledger`` remembers.

    No bullet says what ``sent`` says, nor the status line again. ``old`` are those of ``articles``
    that were there when the channel was last sent something: what they say is no news even where it was not sent, and
    neither are their actors, figures and announcements. What was announced for a day before ``today`` is not announced again.
    """
    newest = sorted(articles, key=lambda a: a.place_in_time, reverse=True)
    known = {article.id for article in old}
    fresh = [a for a in newest if a.id not in known] or newest
    headline = headline_from(fresh)
    status = _status(ledger, fresh)
    if status and words(status.line) == words(headline.text):
        headline, status = _told_apart(headline, status, fresh)
    said = [*sent, *([status.line] if status else [])]
    said += [sentence.text for article in old for sentence in article.sentences]
    bullets = choose(
        [a for a in newest if a.id not in known],
        limit=max_bullets,
        known=said,
        used=_printed(status.citation, articles) if status else (),
    )
    ids = {article.id for article in fresh}
    return StoryBrief(
        story_id=ledger.story_id,
        headline=headline,
        status=status,
        bullets=tuple(_statement(b) for b in bullets),
        actors=tuple(a for a in ledger.actors if a.citation.article_id in ids)[:ACTORS],
        figures=tuple(f for f in ledger.figures if f.citation.article_id in ids)[:FIGURES],
        disagreements=tuple(
            d for d in ledger.disagreements if any(c.citation.article_id in ids for c in d.claims)
        ),
        next=_ahead(ledger, ids=ids, today=today),
        corroboration=corroboration,
        writer=Writer.EXTRACTS,
    )


def _status(ledger: Ledger, fresh: Sequence[Article]) -> Status | None:
    """Return where the story stands, None where that is not known of the newest day."""
    newest = max(a.published_at for a in fresh)
    return ledger.status if ledger.status and newest - ledger.status.as_of <= CURRENT_FOR else None


def _told_apart(
    headline: Statement, status: Status, fresh: Sequence[Article]
) -> tuple[Statement, Status | None]:
    """Return another title above ``status``, which is the title of one article; without another no status is told."""
    others = [a for a in fresh if a.id != status.citation.article_id]
    other = headline_from(others) if others else headline
    apart = tells_news(other.text) and words(other.text) != words(status.line)
    return (other, status) if apart and not other.text.endswith("…") else (headline, None)


def short_title(text: str) -> str:
    """Return ``text``, a title without decoration, in at most 12 words, or whole where it is a little longer and ends nowhere before."""
    if word_count(text) <= MAX_HEADLINE_WORDS:
        return text
    for mark in (": ", "; ", " – ", " — ", ", "):
        head = text.split(mark, maxsplit=1)[0]
        if MIN_HEADLINE_WORDS <= word_count(head) <= MAX_HEADLINE_WORDS:
            return head.strip()
    # Titles speak in the present tense of any verb, so the clause before a joining word is taken as one.
    cuts = [text[: join.start()] for join in _JOIN.finditer(text)]
    for part in (*parts(text), *reversed(cuts)):
        if MIN_HEADLINE_WORDS <= word_count(part) <= MAX_HEADLINE_WORDS:
            return tidy(part)
    if word_count(text) <= MAX_WHOLE_TITLE_WORDS:
        return text
    return " ".join(text.split()[:MAX_HEADLINE_WORDS]).rstrip(",;:–—-") + " …"


def headline_from(articles: Sequence[Article]) -> Statement:
    """Return the headline of ``articles`` (at least one), cited to the sentence that carries it.

    It is the title that best names those of the newest day; where none of them reports, one of the others does.
    """
    newest = max(a.published_at for a in articles)
    titled = [(a, short_title(bare_title(a) or _lead(a))) for a in articles]
    calm = [
        (a, t)
        for a, t in titled
        if tells_news(t) and word_count(t) >= MIN_HEADLINE_WORDS and not t.endswith(("…", "..."))
    ]
    of_the_day = [(a, t) for a, t in calm if newest - a.published_at <= ONE_DAY]
    article, text = max(
        of_the_day or calm or titled,
        key=lambda pair: (
            sum(similarity(other, pair[1]) for _, other in titled),
            pair[0].published_at,
            pair[0].id,
        ),
    )
    return Statement(text=text, citations=(_carrying(article, text),))


def _printed(citation: Citation, articles: Sequence[Article]) -> tuple[str, ...]:
    """Return the sentences of ``citation`` as printed in ``articles``."""
    return tuple(
        sentence.text
        for article in articles
        if article.id == citation.article_id
        for sentence in article.sentences
        if sentence.number in citation.sentences
    )


def _lead(article: Article) -> str:
    return article.sentences[0].text if article.sentences else article.outlet


def _carrying(article: Article, text: str) -> Citation:
    best = max(article.sentences[:LEAD_SENTENCES], key=lambda s: (similarity(text, s.text), -s.number))
    return article.cite(best.number)


def _statement(extract: Extract) -> Statement:
    return Statement(text=extract.text, citations=(extract.article.cite(extract.sentence.number),))


def _ahead(ledger: Ledger, *, ids: Collection[str], today: date | None) -> tuple[Expectation, ...]:
    open_ = (e for e in ledger.expectations if e.outcome is Outcome.OPEN and e.citation.article_id in ids)
    return tuple(e for e in open_ if not today or not e.due or (e.due_end or e.due) >= today)[:NEXT]

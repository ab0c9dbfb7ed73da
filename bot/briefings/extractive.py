"""Write a story without a model: the full schema, filled from the articles' own sentences. Pure.

What it cannot know it leaves out; it phrases nothing, so it cannot invent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.briefings.select import Extract, choose
from bot.language.numbers import find_numbers
from bot.language.outlets import bare_name
from bot.language.sentences.clauses import parts, tidy, word_count
from bot.language.similarity import similarity
from bot.model.briefing import Statement, StoryBrief, Writer
from bot.model.news import Article, Citation
from bot.model.story import Actor, Corroboration, Expectation, Figure, Ledger, Outcome

MAX_HEADLINE_WORDS = 12
ACTORS, FIGURES, NEXT = 4, 4, 2
LEAD_SENTENCES = 8  # sentences of an article that may carry a headline

_PREFIX = re.compile(
    r"^(?:live|watch|video|breaking|update[ds]?|exclusive|photos?|analysis|opinion|explainer|just in)\s?[:|–—-]\s*",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\s(?:[|–—»]|-)\s(?P<outlet>[^|–—»]{2,40})$")
_JOIN = re.compile(r"\s(?=(?:after|as|amid|before|while|despite|following|when|because|ahead\sof|in\sbid)\s)")
_HYPE = re.compile(
    r"\b(?:shocking|stunning|incredible|unbelievable|you won['’]t|this is why|here['’]s|amazing|must[- ]see|slams?|blasts?)\b|[!?]",
    re.IGNORECASE,
)


def write_story(
    articles: Sequence[Article],
    ledger: Ledger,
    corroboration: Corroboration,
    *,
    max_bullets: int = 4,
    sent: Sequence[str] = (),
    old: Sequence[Article] = (),
    known_headline: Statement | None = None,
    today: date | None = None,
) -> StoryBrief:
    """Return the brief of ``articles`` (any order, at least one), with what ``ledger`` remembers.

    No bullet says what ``sent`` says, nor the status line again. ``old`` are those of ``articles``
    that were there when the channel was last sent something: what they say is no news even where it was not sent.
    ``known_headline`` is kept unless it holds a number, so that a story keeps its name.
    What was announced for a day before ``today`` is not announced again.
    """
    newest = sorted(articles, key=lambda a: a.place_in_time, reverse=True)
    status = ledger.status
    known = {article.id for article in old}
    fresh = [a for a in newest if a.id not in known] or newest
    # A name that counts grows old: "nine dead" is kept no longer than the count.
    kept = known_headline if known_headline and not find_numbers(known_headline.text) else None
    headline = kept or headline_from(fresh)
    said = [*sent, *([status.line] if status else [])]
    said += [sentence.text for article in old for sentence in article.sentences]
    bullets = choose(
        [a for a in newest if a.id not in known],
        limit=max_bullets,
        known=said,
        used=_printed(status.citation, articles) if status else (),
    )
    return StoryBrief(
        story_id=ledger.story_id,
        headline=headline,
        status=status,
        bullets=tuple(_statement(b) for b in bullets),
        actors=_actors(ledger.actors),
        figures=_figures(ledger.figures),
        disagreements=ledger.disagreements,
        next=_ahead(ledger, today=today),
        corroboration=corroboration,
        writer=Writer.EXTRACTS,
    )


def clean_headline(title: str, *, outlet: str = "") -> str:
    """Return ``title`` in at most 12 words, without the outlet's name, a "LIVE:" or other decoration."""
    text = _PREFIX.sub("", " ".join(title.split()))
    suffix = _SUFFIX.search(text)
    if suffix and (
        word_count(text[: suffix.start()]) >= 4 or suffix["outlet"].casefold() == bare_name(outlet).casefold()
    ):
        text = text[: suffix.start()]
    if word_count(text) <= MAX_HEADLINE_WORDS:
        return text.strip()
    for mark in (": ", "; ", " – ", " — ", ", "):
        head = text.split(mark)[0]
        if 4 <= word_count(head) <= MAX_HEADLINE_WORDS:
            return head.strip()
    # Titles speak in the present tense of any verb, so the clause before a joining word is taken as one.
    cuts = [text[: join.start()] for join in _JOIN.finditer(text)]
    for part in (*parts(text), *reversed(cuts)):
        if 4 <= word_count(part) <= MAX_HEADLINE_WORDS:
            return tidy(part)
    return " ".join(text.split()[:MAX_HEADLINE_WORDS]).rstrip(",;:–—-") + " …"


def headline_from(newest: Sequence[Article]) -> Statement:
    """Return the headline of ``newest`` (at least one) that best names all of them, cited to the sentence that carries it."""
    titled = [(a, clean_headline(a.title or _lead(a), outlet=a.outlet)) for a in newest]
    calm = [
        (a, t)
        for a, t in titled
        if not _HYPE.search(t) and word_count(t) >= 4 and not t.endswith(("…", "..."))
    ] or titled
    article, text = max(
        calm,
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
    return Citation(article_id=article.id, revision=article.revision, sentences=(best.number,))


def _statement(extract: Extract) -> Statement:
    article = extract.article
    citation = Citation(
        article_id=article.id, revision=article.revision, sentences=(extract.sentence.number,)
    )
    return Statement(text=extract.text, citations=(citation,))


def _actors(actors: Sequence[Actor]) -> tuple[Actor, ...]:
    """Return the most important actors; those whose role is stated first, for a bare name tells a reader less."""
    return tuple(sorted(actors, key=lambda a: not a.role)[:ACTORS])


def _ahead(ledger: Ledger, *, today: date | None) -> tuple[Expectation, ...]:
    open_ = (e for e in ledger.expectations if e.outcome is Outcome.OPEN)
    return tuple(e for e in open_ if not today or not e.due or (e.due_end or e.due) >= today)[:NEXT]


def _figures(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    return tuple(figures[:FIGURES])

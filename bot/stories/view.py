"""The ledger in the public form that briefings, lists and questions use, with sources and dates. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from bot.language.similarity import figures as numbers_in
from bot.model.ledger import CoursePoint, KnownFact, StoryLedger
from bot.model.news import Article, Citation, sentences_of
from bot.model.story import (
    Actor,
    Announcement,
    Authority,
    Disagreement,
    Figure,
    Ledger,
    Outcome,
    Status,
)
from bot.model.update import AnnouncementOutcome, StoryUpdate, UpdateActor, UpdateAnnouncement, UpdateFigure
from bot.stories.fold import fold
from bot.stories.states import fitting_state
from bot.stories.still_carried import AvailableArticles, limited

MAX_STORY_ACTORS = 8  # newest actors kept; a briefing has space for fewer
_OUTCOMES = {
    AnnouncementOutcome.HAPPENED: Outcome.HAPPENED,
    AnnouncementOutcome.DID_NOT_HAPPEN: Outcome.DID_NOT_HAPPEN,
}

Key = tuple[str, int]


def view_of(ledger: StoryLedger, articles: Mapping[Key, Article]) -> Ledger:
    """Return ``ledger`` in the public form; ``articles`` are the loaded ones, by id and revision."""
    return Ledger(
        story_id=ledger.story_id,
        kind=ledger.kind,
        statuses=tuple(_status(ledger, point, articles) for point in ledger.course),
        actors=tuple(actor_of(one, articles) for one in reversed(ledger.actors[-MAX_STORY_ACTORS:])),
        figures=tuple(
            figure_of(replace(one, claimant=one.claimant or _claimant_of(one, ledger.facts)), articles)
            for one in reversed(ledger.newest_figures)
        ),
        expectations=tuple(_announcements(ledger, articles)),
        disagreements=tuple(
            Disagreement(issue=one.question, claims=one.sides) for one in ledger.contradictions
        ),
    )


def public_ledger(
    story_id: str, updates: Sequence[StoryUpdate], articles: Iterable[Article]
) -> tuple[StoryLedger, Ledger]:
    """Return the ledger of ``updates`` as far as the present ``articles`` support it, with its public form.

    ``articles`` has every loaded revision; the newest of each is its present text.
    """
    available = AvailableArticles(articles)
    ledger = fold(story_id, [limited(update, available) for update in updates])
    return ledger, view_of(ledger, available.at_hand)


def actor_of(actor: UpdateActor, articles: Mapping[Key, Article]) -> Actor:
    """Return ``actor`` in the public form."""
    first = actor.citations[0]
    return Actor(
        name=actor.name,
        aliases=actor.aliases,
        role=actor.role,
        role_citation=_of_role(actor, articles) if actor.role else None,
        position=actor.position,
        citation=first,
        as_of=_published(actor.citations, articles),
    )


def _of_role(actor: UpdateActor, articles: Mapping[Key, Article]) -> Citation:
    """Return the citation that has the role of ``actor``, or the first one if none has it."""
    role = actor.role.casefold()
    for citation in actor.citations:
        article = articles.get((citation.article_id, citation.revision))
        if article and any(role in article.sentence(n).text.casefold() for n in citation.sentences):
            return citation
    return actor.citations[0]


def figure_of(figure: UpdateFigure, articles: Mapping[Key, Article]) -> Figure:
    """Return ``figure`` in the public form."""
    return Figure(
        value=figure.printed_value,
        counts=figure.counts,
        claimant=figure.claimant,
        citation=figure.citations[0],
        as_of=_published(figure.citations, articles, otherwise=figure.as_of),
    )


def _claimant_of(figure: UpdateFigure, known: Iterable[KnownFact]) -> str:
    """Return who claims the first fact that has the number of ``figure`` from the same sentence; empty where nobody does."""
    cited, number = sentences_of(figure.citations), numbers_in(figure.value)
    return next(
        (
            fact.claimant
            for fact in (one.fact for one in known)
            if fact.claimant
            and number
            and number <= numbers_in(fact.text)
            and not cited.isdisjoint(sentences_of(fact.citations))
        ),
        "",
    )


def announcement_of(one: UpdateAnnouncement, articles: Mapping[Key, Article]) -> Announcement:
    """Return an announcement without an outcome in the public form."""
    return Announcement(
        what=one.what,
        when=one.when,
        due=one.due,
        due_end=one.due_end,
        announced_by=one.announced_by,
        citation=one.citations[0],
        as_of=_published(one.citations, articles),
    )


def _announcements(ledger: StoryLedger, articles: Mapping[Key, Article]) -> Iterable[Announcement]:
    settled = {one.announcement: one for one in ledger.settled if one.outcome in _OUTCOMES}
    for announced in ledger.announcements:
        found = announcement_of(announced, articles)
        became = settled.get(announced.id)
        if became:
            found = replace(found, outcome=_OUTCOMES[became.outcome], settled_by=became.citations[0])
        yield found


def _status(ledger: StoryLedger, point: CoursePoint, articles: Mapping[Key, Article]) -> Status:
    since = ledger.since if point is ledger.now else None
    published = _published(point.status.citations, articles, otherwise=point.status.as_of)
    return Status(
        kind=ledger.kind,
        state=fitting_state(ledger.kind, point.state, phase=point.phase, line=point.status.text),
        phase=point.phase.value if point.phase else "",
        line=point.status.text,
        as_of=published,
        since=_noon(since) if since and since < published.date() else published,
        said_by=point.status.said_by,
        authority=Authority.PARTY if point.status.said_by else Authority.PRESS,
        citation=point.status.citations[0],
    )


def _published(
    citations: Iterable[Citation], articles: Mapping[Key, Article], *, otherwise: date | None = None
) -> datetime:
    """Return when the newest cited article was published; of ones that are not at hand, noon of ``otherwise``."""
    keys = [(c.article_id, c.revision) for c in citations]
    dates = [articles[key].published_at for key in keys if key in articles]
    return max(dates, default=_noon(otherwise or date.min))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)

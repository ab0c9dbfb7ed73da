"""The valid fields of a story update: those that the present revisions of the articles support. Pure.

One rule serves a channel that reads only some of the articles, and articles that were edited: a citation holds where
its article is loaded and every cited sentence is in the newest revision, possibly under another number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.evidence.proposed import FieldKind, ProposedField
from bot.evidence.update import check_fields
from bot.language.sentences.quotations import plain
from bot.model.briefing import Statement
from bot.model.news import TITLE_NUMBER, Article, Citation, sentences_of
from bot.model.update import (
    Contradiction,
    Fact,
    StatusLine,
    StoryUpdate,
    UpdateActor,
    UpdateAnnouncement,
    UpdateFigure,
)

Key = tuple[str, int]
Cited = TypeVar("Cited", Fact, UpdateFigure, UpdateAnnouncement, UpdateActor)


class AvailableArticles:
    """The loaded articles, in every loaded revision; the newest of each is its present text.

    With ``others_stand``, fields that cite an article that is not loaded are kept; otherwise they are dropped.
    """

    def __init__(self, articles: Iterable[Article], *, others_stand: bool = False) -> None:
        ordered = sorted(articles, key=lambda a: a.revision)
        self.articles = tuple(ordered)
        self.others_stand = others_stand
        self.newest: Mapping[str, Article] = {a.id: a for a in ordered}
        self.at_hand: Mapping[Key, Article] = {(a.id, a.revision): a for a in self.newest.values()}
        self._every: Mapping[Key, Article] = {(a.id, a.revision): a for a in ordered}
        self._places: dict[str, Mapping[str, int]] = {}

    def now(self, citation: Citation) -> Citation | None:
        """Return the present numbers of the cited sentences, None if one is gone or unknown."""
        newest = self.newest.get(citation.article_id)
        if newest is None:
            return citation if self.others_stand else None
        if newest.revision == citation.revision:
            return citation
        then = self._every.get((citation.article_id, citation.revision))
        if then is None or not all(map(then.has, citation.sentences)):
            return None
        places = self._numbers_in(newest)
        found = [places.get(same_words(then.sentence(n).text)) for n in citation.sentences]
        numbers = tuple(sorted({n for n in found if n is not None}))
        if None in found or not numbers:
            return None
        return Citation(article_id=newest.id, revision=newest.revision, sentences=numbers)

    def _numbers_in(self, article: Article) -> Mapping[str, int]:
        """Return the number of each sentence by its words; of two that are the same the first."""
        if article.id not in self._places:
            said = reversed(article.sentences)
            title = {same_words(article.title): TITLE_NUMBER} if article.title else {}
            self._places[article.id] = title | {same_words(s.text): s.number for s in said}
        return self._places[article.id]

    def all_now(self, citations: Iterable[Citation]) -> tuple[Citation, ...]:
        """Return ``citations`` with present numbers; nothing if a sentence is gone."""
        found = [self.now(c) for c in citations]
        return () if None in found else tuple(c for c in found if c)

    def carrying(self, citations: Sequence[Citation], field: ProposedField) -> tuple[Citation, ...]:
        """Return those of ``citations`` that support ``field``: all if all are valid, else each that does so alone."""
        left = [now for c in citations if (now := self.now(c))]
        if len(left) == len(citations):
            return tuple(left)
        return tuple(c for c in left if self._carries(replace(field, citations=(c,))))

    def carried_anywhere(self, field: ProposedField, articles: Iterable[str]) -> bool:
        """Return whether the present text of one of ``articles`` (ids) supports ``field``, by any of its sentences."""
        found = (self.newest[one] for one in dict.fromkeys(articles) if one in self.newest)
        return any(self._carried_by(replace(field, citations=()), article) for article in found)

    def _carries(self, field: ProposedField) -> bool:
        (citation,) = field.citations
        article = self.newest.get(citation.article_id)
        if article is None:
            return False
        return self._carried_by(field, article, frozenset(citation.sentences))

    def _carried_by(
        self, field: ProposedField, article: Article, sentences: frozenset[int] | None = None
    ) -> bool:
        key = (article.id, article.revision)
        shown = {key: sentences} if sentences is not None else None
        checked = check_fields([field], articles={key: article}, shown=shown)
        return all(one.verdict.passed for one in checked)


def same_words(text: str) -> str:
    """Return ``text`` normalised for comparison: spaces, quotation marks and capitals."""
    flat = " ".join(plain(unicodedata.normalize("NFKC", text)).split())
    return re.sub(r"[\s.]+$", "", flat).casefold()


def limited(update: StoryUpdate, available: AvailableArticles) -> StoryUpdate:
    """Return ``update`` as far as the present articles of ``available`` support it.

    A line stays if one article supports it alone, with its valid citations only. Questions are
    left out if the update read an article that is not loaded, which may answer them.
    """
    if set(update.articles) <= set(available.at_hand):
        return update
    all_there = available.others_stand or {key for key, _ in update.articles} <= set(available.newest)
    status = _status(update.status, available) if update.status else None
    state = available.all_now(update.state_citations)
    outcomes = ((one, available.all_now(one.citations)) for one in update.settled)
    background = (_line(said, FieldKind.BACKGROUND, available) for said in update.background)
    return replace(
        update,
        headline=_line(update.headline, FieldKind.HEADLINE, available) if update.headline else None,
        status=status,
        state=update.state if state else "",
        state_citations=state,
        change=update.change if status else None,
        facts=_those_left(update.facts, available, _fact_field),
        actors=_those_left(update.actors, available, _actor_field),
        figures=_those_left(update.figures, available, _figure_field),
        announcements=_those_left(update.announcements, available, _announcement_field),
        settled=tuple(replace(one, citations=cited) for one, cited in outcomes if cited),
        contradictions=tuple(filter(None, (_contradiction(one, available) for one in update.contradictions))),
        background=tuple(filter(None, background)),
        questions=update.questions if all_there else (),
        elsewhere=tuple(filter(None, map(available.now, update.elsewhere))),
    )


def _status(status: StatusLine, available: AvailableArticles) -> StatusLine | None:
    field = ProposedField(path="", kind=FieldKind.STATUS, text=status.text, who=status.said_by)
    left = available.carrying(status.citations, field)
    return replace(status, citations=left) if left else None


def _those_left(
    items: Iterable[Cited], available: AvailableArticles, field: Callable[[Cited], ProposedField]
) -> tuple[Cited, ...]:
    left = ((one, available.carrying(one.citations, field(one))) for one in items)
    return tuple(replace(one, citations=citations) for one, citations in left if citations)


def _line(said: Statement, kind: FieldKind, available: AvailableArticles) -> Statement | None:
    left = available.carrying(said.citations, ProposedField(path="", kind=kind, text=said.text))
    return replace(said, citations=left) if left else None


def _fact_field(fact: Fact) -> ProposedField:
    return ProposedField(path="", kind=FieldKind.FACT, text=fact.text, who=fact.claimant)


def _figure_field(figure: UpdateFigure) -> ProposedField:
    return ProposedField(
        path="",
        kind=FieldKind.FIGURE,
        text=figure.counts,
        who=figure.claimant,
        value=figure.value,
        unit=figure.unit,
    )


def _announcement_field(one: UpdateAnnouncement) -> ProposedField:
    return ProposedField(
        path="", kind=FieldKind.ANNOUNCEMENT, text=one.what, who=one.announced_by, when=one.when
    )


def _actor_field(actor: UpdateActor) -> ProposedField:
    # Its citations are those of the position; those of the role only without a position.
    role = "" if actor.position else actor.role
    return ProposedField(path="", kind=FieldKind.ACTOR, text=actor.position, who=actor.name, role=role)


def _contradiction(one: Contradiction, available: AvailableArticles) -> Contradiction | None:
    """Return ``one`` with the sides that are still stated, None if fewer than two speakers are left."""
    sides = tuple(replace(side, citation=now) for side in one.sides if (now := available.now(side.citation)))
    return replace(one, sides=sides) if len({side.by.casefold() for side in sides}) > 1 else None


def without_elsewhere(update: StoryUpdate) -> StoryUpdate:
    """Return ``update`` without fields that cite only sentences about another event."""
    away = sentences_of(update.elsewhere)
    if not away:
        return update

    def ours(citations: Sequence[Citation]) -> bool:
        return not citations or not sentences_of(citations) <= away

    headline, status = update.headline, update.status
    status = status if status and ours(status.citations) else None
    state = update.state if ours(update.state_citations) else ""
    return replace(
        update,
        headline=headline if headline and ours(headline.citations) else None,
        status=status,
        state=state,
        state_citations=update.state_citations if state else (),
        change=update.change if status else None,
        facts=tuple(one for one in update.facts if ours(one.citations)),
        actors=tuple(one for one in update.actors if ours(one.citations)),
        figures=tuple(one for one in update.figures if ours(one.citations)),
        announcements=tuple(one for one in update.announcements if ours(one.citations)),
        settled=tuple(one for one in update.settled if ours(one.citations)),
        contradictions=tuple(
            one for one in update.contradictions if all(ours([side.citation]) for side in one.sides)
        ),
        background=tuple(one for one in update.background if ours(one.citations)),
    )

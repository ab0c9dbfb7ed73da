"""Make story updates by rules: whole sentences, and other fields only if rules are sure. Pure.

articles by when they came ──each batch beside those before it──▶ story update          no state, no phase, no change: rules know none
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.language.dates.resolve import days_ahead
from bot.language.similarity import BESIDE_SIMILARITY, is_restated, tells_the_same
from bot.language.words import content_terms
from bot.model.briefing import Statement, Writer
from bot.model.ids import derive_id
from bot.model.news import Article
from bot.model.story import Actor, Announcement, Outcome, Status
from bot.model.update import (
    RULES_STATUS_TIME,
    AnnouncementOutcome,
    Contradiction,
    Fact,
    SettledAnnouncement,
    StatusLine,
    StoryUpdate,
    UpdateActor,
    UpdateAnnouncement,
    UpdateFigure,
)
from bot.updates.by_rules.actors import find_actors
from bot.updates.by_rules.announcements import find_announcements, outcome_of
from bot.updates.by_rules.batch import StoryBatch
from bot.updates.by_rules.days import names_near_day
from bot.updates.by_rules.genre import is_feature, is_report
from bot.updates.by_rules.headline import report_from, title_from
from bot.updates.by_rules.numbers.disagreements import find_disagreements
from bot.updates.by_rules.numbers.figures import (
    MAX_FIGURES_BY_RULES,
    Counted,
    counted_in,
    figure_of,
    find_figures,
)
from bot.updates.by_rules.numbers.tolls import Tolls, is_overtaken, newest_tolls, overtaken_sentences
from bot.updates.by_rules.sentences import Extract, choose
from bot.updates.by_rules.status import find_statuses

MAX_FACTS_BY_RULES = 3
MIN_WORTH_LOG_ODDS = -0.25  # log odds: of sentences of so much worth 78 % tell a fact of the day, as many as from -0.1, and one key fact in forty more
MAX_ACTORS_BY_RULES = 8
_OUTCOMES = {
    Outcome.HAPPENED: AnnouncementOutcome.HAPPENED,
    Outcome.DID_NOT_HAPPEN: AnnouncementOutcome.DID_NOT_HAPPEN,
}


def updates_by_rules(
    story_id: str, batches: Iterable[Sequence[Article]], *, facts: bool = True
) -> tuple[StoryUpdate, ...]:
    """Return the update of each of ``batches`` (articles, oldest batch first; empty ones are skipped) against those before it.

    Without ``facts``, which take most of the time, no sentences are selected.
    """
    found: list[StoryUpdate] = []
    earlier: list[Article] = []
    said: list[frozenset[str]] = []
    for batch in batches:
        if not batch:
            continue
        update = read_by_rules(story_id, batch, earlier=earlier, most=MAX_FACTS_BY_RULES if facts else 0)
        # Another verb alone makes another line but no other status.
        terms = frozenset(content_terms(update.status.text)) if update.status else frozenset()
        found.append(replace(update, status=None) if terms in said else update)
        said += [terms] if terms else []
        earlier += batch
    return tuple(found)


def read_by_rules(
    story_id: str,
    articles: Sequence[Article],
    *,
    earlier: Sequence[Article] = (),
    most: int = MAX_FACTS_BY_RULES,
) -> StoryUpdate:
    """Return the update of ``articles`` (at least one) against the ``earlier`` ones of their story, in every field that rules fill, with at most ``most`` facts."""
    batch = StoryBatch.of(articles, earlier)
    counted = counted_in(batch.all)
    figures = find_figures(batch.all, counted, limit=MAX_FIGURES_BY_RULES)
    tolls = newest_tolls(figures, counted)
    announcements = find_announcements(batch.all)
    settled = tuple(_outcomes(announcements, batch))
    contradictions = tuple(
        Contradiction(question=one.issue, sides=one.claims)
        for one in find_disagreements(counted)
        if any(batch.has(claim.citation) for claim in one.claims)
    )
    naming = _naming(batch, tolls)
    actors = tuple(_actor(one) for one in batch.ours(find_actors(batch.all, limit=MAX_ACTORS_BY_RULES)))
    beside = replace(
        _update(story_id, batch),
        actors=actors,
        figures=tuple(_figures(batch, figures)),
        announcements=tuple(map(_announcement, batch.ours(announcements))),
        settled=settled,
        contradictions=contradictions,
    )
    reported = report_from(naming, begins=not batch.earlier) if naming else None
    if reported is None:
        # What none of its first sentences says, nobody has seen reported: its title is named, and nothing of it told. Of a
        # story that is known what it announces is watched for all the same.
        alone = replace(_update(story_id, batch), settled=settled, contradictions=contradictions)
        return beside if batch.earlier else alone
    headline = reported.headline
    status = _status_of(batch.new, tolls, headline.text)
    if status and tells_the_same(status.line, headline.text):
        headline = _other_title(status, naming) or headline
    facts = _facts(
        batch,
        headline=headline.text,
        beside=status.line if status else "",
        used=(headline.text, *overtaken_sentences(counted, tolls)),
        most=most,
        of=reported.sentence.citations[0].article_id,
    )
    if batch.earlier and most and all(_passes_that_day(fact, batch) for fact in facts):
        # A story that is known is told by its new facts: the sentence that the headline has is the news.
        facts = (*_lead_fact(reported.sentence, batch), *facts)[:most]
        headline = title_from(naming) or headline
    line = _line(status, batch.new) if status else None
    return replace(beside, headline=headline, status=line, facts=facts)


def read_each(articles: Iterable[Article]) -> None:
    """Read each of ``articles`` separately, to find those that cannot be read.

    It runs in workers: each of them loads what this module imports.
    """
    for article in articles:
        read_by_rules("", [article])


def quote_by_rules(
    story_id: str,
    articles: Sequence[Article],
    *,
    earlier: Sequence[Article] = (),
    most: int = MAX_FACTS_BY_RULES,
) -> StoryUpdate:
    """Return an update with at most ``most`` sentences of ``articles`` (at least one) that the ``earlier`` ones do not have, and no other field.

    They replace what a model should have read: a status or figure found by rules is not mixed with
    what a model read.
    """
    batch = StoryBatch.of(articles, earlier)
    return replace(_update(story_id, batch), facts=_facts(batch, most=most))


def _update(story_id: str, batch: StoryBatch) -> StoryUpdate:
    keys = tuple((a.id, a.revision) for a in batch.new)
    return StoryUpdate(
        id=derive_id("upd", "rules", story_id, *(f"{key} {revision}" for key, revision in keys)),
        story_id=story_id,
        articles=keys,
        sites=tuple(a.site for a in batch.new),
        as_of=max(a.published_at for a in batch.new),
        made_at=max(a.fetched_at for a in batch.new),
        written_by=Writer.EXTRACTS,
    )


def _naming(batch: StoryBatch, tolls: Tolls) -> list[Article]:
    """Return the new articles that may name the story: those that report, and have no toll that was overtaken where others do."""
    alone = len(batch.all) == 1
    reporting = [a for a in batch.new if is_report(a) and not (alone and is_feature(a))]
    current = [a for a in reporting if not is_overtaken(a.title, tolls, language=a.language or "en")]
    return current or reporting


def _status_of(new: Sequence[Article], tolls: Tolls, headline: str) -> Status | None:
    """Return the newest lead that says where the story stands, None where none of the newest day does.

    Of several one is told that says something else than ``headline``, and none with a toll that was overtaken.
    """
    newest = max(a.published_at for a in new)
    language = {a.id: a.language or "en" for a in new}
    found = [
        status
        for status in sorted(find_statuses(new), key=lambda s: (s.as_of, s.line), reverse=True)
        if newest - status.as_of <= RULES_STATUS_TIME
        and not is_overtaken(status.line, tolls, language=language[status.citation.article_id])
    ]
    return next(
        (s for s in found if not is_restated(s.line, [headline], least=BESIDE_SIMILARITY)),
        found[0] if found else None,
    )


def _other_title(status: Status, naming: Sequence[Article]) -> Statement | None:
    """Return a title above ``status`` that says something else: of another article, or of its own."""
    of_others = title_from([a for a in naming if a.id != status.citation.article_id] or naming)
    return of_others if of_others and not tells_the_same(status.line, of_others.text) else None


def _facts(
    batch: StoryBatch,
    *,
    headline: str = "",
    beside: str = "",
    used: Sequence[str] = (),
    most: int,
    of: str = "",
) -> tuple[Fact, ...]:
    fresh, old = batch.fresh
    said = [sentence.text for article in (*batch.earlier, *old) for sentence in article.sentences]
    select = functools.partial(
        choose,
        limit=most,
        known=said,
        headline=headline,
        beside=beside,
        used=used,
        least=MIN_WORTH_LOG_ODDS,
    )
    # Two outlets tell one event in other words, which no rule sees: a story is told from one of them.
    chosen = select([a for a in fresh if a.id == of]) or select(fresh)
    if not batch.begins:
        # A page on a story of these days repeats it: of what it says below only what it dates is news.
        chosen = chosen[:1] + [one for one in chosen[1:] if names_near_day(one.text, one.article)]
    return tuple(map(_fact, chosen))


def _lead_fact(said: Statement, batch: StoryBatch) -> Iterator[Fact]:
    """Yield the sentence of a report as a fact, unless an earlier article says the same."""
    before = (sentence.text for article in batch.earlier for sentence in article.sentences)
    if not is_restated(said.text, before):
        (cited,) = said.citations
        yield Fact(id=derive_id("fct", cited.article_id, said.text), text=f"{said.text}.", citations=(cited,))


def _passes_that_day(fact: Fact, batch: StoryBatch) -> bool:
    """Return whether ``fact`` is of something still ahead on the day of its article: the next morning it is told no more."""
    (day,) = {a.own_day for a in batch.new if a.id == fact.citations[0].article_id}
    return max(days_ahead(fact.text, written=day), default=None) == day


def _fact(extract: Extract) -> Fact:
    cited = extract.article.cite(extract.sentence.number)
    # Named by what it says in its article: an edit that leaves the sentence leaves the fact.
    return Fact(id=derive_id("fct", extract.article.id, extract.text), text=extract.text, citations=(cited,))


def _line(status: Status, new: Sequence[Article]) -> StatusLine:
    day = next(a.own_day for a in new if a.id == status.citation.article_id)
    return StatusLine(text=status.line, said_by=status.said_by, as_of=day, citations=(status.citation,))


def _actor(one: Actor) -> UpdateActor:
    return UpdateActor(
        name=one.name,
        aliases=one.aliases,
        role=one.role,
        position=one.position,
        citations=tuple(dict.fromkeys((one.citation, one.role_citation or one.citation))),
    )


def _figures(batch: StoryBatch, figures: Sequence[Counted]) -> Iterator[UpdateFigure]:
    """Yield the figures of the new articles, the most important last, as a ledger has them."""
    for one in reversed(figures):
        figure = figure_of(one)
        if batch.has(figure.citation):
            yield UpdateFigure(
                value=figure.value,
                counts=figure.counts,
                claimant=figure.claimant,
                as_of=figure.as_of.date(),
                series=one.count.series,
                citations=(figure.citation,),
            )


def _announcement(one: Announcement) -> UpdateAnnouncement:
    return UpdateAnnouncement(
        id=_announcement_id(one),
        what=one.what,
        when=one.when,
        due=one.due,
        due_end=one.due_end,
        announced_by=one.announced_by,
        citations=(one.citation,),
    )


def _announcement_id(one: Announcement) -> str:
    return derive_id("ann", one.citation.article_id, one.what, str(one.due))


def _outcomes(announcements: Iterable[Announcement], batch: StoryBatch) -> Iterator[SettledAnnouncement]:
    """Yield what the new articles report of what was announced in them or before."""
    for expected in announcements:
        became = outcome_of(expected, batch.new)
        if became.settled_by:
            yield SettledAnnouncement(
                announcement=_announcement_id(expected),
                outcome=_OUTCOMES[became.outcome],
                citations=(became.settled_by,),
            )

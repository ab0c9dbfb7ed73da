"""What stories remember of a question's subject: of what a model read its ledger and facts, else what rules kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.answers.asked import QuestionKind
from bot.answers.ledger_answers import LedgerAnswer, ToldFact, cited_articles, from_ledger
from bot.blocking import run_blocking
from bot.flows.answer.retrieve import Retrieved
from bot.flows.ingest.update_ledgers import ledger_rows
from bot.model.answer import Nearest, Passage
from bot.model.news import Article
from bot.model.story import Ledger, LedgerEntry, Story
from bot.store import Store
from bot.stories.history import ledger_at
from bot.stories.view import public_ledger

MAX_STORIES = 3  # named beside an answer
LEDGER_KINDS = frozenset(
    {QuestionKind.STATUS, QuestionKind.CHANGED, QuestionKind.FIGURE, QuestionKind.NEXT, QuestionKind.WHO}
)  # asked of ledgers first

Articles = Mapping[tuple[str, int], Article]


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The stories a question is about, and what their ledgers say to it."""

    stories: tuple[Nearest, ...] = ()
    from_ledgers: LedgerAnswer = field(default_factory=LedgerAnswer)
    articles: Articles = field(default_factory=dict)  # that the ledgers rest on


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReadStory:
    """What a model's updates know of a story."""

    ledger: Ledger
    facts: tuple[ToldFact, ...]
    articles: Articles


async def remember(consulted: Retrieved, *, store: Store, threshold: float) -> Memory:
    """Return the stories the question is about, and what the first one's ledger says to it."""
    question, asked = consulted.question, consulted.asked
    ids = consulted.subjects[:MAX_STORIES]
    by_id = {story.id: story for story in await store.stories.get(ids, by=question.scope)}
    stories = [by_id[story_id] for story_id in ids if story_id in by_id]
    read = await _read_by_model(stories, consulted, store=store)
    unread = [story for story in stories if story.id not in read]
    rows = await ledger_rows(unread, store=store, timezone=question.timezone, by=question.scope)
    near = tuple(
        Nearest(story_id=story.id, headline=story.title, status=read[story.id].ledger.status)
        if story.id in read
        else _near(story, rows[story.id], consulted)
        for story in stories
    )
    meant = bool(ids) and (consulted.support.value >= threshold or ids[0] in question.stories)
    if stories and meant and stories[0].id in read:
        return _told(consulted, near, read[stories[0].id])
    if not stories or not meant or asked.kind not in LEDGER_KINDS:
        return Memory(stories=near)
    entries = tuple(row for row in rows[stories[0].id] if row.recorded_at <= asked.known_by)
    # As they stood then: what an edit had taken out is not told.
    known = await store.articles.as_of(sorted(cited_articles(entries)), asked.known_by)
    articles = {(a.id, a.revision): a for a in known}
    stated = from_ledger(
        asked,
        ledger_at(stories[0].id, entries, at=asked.known_by, today=consulted.today),
        entries,
        weights=consulted.weights,
        articles=articles,
        today=consulted.today,
    )
    return Memory(stories=near, from_ledgers=stated, articles=articles)


async def _read_by_model(
    stories: Sequence[Story], consulted: Retrieved, *, store: Store
) -> dict[str, _ReadStory]:
    """Return what is known of those of ``stories`` that a model read, as of when the answer is known."""
    known_by = consulted.asked.known_by
    updates = await store.updates.of([story.id for story in stories], by=consulted.question.scope)
    found = {}
    for story in stories:
        made = [update for update in updates[story.id] if update.made_at <= known_by]
        if made:
            revisions = await store.articles.revisions(story.article_ids)
            articles = [a for a in revisions if a.fetched_at <= known_by]
            known, ledger = await run_blocking(public_ledger, story.id, made, articles)
            facts = tuple(
                ToldFact(citation=fact.fact.citations[0], as_of=fact.as_of)
                for fact in known.facts
                if not fact.superseded_by
            )
            found[story.id] = _ReadStory(
                ledger=ledger, facts=facts, articles={(a.id, a.revision): a for a in articles}
            )
    return found


def _told(consulted: Retrieved, near: tuple[Nearest, ...], story: _ReadStory) -> Memory:
    """Return what a story that a model read says to the question: by its ledger first, then by its facts."""
    stated = from_ledger(
        consulted.asked,
        story.ledger,
        (),
        weights=consulted.weights,
        articles=story.articles,
        today=consulted.today,
        facts=story.facts,
    )
    return Memory(stories=near, from_ledgers=stated, articles=story.articles)


def _near(story: Story, rows: Sequence[LedgerEntry], consulted: Retrieved) -> Nearest:
    ledger = ledger_at(story.id, rows, at=consulted.asked.known_by, today=consulted.today)
    return Nearest(story_id=story.id, headline=story.title, status=ledger.status)


def passages_of(memory: Memory) -> tuple[Passage, ...]:
    """Return the sentences a ledger answers with as passages for a model."""
    return tuple(
        Passage(article=memory.articles[c.article_id, c.revision], sentences=c.sentences, score=0.0)
        for statement in memory.from_ledgers.statements
        for c in statement.citations
    )

"""Look up the ledgers of the stories that a question is about: from a model's updates if there are any, else from rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.answers.asked import QuestionKind
from bot.answers.ledger_answers import CitedFact, LedgerAnswer, from_ledger
from bot.flows.answer.retrieve import Retrieved
from bot.flows.rules.reader import RulesReader
from bot.flows.story_timeline import StoryTimeline, story_timelines
from bot.model.conversation.answer import Nearest, Passage
from bot.model.news import Article
from bot.store import Store

MAX_ANSWER_STORIES = 3  # named beside an answer
LEDGER_KINDS = frozenset(
    {QuestionKind.STATUS, QuestionKind.CHANGED, QuestionKind.FIGURE, QuestionKind.NEXT, QuestionKind.WHO}
)  # asked of ledgers first

Articles = Mapping[tuple[str, int], Article]


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The stories that a question is about, and the answers of their ledgers."""

    stories: tuple[Nearest, ...] = ()
    from_ledgers: LedgerAnswer = field(default_factory=LedgerAnswer)
    articles: Articles = field(default_factory=dict)  # that the ledgers rest on


async def read_memory(
    consulted: Retrieved, *, store: Store, threshold: float, rules: RulesReader | None = None
) -> Memory:
    """Return the stories that the question is about, and the answer of the first one's ledger."""
    question, asked = consulted.question, consulted.asked
    ids = consulted.subjects[:MAX_ANSWER_STORIES]
    by_id = {story.id: story for story in await store.stories.get(ids, by=question.scope)}
    stories = [by_id[story_id] for story_id in ids if story_id in by_id]
    timelines = await story_timelines(stories, store=store, at=asked.known_by, by=question.scope, rules=rules)
    near = tuple(
        Nearest(
            story_id=story.id,
            headline=story.title,
            status=timelines[story.id].by(asked.known_by, timezone=question.timezone).status,
        )
        for story in stories
    )
    meant = bool(ids) and (consulted.support.value >= threshold or ids[0] in question.stories)
    if not stories or not meant:
        return Memory(stories=near)
    timeline = timelines[stories[0].id]
    if not timeline.read and asked.kind not in LEDGER_KINDS:
        return Memory(stories=near)
    # The revisions of that time, without sentences that an edit had removed.
    articles = {(a.id, a.revision): a for a in timeline.articles}
    stated = from_ledger(
        asked,
        timeline.by(asked.known_by, timezone=question.timezone),
        timeline.rows,
        weights=consulted.weights,
        articles=articles,
        today=consulted.today,
        facts=_facts(timeline),
    )
    return Memory(stories=near, from_ledgers=stated, articles=articles)


def _facts(timeline: StoryTimeline) -> tuple[CitedFact, ...]:
    """Return what a model read as facts; sentences that rules took from articles are found as passages."""
    if not timeline.now or not timeline.read:
        return ()
    return tuple(
        CitedFact(citation=known.fact.citations[0], as_of=known.as_of)
        for known in timeline.now.ledger.current_facts
    )


def passages_of(memory: Memory) -> tuple[Passage, ...]:
    """Return the sentences of a ledger's answer as passages for a model."""
    return tuple(
        Passage(article=memory.articles[c.article_id, c.revision], sentences=c.sentences, score=0.0)
        for statement in memory.from_ledgers.statements
        for c in statement.citations
    )

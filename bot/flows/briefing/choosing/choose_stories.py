"""Choose the stories of a briefing: in the order of their rank, with or without a model, until enough have news.

ranked by name ──no model──▶ all of the first are told ──ranked by what they tell──┬──▶ told, and named what did not fit
               └──model──▶ read in order until enough have news ───────────────────┘
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.briefings.known import readable_part, status_changed, unchanged_line
from bot.briefings.memory import ChannelMemory
from bot.config import BriefingSettings
from bot.faults import Faults
from bot.flows.briefing.choosing.elsewhere import keep_and_assign
from bot.flows.briefing.choosing.rank_stories import can_wait, in_order, rank_contexts
from bot.flows.briefing.context import StoryContext
from bot.flows.briefing.draft import StoryDraft
from bot.flows.briefing.gather import BriefingInput
from bot.flows.briefing.quote import quoting
from bot.flows.briefing.revisions import where_now
from bot.flows.briefing.session import ModelSession
from bot.flows.briefing.write import Written, tell_stories, write_stories
from bot.flows.rules.reader import RulesReader
from bot.flows.updates.story import Claim, StoryReader, claim_in
from bot.flows.updates.work import Keep
from bot.language.text_cache import text_cached
from bot.model.briefing import OtherStory, SentStory, StoryBrief, Unchanged, Writer
from bot.model.ledger import line_id
from bot.model.news import Article, sentences_of
from bot.model.story import Status
from bot.store import Store
from bot.stories.rank import RankedCandidate
from bot.stories.retold import retold
from bot.updates.by_rules.headline import headline_from

READ_STORIES_PER_PRINTED = 2  # stories read for one that is told
MAX_OTHER_STORIES = 20  # stories named that did not fit
MAX_EARLIER_SENTENCES = 400  # of what was read before, with which a new fact is compared
MAX_CACHED_LINES = 8_192  # whose ids are kept: each briefing asks for those of all that its channel was sent
MAX_NAMING_ARTICLES = 8  # newest articles of a story whose titles can be its headline


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenStories:
    """The stories of a briefing, and stories known to the channel without news."""

    written: tuple[Written, ...]  # most important first
    unchanged: tuple[Unchanged, ...]
    passed_over: tuple[Written, ...] = ()  # with nothing new to tell, or no room
    more: tuple[OtherStory, ...] = ()  # the first of those with news that did not fit
    more_count: int = 0  # how many these are


def most_quoted(settings: BriefingSettings) -> int:
    """Return how many stories are quoted for a briefing: those that may be shown, and those named after them."""
    return READ_STORIES_PER_PRINTED * settings.stories + MAX_OTHER_STORIES


async def quoted_stories(
    inputs: BriefingInput,
    ranked: Sequence[StoryBrief],
    *,
    settings: BriefingSettings,
    rules: RulesReader,
    faults: Faults,
) -> ChosenStories:
    """Return the first of the ``ranked`` stories, quoted without a model; the others are counted."""
    first, beyond = ranked[: most_quoted(settings)], ranked[most_quoted(settings) :]
    drafts = drafts_of(inputs, first, by_rules=True)
    written = await tell_stories(drafts, at=inputs.at, timezone=settings.timezone, rules=rules, faults=faults)
    news = [w for w in written if w.brief and _has_headline(w.draft)]
    ordered = _in_order(news, inputs, settings=settings)
    rest = [w.brief for w in ordered[settings.stories :] if w.brief]
    return ChosenStories(
        written=ordered[: settings.stories],
        unchanged=_unchanged([w for w in written if not w.brief], inputs),
        passed_over=tuple(w for w in written if w not in news),
        more=_others(rest[:MAX_OTHER_STORIES], inputs),
        more_count=len(rest) + len(beyond),
    )


async def read_stories(
    inputs: BriefingInput,
    ranked: Sequence[StoryBrief],
    *,
    settings: BriefingSettings,
    session: ModelSession,
    store: Store,
    keep: bool,
    rules: RulesReader,
    faults: Faults,
) -> ChosenStories:
    """Return the first of the ``ranked`` stories with news, as a model read them.

    At most twice as many stories are read as shown. What was read decides their order; stories that do not fit are named.
    """
    most = READ_STORIES_PER_PRINTED * settings.stories
    waiting, beyond = ranked[:most], ranked[most:]
    chosen: list[Written] = []
    nothing_new: list[Written] = []
    started = asyncio.get_running_loop().time()
    # For those that the model fails on, and those that are only named.
    async with quoting(drafts_of(inputs, ranked[: most_quoted(settings)]), rules=rules):
        # News that can wait may lose its place to what is read after it.
        while waiting and (missing := settings.stories - sum(not _can_wait(w, inputs) for w in chosen)) > 0:
            some, waiting = waiting[:missing], waiting[missing:]
            left = session.seconds - (asyncio.get_running_loop().time() - started)
            for written in await written_by_model(
                drafts_of(inputs, some),
                session=replace(session, deadline=max(0.0, left)),
                at=inputs.at,
                timezone=settings.timezone,
                keep=keep_and_assign(store) if keep else None,
                claim=claim_in(store, session.claims, by=inputs.by) if keep else None,
                rules=rules,
                faults=faults,
            ):
                (chosen if written.brief else nothing_new).append(written)
    others = [*waiting, *beyond][: most_quoted(settings)]
    further = await tell_stories(
        drafts_of(inputs, others), at=inputs.at, timezone=settings.timezone, rules=rules, faults=faults
    )
    # Those that can wait come last, to fill what room there is.
    fitting = sorted(_in_order(chosen, inputs, settings=settings), key=lambda w: _can_wait(w, inputs))
    shown, unshown = fitting[: settings.stories], fitting[settings.stories :]
    more = [w.brief for w in (*unshown, *further) if w.brief]
    return ChosenStories(
        written=_in_order(shown, inputs, settings=settings),
        unchanged=_unchanged(nothing_new, inputs),
        passed_over=(*nothing_new, *unshown),
        more=_others(more[:MAX_OTHER_STORIES], inputs),
        more_count=len(more) + len(waiting) + len(beyond) - len(others),
    )


def _can_wait(written: Written, inputs: BriefingInput) -> bool:
    return written.brief is not None and can_wait(written.brief, followed=inputs.chosen)


def _has_headline(draft: StoryDraft) -> bool:
    """Return whether a title or first sentence of a new story reports news, unlike those of a guide or shop."""
    return bool(draft.memory.story or draft.by_rules is None or draft.by_rules.ledger.headline)


def _unchanged(nothing_new: Iterable[Written], inputs: BriefingInput) -> tuple[Unchanged, ...]:
    """Return those of the stories with ``nothing_new`` that the channel follows and of which a model read all.

    Rules tell what they are sure of: that they tell nothing of an article does not mean that it has nothing new.
    """
    known = inputs.followed
    return tuple(
        line
        for w in nothing_new
        if w.all_read
        and (sent := known.get(w.draft.brief.story_id))
        and (
            line := unchanged_line(
                _shown(sent, w.draft.articles), _newest(w), otherwise=w.draft.brief.headline
            )
        )
    )


def _shown(sent: SentStory, articles: Iterable[Article]) -> SentStory:
    return readable_part(sent, {a.id for a in articles})


def _newest(written: Written) -> Status | None:
    return written.public.status


def _in_order(
    chosen: Sequence[Written], inputs: BriefingInput, *, settings: BriefingSettings
) -> tuple[Written, ...]:
    """Return the stories ranked by their news: a change of status, or a key fact, moves up."""
    by_story = {w.draft.brief.story_id: w for w in chosen}
    briefs = [w.brief for w in chosen if w.brief]
    ordered = in_order(briefs, _ranked(inputs, briefs, settings=settings))
    return tuple(replace(by_story[brief.story_id], brief=brief) for brief in ordered)


def _others(briefs: Sequence[StoryBrief], inputs: BriefingInput) -> tuple[OtherStory, ...]:
    """Return ``briefs`` with headlines of their new articles, not with the headlines that were sent."""
    contexts = {context.story.id: context for context in inputs.moved}
    others = []
    for brief in briefs:
        fresh = [a for a in contexts[brief.story_id].articles if a.id in inputs.fresh]
        quoted = brief.writer is Writer.EXTRACTS and fresh
        headline = headline_from(_newest_of(fresh)) if quoted else brief.headline
        others.append(OtherStory(story_id=brief.story_id, section=brief.section, headline=headline))
    return tuple(others)


def ranked_by_name(inputs: BriefingInput, *, settings: BriefingSettings) -> list[StoryBrief]:
    """Return the stories with news, by their headline alone, ranked by their articles and by what was read before.

    A briefing reads at most ``READ_STORIES_PER_PRINTED`` times as many stories as it shows.
    """
    briefs = [named(context, inputs.sent.get(context.story.id)) for context in inputs.moved]
    place = {r.story_id: i for i, r in enumerate(_ranked(inputs, briefs, settings=settings))}
    return sorted(briefs, key=lambda brief: place[brief.story_id])


def named(context: StoryContext, sent: SentStory | None = None) -> StoryBrief:
    """Return the story of ``context`` with the headline of its newest articles, and without their sentences."""
    changed = sent and status_changed(context.ledger.status, sent.status)
    return StoryBrief(
        story_id=context.story.id,
        headline=headline_from(_newest_of(context.articles)),
        bullets=(),
        status=context.ledger.status if changed else None,
        previous_status=sent.status if sent and changed else None,
        corroboration=context.corroboration,
        writer=Writer.EXTRACTS,
    )


def _newest_of(articles: Iterable[Article]) -> list[Article]:
    return sorted(articles, key=lambda a: a.sort_key)[-MAX_NAMING_ARTICLES:]


def _ranked(
    inputs: BriefingInput, briefs: Sequence[StoryBrief], *, settings: BriefingSettings
) -> tuple[RankedCandidate, ...]:
    return rank_contexts(
        inputs.moved,
        briefs,
        since=inputs.since,
        settings=settings,
        now=inputs.at,
        chosen=inputs.chosen,
        fresh=inputs.fresh,
    )


def _background(inputs: BriefingInput, context: StoryContext) -> frozenset[str]:
    """Return the articles of ``context`` (ids) that are no news to the channel.

    Of a story that it was sent before facts and sentences were recorded, all that was there by then is old.
    """
    sent = inputs.sent.get(context.story.id)
    old = inputs.background(context)
    until = (sent.before if sent.before or sent.sentences else sent.sent_at) if sent else None
    return old | {a.id for a in context.articles if until and a.fetched_at <= until}


def _retold(context: StoryContext, sent: SentStory | None) -> frozenset[str]:
    """Return the articles of ``context`` (ids) that came since the channel was ``sent`` the story and tell it over again."""
    came = {a.id for a in context.articles if sent and a.fetched_at > sent.sent_at}
    return retold(context.articles, among=came) if came else frozenset()


def _earlier(context: StoryContext, sent: SentStory | None) -> tuple[str, ...]:
    """Return the sentences of ``context`` that had been read when the channel was ``sent`` the story, the newest articles first."""
    read = {key for u in context.updates if sent and u.made_at <= sent.sent_at for key in u.articles}
    known = (a for a in reversed(context.articles) if (a.id, a.revision) in read)
    return tuple(s.text for a in known for s in a.sentences)[:MAX_EARLIER_SENTENCES]


def drafts_of(
    inputs: BriefingInput, briefs: Sequence[StoryBrief], *, by_rules: bool = False
) -> list[StoryDraft]:
    """Return ``briefs`` of stories with news, with the input that their reading needs; ``by_rules`` if no model reads them."""
    contexts = {context.story.id: context for context in inputs.moved}
    followed = inputs.followed
    facts = frozenset(
        one for sent in inputs.sent.values() for one in (*sent.facts, *map(_id_of_line, sent.statements))
    )
    cited = [c for sent in inputs.sent.values() for c in sent.sentences]
    sentences = sentences_of(cited)
    return [
        StoryDraft(
            brief=brief,
            articles=context.articles,
            updates=context.updates,
            by_rules=context.by_rules if by_rules else None,
            older=context.older,
            memory=ChannelMemory(
                story=_shown(sent, context.articles) if (sent := inputs.sent.get(brief.story_id)) else None,
                facts=facts,
                sentences=sentences | where_now(cited, (*context.articles, *context.older)),
                background=_background(inputs, context),
                retold=_retold(context, inputs.sent.get(brief.story_id)),
                earlier=_earlier(context, inputs.sent.get(brief.story_id)),
                interests=inputs.interests,
            ),
            scope=inputs.by,
            followed=brief.story_id in followed or brief.story_id in inputs.chosen,
        )
        for brief in briefs
        for context in [contexts[brief.story_id]]
    ]


@text_cached(maxsize=MAX_CACHED_LINES)
def _id_of_line(text: str) -> str:
    return line_id(text)


async def written_by_model(
    drafts: Sequence[StoryDraft],
    *,
    session: ModelSession,
    at: datetime,
    timezone: str,
    keep: Keep | None = None,
    claim: Claim | None = None,
    rules: RulesReader,
    faults: Faults | None = None,
) -> list[Written]:
    """Return ``drafts`` as the model of ``session`` reads them; near the ceiling of its budget only the first half."""
    reader = await session.reader()
    return await write_stories(
        drafts,
        stories=StoryReader(reader=reader, at=at, keep=keep, claim=claim, every=session.every),
        timezone=timezone,
        most=session.most(len(drafts)),
        deadline=session.seconds,
        rules=rules,
        faults=faults,
    )

"""The program with everything it needs, and what it can do: what the command line and the running bot call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.config import Config
from bot.config.time_limits import TimeLimits
from bot.errors import InputError
from bot.feeds.workers.pool import WorkerPool
from bot.flows.answer.ask import ask
from bot.flows.answer.offered import with_questions
from bot.flows.answer.rerank import LazyEncoder
from bot.flows.answer.story import StoryView, view_story
from bot.flows.answer.watch import check_watches
from bot.flows.answer.with_model import Emit
from bot.flows.briefing.adhoc_briefing import brief_articles
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.choosing.rank_stories import RankedStory, ranked_stories
from bot.flows.briefing.replay import Replay, StoredBriefing, replay, stored_briefing
from bot.flows.briefing.session import ModelSession
from bot.flows.ingest.feed_discovery import Check, find_feed
from bot.flows.ingest.ingest import IngestReport, Progress, ingest
from bot.flows.ingest.services import ReadingServices
from bot.flows.ingest.sites import known_outlets
from bot.flows.lease import hold_lease
from bot.flows.link.adhoc_articles import read_adhoc_article
from bot.flows.link.link import LinkServices, read_links
from bot.flows.maintenance.edit_stories import merge_stories, split_story
from bot.flows.notify import notifier
from bot.flows.requests.context import RequestServices
from bot.flows.requests.dispatch import RequestDispatcher
from bot.flows.rules.reader import Readings, RulesReader, new_readings
from bot.flows.story_timeline import story_timelines
from bot.flows.updates.claims import StoryClaims
from bot.flows.updates.prompts import random_fence
from bot.kinds import Kind
from bot.language.text_cache import TextCaches
from bot.llm.build import nothing_spent
from bot.model.briefing import Briefing
from bot.model.chat import Channel
from bot.model.conversation.answer import Answer, Question
from bot.model.conversation.link import LinkBrief
from bot.model.scope import SHARED, Scope, Visibility
from bot.model.story_edit import StoryEdit
from bot.ports import Chat, Fetcher, LanguageModel
from bot.store import Store
from bot.tracing import span

# The channel of questions on the command line.
CONSOLE = Scope(channel="console", visibility=Visibility.CHANNEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The program with everything it needs, and what it can do."""

    config: Config
    store: Store
    fetcher: Fetcher
    workers: WorkerPool
    text_caches: TextCaches
    now: Callable[[], datetime]
    kinds: Mapping[str, Kind]
    model: LanguageModel | None = None
    fence: Callable[[str], str] = (
        random_fence  # gives the code word around what a model is shown from outside
    )
    each_model: Mapping[str, LanguageModel] = field(default_factory=dict)  # configured ones, by their section
    share_spent: Callable[[], Awaitable[float]] = nothing_spent  # of the model's budget, from 0
    encoder: LazyEncoder | None = None
    claims: StoryClaims = field(default_factory=StoryClaims)  # the stories that are being read
    readings: Readings = field(default_factory=new_readings)  # what rules read of stories

    @property
    def reading(self) -> ReadingServices:
        """The services that read feeds, pages and files."""
        return ReadingServices(fetcher=self.fetcher, workers=self.workers, settings=self.config.fetch)

    @property
    def rules(self) -> RulesReader:
        """The reader of stories by rules."""
        return RulesReader(workers=self.workers, store=self.store, now=self.now, kept=self.readings)

    async def ingest(
        self, *, everything: bool = False, retry: bool = False, progress: Progress | None = None
    ) -> IngestReport:
        """Read the due feeds once; raises ``LostLease`` if another process does it, or has taken over."""
        async with hold_lease(self.store.leases, "ingest", now=self.now) as check_lease:
            report = await ingest(
                store=self.store,
                services=self.reading,
                now=self.now,
                pins=self.config.outlets,
                everything=everything,
                retry=retry,
                progress=progress,
                check_lease=check_lease,
            )
        # No other process reads them while the lease is held.
        if report.articles_new or report.articles_edited:
            await self.store.feeds.tell_of_articles()
        return report

    async def with_questions(self, briefing: Briefing, by: Scope) -> Briefing:
        """Return ``briefing`` with the questions that its readers, who may read what ``by`` may, are offered."""
        return await with_questions(
            briefing, store=self.store, settings=self.config.answers, by=by, rules=self.rules
        )

    async def brief_channel(self, channel: str) -> Briefing:
        """Return the briefing of ``channel`` as of now, and remember that it was sent."""
        return await brief_channel(
            store=self.store,
            channel=channel,
            scope=replace(CONSOLE, channel=channel),
            settings=self.config.briefings,
            now=self.now(),
            session=await self.session(),
            rules=self.rules,
            offer=self.with_questions,
        )

    async def brief_adhoc_articles(
        self, what: Sequence[str], *, day: date | None = None, progress: Progress | None = None
    ) -> Briefing:
        """Return the briefing of files and links; raises a ``WirebriefError`` for one that cannot be read.

        ``day`` is the day of publication, if the person gave it.
        """
        articles = []
        for done, name in enumerate(dict.fromkeys(what), 1):
            articles.append(
                await read_adhoc_article(
                    name,
                    services=self.reading,
                    now=self.now(),
                    day=day,
                    known=known_outlets(self.config.outlets),
                )
            )
            if progress:
                progress("Reading articles", done, len(what))
        return await brief_articles(
            articles,
            settings=self.config.briefings,
            now=self.now(),
            session=await self.session(),
            rules=replace(self.rules, store=None),
        )

    async def link(
        self, urls: Sequence[str], *, scope: Scope = CONSOLE, fresh: bool = False
    ) -> list[LinkBrief]:
        """Return what the pages at ``urls`` say, compared with the stored stories, for the destination ``scope``.

        With ``fresh`` a page that was read before is read again.
        """
        session = await self.session()
        return await read_links(
            urls,
            scope=scope,
            services=LinkServices(
                store=self.store,
                reading=self.reading,
                briefings=self.config.briefings,
                outlets=known_outlets(self.config.outlets, await self.store.feeds.all(by=SHARED)),
                rules=self.rules,
            ),
            now=self.now(),
            fresh=fresh,
            session=replace(session, workspace=scope.workspace) if session else None,
        )

    async def ask(self, question: Question, *, emit: Emit | None = None) -> Answer:
        """Return the answer to ``question``; ``emit`` gets each statement as soon as it can be shown."""
        session = await self.session()
        with span("answer") as one:
            ours = replace(session, workspace=question.workspace) if session else None
            answer = await self._answer(question, session=ours, emit=emit)
            one.set(answer=answer.id)
            return answer

    async def _answer(
        self, question: Question, *, session: ModelSession | None = None, emit: Emit | None = None
    ) -> Answer:
        settings = self.config.answers
        return await ask(
            question,
            store=self.store,
            settings=settings,
            session=session,
            emit=emit,
            encoder=self.encoder,
            rules=self.rules,
        )

    async def check_watches(self, chats: Mapping[str, Chat]) -> int:
        """End the watches that can be answered now or have expired; return their number."""

        async def again(question: Question) -> Answer:
            # Without a model: a question that waits is asked at every ingest.
            return await self._answer(question)

        return await check_watches(store=self.store, chats=chats, ask=again, now=self.now())

    def request_dispatcher(
        self, *, chats: Mapping[str, Chat], wake: Callable[[], Awaitable[None]]
    ) -> RequestDispatcher:
        """Return the handler of requests of all platforms; ``wake`` starts due deliveries at once."""
        return RequestDispatcher(
            services=RequestServices(
                store=self.store,
                chats=chats,
                config=self.config,
                now=self.now,
                ask=self.ask,
                link=self.link,
                session=self.session,
                notify=notifier(store=self.store, now=self.now),
                wake=wake,
                find_feed=self.find_feed,
                rules=self.rules,
            )
        )

    async def find_feed(self, url: str, scope: Scope, number: int = 0, *, operator: bool = False) -> Check:
        """Return the feed at ``url``, or the one that its page names, in ``scope``; nothing is stored.

        ``number`` chooses one of several. Raises as ``find_feed`` does.
        """
        return await find_feed(url, scope=scope, services=self.reading, operator=operator, number=number)

    @property
    def admin_channel(self) -> Channel | None:
        """The channel that notices are posted to."""
        name = self.config.run.admin_channel
        return Channel.read(name) if name else None

    def clear_caches(self) -> None:
        """Clear the text caches of this process and its parser processes."""
        self._forget_texts()
        self.workers.replace()

    def _forget_texts(self) -> None:
        self.text_caches.clear()
        self.readings.clear()

    async def prune(self) -> None:
        """Delete data that is older than its retention time."""
        await self.store.prune(keep=self.config.keep, now=self.now())

    async def session(self) -> ModelSession | None:
        """Return a session of the configured model with its remaining budget; None if no model is configured."""
        if self.model is None:
            return None
        return ModelSession(
            model=self.model,
            used=await self.share_spent(),
            second_look=self.config.briefings.second_look,
            kinds=self.kinds,
            fence=self.fence,
            claims=self.claims,
            every=timedelta(hours=self.config.updates.min_hours),
            limits=self.time_limits,
        )

    @property
    def time_limits(self) -> TimeLimits:
        """How long the model is waited for."""
        return TimeLimits(deadline=self.config.model.deadline)

    async def story(self, name: str, *, at: datetime, by: Scope | None = SHARED) -> StoryView:
        """Return a story's ledger as the destination ``by`` could read it at ``at``; None is the operator.

        Raises ``InputError`` if no story has this name.
        """
        zone = self.config.briefings.timezone
        return await view_story(name, store=self.store, at=at, timezone=zone, by=by, rules=self.rules)

    async def rebuild(self, ids: Sequence[str]) -> int:
        """Compute the timelines of the stories ``ids`` again from stored data; return the number of their rows.

        Nothing is stored: it shows that all timelines can be computed, without a model. Raises ``InputError`` naming an unknown story.
        """
        self._forget_texts()
        stories = await self.store.stories.get(ids, by=None)
        missing = set(ids) - {story.id for story in stories}
        if missing:
            raise InputError(f"There is no story {min(missing)!r}", hint="List them with: wirebrief stories")
        timelines = await story_timelines(stories, store=self.store, at=self.now(), by=None, rules=self.rules)
        return sum(len(timeline.rows) for timeline in timelines.values())

    async def merge_stories(self, names: Sequence[str]) -> StoryEdit:
        """Merge the stories ``names`` into the first; raises ``LostLease`` while articles are being assigned."""
        async with hold_lease(self.store.leases, "ingest", now=self.now):
            return await merge_stories(names, store=self.store, now=self.now())

    async def split_story(self, name: str, articles: Sequence[str]) -> StoryEdit:
        """Split ``articles`` off a story; raises ``LostLease`` while articles are being assigned."""
        async with hold_lease(self.store.leases, "ingest", now=self.now):
            return await split_story(name, articles, store=self.store, now=self.now())

    async def stored_briefing(self, name: str) -> StoredBriefing:
        """Return a briefing with the record of how it was made; raises ``InputError`` if no briefing has this name."""
        return await stored_briefing(name, store=self.store)

    async def replay(self, name: str, *, again: bool = False) -> Replay:
        """Make a briefing again from what was known then; with ``again``, ask the configured model."""
        session = await self.session() if again else None
        stored = await self.stored_briefing(name)
        return await replay(stored, store=self.store, session=session, rules=self.rules)

    async def stories(self, *, since: datetime, limit: int, by: Scope | None = SHARED) -> list[RankedStory]:
        """Return the stories since ``since`` that ``by`` may read, most important first, explained; None is the operator."""
        return await ranked_stories(
            store=self.store,
            since=since,
            now=self.now(),
            limit=limit,
            interests=self.config.briefings.interests,
            by=by,
        )

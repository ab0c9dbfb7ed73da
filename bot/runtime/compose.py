"""The composition root: chooses the adapter of every port.

Config ──▶ open_app: App(store, fetcher, workers, model, now) ──▶ flows
       ──▶ open_chats: terminal, webhook, Slack, Discord

Adapters that take long to import and are not always needed are imported where they are chosen.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.answers.encoder import open_encoder
from bot.blocking import end_threads, run_blocking
from bot.chat.renderer import DiscordInvitation, PlatformRenderer
from bot.chat.terminal import TerminalChat
from bot.chat.webhook import WebhookChat
from bot.config import Config, Model
from bot.config.outbound import Outbound
from bot.feeds.fetch.allow_list import AllowList
from bot.feeds.fetch.archive import ArchiveFetcher
from bot.feeds.fetch.fetch import HttpFetcher
from bot.feeds.fetch.proxy import read_proxy
from bot.feeds.workers.pool import WorkerPool
from bot.flows.answer.rerank import LazyEncoder
from bot.flows.maintenance import backtest
from bot.flows.notify import notifier
from bot.flows.requests.suggest import suggest
from bot.flows.updates.claims import StoryClaims
from bot.flows.updates.prompts import random_fence
from bot.kinds import load_kinds
from bot.language.locale.phrases import load_languages
from bot.language.text_cache import open_text_caches
from bot.llm.build import nothing_spent, open_model
from bot.llm.observed import Observe, observe_nothing
from bot.llm.offline.recorded import RecordedModel, RecordingModel
from bot.llm.offline.scripted import ScriptedModel
from bot.llm.offline.scripted_replies import scripted_answer
from bot.llm.watched import ModelActivity, WatchedModel
from bot.model.record_key import fence_of
from bot.model.recorded_article import RecordedArticle
from bot.ports import Chat, Fetcher, LanguageModel
from bot.runtime.app import App
from bot.store import Store, open_store

if TYPE_CHECKING:
    from bot.chat.discord.render.layout import Style
    from bot.llm.client import OpenAIModel

PARSER_MODULES = (
    "bot.feeds.page.main_text",
    "bot.feeds.page.extract",
    "bot.feeds.document.parse",
    "bot.feeds.page.entry_text",
    "bot.flows.rules.work",
)  # imported by each worker before its first call


def utc_now() -> datetime:
    """Return the present time, aware, in UTC."""
    return datetime.now(UTC)


def scripted_model() -> LanguageModel:
    """Return the model that needs no key."""
    return ScriptedModel(scripted_answer)


def _named_folder(name: str) -> Path | None:
    return Path(name) if name else None


def lazy_encoder(folder: Path) -> LazyEncoder:
    """Return the encoder in ``folder``, which is opened when it is first needed."""
    return LazyEncoder(partial(open_encoder, folder))


def recorded_model(folder: Path) -> LanguageModel:
    """Return the model that answers with the replies recorded in ``folder``."""
    return RecordedModel(folder)


def open_store_alone(config: Config | None = None) -> AbstractAsyncContextManager[Store]:
    """Return the store of ``config``, which has to exist; without one an empty store in memory."""
    return open_store(config.database.url, must_exist=True) if config else open_store("sqlite:///")


@asynccontextmanager
async def open_app(
    config: Config,
    *,
    archive: bool = True,
    must_exist: bool = False,
    now: Callable[[], datetime] = utc_now,
    model: LanguageModel | None = None,
    record: Path | None = None,
    activity: ModelActivity | None = None,
    fetcher: Fetcher | None = None,
    observe: Observe = observe_nothing,
) -> AsyncIterator[App]:
    """Yield the program of ``config``; without ``archive`` nothing is stored beyond this run, and with ``must_exist`` no database is created.

    ``model`` replaces the configured one; replies are recorded in the folder ``record``, and
    calls are reported to ``activity``. ``observe`` gets each call of a configured model. ``fetcher`` replaces the outside world. Raises ``ConfigError`` or ``StoreError``.
    """
    allow = AllowList.parse(config.fetch.allow)
    kinds = await run_blocking(load_kinds, _named_folder(config.stories.kinds_folder))
    async with AsyncExitStack() as stack:
        stack.callback(end_threads)
        loading = asyncio.ensure_future(run_blocking(load_languages))  # beside what else is opened
        text_caches = stack.enter_context(open_text_caches())
        store = await stack.enter_async_context(
            open_store(config.database.url if archive else "sqlite:///", must_exist=must_exist and archive)
        )
        workers = await stack.enter_async_context(WorkerPool(config.fetch.workers, preload=PARSER_MODULES))
        outside = fetcher
        if outside is None:
            outside = await stack.enter_async_context(
                HttpFetcher(
                    user_agent=config.fetch.user_agent,
                    allow=allow,
                    concurrency=config.fetch.concurrency,
                    proxy=read_proxy(config.fetch.proxy.get_secret_value()),
                )
            )
        configured = None
        if model is None:
            configured = await stack.enter_async_context(
                open_model(
                    config,
                    open_client=partial(_open_client, config.run.outbound),
                    usage_ledger=store.model_calls,
                    now=now,
                    observe=observe,
                )
            )
        # What a replayed or computed reply answers has to be the same every time, also while replies are recorded.
        fence = fence_of if model or record else random_fence
        await loading
        yield App(
            config=config,
            store=store,
            fetcher=outside,
            workers=workers,
            text_caches=text_caches,
            now=now,
            kinds=kinds,
            model=_observed(model or configured, record=record, activity=activity),
            each_model={
                section: WatchedModel(one, activity) if activity else one
                for section, one in (configured.each.items() if configured else ())
            },
            share_spent=configured.share_spent if configured else nothing_spent,
            fence=fence,
            claims=StoryClaims(store.leases, now=now),
            encoder=lazy_encoder(Path(config.answers.encoder)) if config.answers.encoder else None,
        )


@asynccontextmanager
async def _open_client(outbound: Outbound, settings: Model) -> AsyncIterator[LanguageModel]:
    client = await run_blocking(_client)  # importing it takes as long as everything else together
    async with client(settings, proxy=outbound.proxy_of(settings.base_url)) as model:
        yield model


def _client() -> type[OpenAIModel]:
    from bot.llm.client import OpenAIModel

    return OpenAIModel


def _observed(
    model: LanguageModel | None, *, record: Path | None, activity: ModelActivity | None
) -> LanguageModel | None:
    """Return ``model`` with its replies recorded and its calls noted, where that is asked for."""
    if model and record:
        model = RecordingModel(model, record)
    return WatchedModel(model, activity) if model and activity else model


@asynccontextmanager
async def open_backtest(
    config: Config,
    articles: Sequence[RecordedArticle],
    *,
    timetable: backtest.DailyTime,
    model: LanguageModel | None = None,
    record: Path | None = None,
    activity: ModelActivity | None = None,
) -> AsyncIterator[tuple[App, AsyncIterator[backtest.BacktestMorning]]]:
    """Yield the program with ``articles`` as its outside world, and its mornings; nothing is stored but replies in ``record``."""
    clock = backtest.Clock(at=timetable.morning(backtest.mornings(articles, timetable=timetable)[0]))
    archive = ArchiveFetcher(articles, now=clock.now)
    async with open_app(
        backtest.unlimited(config),
        archive=False,
        now=clock.now,
        model=model,
        record=record,
        activity=activity,
        fetcher=archive,
    ) as app:
        await app.store.feeds.add(archive.feeds())
        played = backtest.run_backtest(
            articles,
            clock=clock,
            timetable=timetable,
            ingest=partial(app.ingest, everything=True),
            brief=app.brief_channel,
            store=app.store,
        )
        yield app, played


@asynccontextmanager
async def open_chats(
    config: Config, *, store: Store, now: Callable[[], datetime] = utc_now
) -> AsyncIterator[dict[str, Chat]]:
    """Yield every platform of ``config``, by name; raises ``ConfigError`` for one that cannot work."""
    async with AsyncExitStack() as stack:
        webhooks = await stack.enter_async_context(WebhookChat(config.webhooks, outbound=config.run.outbound))
        chats: dict[str, Chat] = {"console": TerminalChat(), "webhook": webhooks}
        if config.slack.is_set:
            from bot.chat.slack.setup import open_slack

            keys = config.slack.encryption_keys
            chats["slack"] = await stack.enter_async_context(
                open_slack(
                    config.slack,
                    installations=store.installations(*keys) if keys else None,
                    replays=store.seen_requests,
                    now=now,
                    tell=notifier(store=store, now=now),
                    outbound=config.run.outbound,
                )
            )
        if config.discord.token.get_secret_value():
            from bot.chat.discord.setup import open_discord

            chats["discord"] = await stack.enter_async_context(
                open_discord(
                    config.discord,
                    now=now,
                    suggest=partial(suggest, store=store, now=now),
                    tell=notifier(store=store, now=now),
                    outbound=config.run.outbound,
                    grace=timedelta(hours=config.run.grace_hours),
                )
            )
        yield chats


def renderer_of(platform: str, *, style: Style = "components") -> PlatformRenderer:
    """Return how ``platform`` (slack, discord) is sent things; ``style`` is how messages are built on Discord."""
    return _slack_renderer() if platform == "slack" else _discord_renderer(style)


def _slack_renderer() -> PlatformRenderer:
    from bot.chat.slack.forms import form_view
    from bot.chat.slack.render.form import MAX_SLACK_FORM_FIELDS
    from bot.chat.slack.render.message import render, render_reply

    form = partial(form_view, origin={})
    return PlatformRenderer(briefing=render, reply=render_reply, form=form, max_fields=MAX_SLACK_FORM_FIELDS)


def _discord_renderer(style: Style) -> PlatformRenderer:
    from bot.chat.discord.render.form import MAX_DISCORD_FORM_FIELDS, render_form
    from bot.chat.discord.render.message import render, render_reply

    return PlatformRenderer(
        briefing=partial(render, style=style),
        reply=partial(render_reply, style=style),
        form=render_form,
        max_fields=MAX_DISCORD_FORM_FIELDS,
    )


def slack_manifest(*, public_url: str, many: bool) -> str:
    """Return the manifest of the Slack app: without ``public_url`` for Socket Mode, with ``many`` for many workspaces."""
    from bot.chat.slack.manifest import manifest_text

    return manifest_text(public_url=public_url, many=many)


def discord_invitation(application: str) -> DiscordInvitation:
    """Return the invitation of the bot whose application is ``application``."""
    from bot.chat.discord.permissions import USED, invite_link

    return DiscordInvitation(link=invite_link(application), permissions=tuple(one.called for one in USED))


async def discord_application(config: Config) -> str:
    """Return the application that the configured token belongs to; raises ``ConfigError`` and ``PostRefused``."""
    from bot.chat.discord.setup import open_discord

    async with open_discord(config.discord, now=utc_now, outbound=config.run.outbound) as chat:
        return await chat.application()

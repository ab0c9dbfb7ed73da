"""Stories by name: show, follow or mute one, and find the one that a person means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.blocking import run_blocking
from bot.briefings.assemble import sources_of
from bot.chat.replies.story import StoryPage, choice_message, story_message, with_questions
from bot.errors import InputError
from bot.flows.answer.further import BESIDE_STORY, FURTHER, answered_questions
from bot.flows.answer.story import MIN_STORY_ID_CHARS, view_story
from bot.flows.requests.context import RequestContext
from bot.flows.requests.threads import open_story, thread_of
from bot.flows.updates.translations import kept_lines
from bot.language.locale.phrases import phrases
from bot.language.words import content_terms
from bot.model.briefing import Source
from bot.model.conversation.answer import Question
from bot.model.conversation.reader import StoryChoice, Want
from bot.model.news import Citation

NAMED_STORY_AGE = timedelta(days=60)  # a story without an article for so long is found by its id alone
MAX_SEARCHED_STORIES = 3000  # stories, the newest
MAX_OFFERED_STORIES = 5  # stories that a person is asked to choose from
MIN_NAME_SHARE = 0.5  # share of the words that must fit
MIN_NAME_SHARE_LEAD = 0.25  # by how much the best must be better than the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A story with its headline for readers; ``fit`` is the share of the asked words in it."""

    story_id: str
    title: str
    headline: str
    fit: float = 0.0


async def story(context: RequestContext) -> None:
    """Show a story: where it stands, its timeline, who says what."""
    meant = await _meant(context)
    if meant is None:
        return
    zone = await context.zone()
    view = await view_story(
        meant.story_id,
        store=context.store,
        at=context.at,
        timezone=zone,
        by=context.scope,
        rules=context.services.rules,
    )
    choices = await context.store.readers.choices(context.destination)
    chosen = choices.get(meant.story_id)
    page = StoryPage(
        story_id=meant.story_id,
        headline=meant.headline,
        ledger=view.ledger,
        rows=view.rows,
        articles=len(view.story.article_ids),
        at=context.at,
        timezone=zone,
        want=chosen.want if chosen else None,
        translations=await kept_lines(
            view.story.id, language=context.language, store=context.store, by=context.scope
        )
        if context.services.config.briefings.translate
        else (),
    )
    cited = {citation.article_id for row in view.rows for citation in row.citations}
    articles = {(a.id, a.revision): a for a in await context.store.articles.revisions(sorted(cited))}

    def sources(citations: Iterable[Citation]) -> tuple[Source, ...]:
        return sources_of(citations, articles)

    shown = story_message(page, sources=sources, say=phrases(context.language))
    question = Question(
        text="", asked_at=context.at, scope=context.scope, stories=(meant.story_id,), timezone=zone
    )
    further = await answered_questions(
        question,
        said=[line.text for part in shown.parts for line in part.lines],
        store=context.store,
        settings=context.services.config.answers,
        names=BESIDE_STORY,
    )
    replied = await context.reply(
        with_questions(shown, [(name, FURTHER[name]) for name in further], meant.story_id)
    )
    await open_story(context, meant.story_id, replied=replied)


async def follow(context: RequestContext) -> None:
    """Keep a story in this channel's briefings for as long as it lasts."""
    await _choose(context, Want.FOLLOW)


async def mute(context: RequestContext) -> None:
    """Leave a story out of this channel's briefings until its status changes."""
    await _choose(context, Want.MUTE)


async def unmute(context: RequestContext) -> None:
    """End muting and following a story."""
    meant = await _meant(context)
    if meant is None:
        return
    muted = await context.store.readers.remove_choice(context.destination, meant.story_id, Want.MUTE)
    followed = await context.store.readers.remove_choice(context.destination, meant.story_id, Want.FOLLOW)
    name = meant.headline
    if muted:
        await context.say(f"“{name}” is in this channel's briefings again.")
    elif followed:
        await context.say(f"“{name}” is treated like any other story again.")
    else:
        await context.say(f"“{name}” was neither muted nor followed here.")


async def _choose(context: RequestContext, want: Want) -> None:
    meant = await _meant(context)
    if meant is None:
        return
    story_id = meant.story_id
    zone = await context.zone()
    status = (
        await view_story(
            story_id,
            store=context.store,
            at=context.at,
            timezone=zone,
            by=context.scope,
            rules=context.services.rules,
        )
    ).ledger.status
    await context.store.readers.choose(
        StoryChoice(
            destination=context.destination,
            story_id=story_id,
            want=want,
            at=context.at,
            status=status,
            scope=context.scope,
        )
    )
    if want is Want.FOLLOW:
        await context.say(f"Followed here: “{meant.headline}”.")
        return
    state = phrases(context.language).stands(status) if status else ""
    now = f" (now: {state})" if state else ""
    await context.say(f"Muted here until its status changes{now}: “{meant.headline}”.")


async def _meant(context: RequestContext) -> Named | None:
    """Return the story that a request means; None where the person was asked which."""
    name = context.named
    if not name:
        thread = await thread_of(context)
        name = thread.stories[0] if thread and len(thread.stories) == 1 else ""
    if name.startswith("sto-") and len(name) >= MIN_STORY_ID_CHARS + 4:
        by_id = await context.store.stories.named(name, by=context.scope)
        if len(by_id) == 1:
            return (await _known_as(context, {by_id[0].id: by_id[0].title}))[0]
        raise InputError("There is no such story here", hint="Name it by words of its headline")
    found = await _find(context, name)
    if not found:
        hint = "Use other words of its headline, or /brief catchup for what is going on"
        raise InputError(f"No story here is called “{name[:80]}”", hint=hint)
    if name and _clear(found):
        return found[0]
    offered = [(f.story_id, f.headline) for f in found[:MAX_OFFERED_STORIES]]
    await context.reply(choice_message(name, offered, verb=context.request.verb), private=True)
    return None


async def _find(context: RequestContext, name: str) -> list[Named]:
    """Return the stories readable here that share words with ``name``, the most similar first; all without a name."""
    titles = await context.store.stories.titles(
        context.at - NAMED_STORY_AGE, by=context.scope, most=MAX_SEARCHED_STORIES
    )
    named = await _known_as(context, titles)
    wanted = set(content_terms(name))
    if not wanted:
        return [] if name else named
    # Reading thousands of titles takes a while: not in the loop.
    return await run_blocking(_fitting, named, wanted)


def _fitting(named: list[Named], wanted: set[str]) -> list[Named]:
    found = []
    for one in named:
        fit = len(wanted & set(content_terms(f"{one.title} {one.headline}"))) / len(wanted)
        if fit:
            found.append(replace(one, fit=fit))
    return sorted(found, key=lambda n: -n.fit)


def _clear(found: list[Named]) -> bool:
    best, following = found[0].fit, found[1].fit if len(found) > 1 else 0.0
    return best >= MIN_NAME_SHARE and best - following >= MIN_NAME_SHARE_LEAD


async def _known_as(context: RequestContext, titles: Mapping[str, str]) -> list[Named]:
    sent = await context.store.briefings.sent_stories(context.destination)
    names = await context.store.stories.names(list(titles))
    return [
        Named(
            story_id=story_id,
            title=title,
            headline=names.get(story_id) or (sent[story_id].headline if story_id in sent else "") or title,
        )
        for story_id, title in titles.items()
    ]

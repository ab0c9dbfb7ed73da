"""Ask: answer questions, links and plain words where they were asked, and store them for further questions."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.chat.forms import QUESTION, form_for
from bot.chat.replies.answer import answer_message, answer_so_far
from bot.chat.replies.link import failed_links_message, link_card
from bot.chat.replies.short import with_notice
from bot.chat.replies.translated import message_in
from bot.codec import to_plain
from bot.errors import InputError
from bot.flows.answer.further import FURTHER, further_questions
from bot.flows.link.link import MAX_LINKS
from bot.flows.requests.context import RequestContext
from bot.flows.requests.threads import about, reply_with, thread_of
from bot.language.cleaning.links import links_in
from bot.language.locale.phrases import phrases
from bot.language.question_language import is_readable
from bot.model.briefing import OfferedQuestion, Statement
from bot.model.conversation.answer import MAX_QUESTION_CHARS, Answer, Question
from bot.model.conversation.link import LinkBrief
from bot.model.conversation.reader import ThreadTurn, Topic
from bot.model.talk import Verb

FRESH = "fresh"
READ_LANGUAGES = "I read questions in English, German, French and Spanish."


async def ask(context: RequestContext) -> None:
    """Answer a question from the archive, or open the form for one."""
    request = context.request
    words = (request.values.get(QUESTION) or request.words).strip()
    if not words:
        await context.open(form_for(request))
        return
    question, cut = _shortened(words)
    await _ask(context, question, note=cut)


async def _ask(
    context: RequestContext,
    question: str,
    *,
    note: str = "",
    offered: bool = False,
    under: OfferedQuestion | None = None,
) -> None:
    """Answer ``question``; an ``offered`` one has an answer, one ``under`` a briefing is about one story of it alone."""
    if not context.overheard:
        await context.working("Looking through the articles …")
    follows = await about(context, question)
    if under:
        follows = replace(follows, stories=(under.story_id,), turns=())
    asked = Question(
        text=question,
        asked_at=context.at,
        scope=context.scope,
        stories=follows.stories,
        turns=follows.turns,
        timezone=await context.zone(),
        workspace=context.scope.workspace,
        overheard=context.overheard,
        offered=offered,
    )
    answer = await _answered(context, asked)
    if answer.declined and context.overheard:
        return
    answer = replace(answer, question=under.text) if under else answer
    further = await further_questions(
        answer, asked, store=context.store, settings=context.services.config.answers
    )
    can_ask = tuple((name, FURTHER[name]) for name in further)
    message = answer_message(answer, further=can_ask, say=phrases(context.language))
    foreign = bool(answer.declined) and not is_readable(question)
    turn = ThreadTurn(
        id=context.request.id,
        destination=context.destination,
        at=context.at,
        asker=context.request.asker.id,
        topic=Topic.ANSWER,
        question=answer.question,
        answer=" ".join(s.text for s in answer.statements) or answer.declined,
        # The nearest stories of a declined question are not what it was about.
        stories=() if answer.declined else tuple(near.story_id for near in answer.stories),
        subject=answer.id,
        document=to_plain(answer),
        scope=context.scope,
    )
    shown = with_notice(message, note, READ_LANGUAGES if foreign else "")
    await reply_with(context, follows.thread, turn, shown, private=bool(answer.declined))


async def further(context: RequestContext) -> None:
    """Ask a question that was offered under an answer, on a story's page or under a briefing, about that story."""
    name, _, subject = context.request.subject.partition(" ")
    if subject.startswith("bri-"):
        briefing = await context.store.briefings.readable(subject, by=context.scope)
        offered = briefing.questions if briefing else ()
        under = next((one for one in offered if str(one.number) == name), None)
        words = under.asks if under else ""
    else:
        under, words = None, FURTHER.get(name, "")
    if not words:
        raise InputError("That question is not offered any more", hint="Ask it in words")
    context.request = replace(context.request, verb=Verb.ASK, words=words, subject=subject)
    await _ask(context, words, offered=True, under=under)


async def link(context: RequestContext) -> None:
    """Read the links of a request and say what each adds."""
    words = context.request.words
    first = words.split(None, 1)[0].lower() if words.strip() else ""
    urls, count = links_in(words, most=MAX_LINKS)
    if not urls:
        raise InputError("There is no link in that", hint="Write /brief link https://…")
    await context.working("Reading the page …" if len(urls) == 1 else f"Reading {len(urls)} pages …")
    thread = await thread_of(context)
    zone = await context.zone()
    found = await context.services.link(urls, scope=context.scope, fresh=first == FRESH)
    briefs = [replace(brief, timezone=zone) for brief in found]
    left = f"These are the first {len(urls)} of {count} links; send the others in another message."
    read = [brief for brief in briefs if brief.brief is not None]
    failed = [brief for brief in briefs if brief.brief is None]
    if failed:
        # Only who asked needs to know, and once.
        note = left if not read and len(briefs) < count else ""
        await context.reply(with_notice(failed_links_message(failed), note), private=True)
    for number, brief in enumerate(read, 1):
        note = left if number == len(read) and len(briefs) < count else ""
        turn = ThreadTurn(
            id=f"{context.request.id} {number}",
            destination=context.destination,
            at=context.at,
            asker=context.request.asker.id,
            topic=Topic.LINK,
            question=brief.url,
            answer=_in_short(brief),
            stories=(brief.story_id,) if brief.story_id else (),
            subject=brief.id,
            document=to_plain(brief),
            scope=context.scope,
        )
        card = with_notice(link_card(brief, say=phrases(context.language)), note)
        await reply_with(context, thread, turn, card, private=False)


async def _answered(context: RequestContext, question: Question) -> Answer:
    """Return the answer, its statements shown as they come."""
    said: list[Statement] = []
    more = asyncio.Event()
    whole = False

    def emit(statement: Statement) -> None:
        said.append(statement)
        more.set()

    async def show() -> None:
        while not whole:
            await more.wait()
            more.clear()
            if not whole and not context.overheard:
                so_far = answer_so_far(question.text, tuple(said))
                await context.conversation.show(message_in(so_far, context.language))

    showing = asyncio.create_task(show())
    try:
        return await context.services.ask(question, emit=emit)
    finally:
        # What is being shown is shown to its end: cut off, it could come after the answer.
        whole = True
        more.set()
        await showing


def _shortened(words: str) -> tuple[str, str]:
    """Return a question of bounded length, and a sentence where it was cut."""
    if len(words) <= MAX_QUESTION_CHARS:
        return words, ""
    cut = words[:MAX_QUESTION_CHARS].rsplit(None, 1)[0]
    return cut, f"Your question has {len(words):,} characters; the first {len(cut):,} were read."


def _in_short(brief: LinkBrief) -> str:
    if brief.brief is None:
        return brief.failure
    return " ".join((brief.brief.headline.text, *(s.text for s in brief.adds)))

"""Threads: which of them are ours, what each is about, and what was said in it before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.flows.requests.context import Case
from bot.language.words import content_terms
from bot.model.answer import Turn
from bot.model.reader import Exchanged, Thread, Topic

MOST_TURNS = 6  # of one thread that a question is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a question follows: the stories of its thread, the likeliest first, and the turns before it."""

    thread: Thread | None = None
    stories: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()


async def thread_of(case: Case) -> Thread | None:
    """Return the thread of ours that ``case`` was asked in: one we keep, or one under a message of a briefing."""
    request = case.request
    if not request.thread:
        return None
    return await _known(case, request.thread)


async def about(case: Case, question: str) -> About:
    """Return what ``question`` follows, by its thread or by the button that asked for it."""
    thread = await thread_of(case) or await _of_button(case)
    if thread is None:
        return About()
    kept = thread.kept_under
    turns = await case.store.talk.turns(case.destination, kept, most=MOST_TURNS) if kept else []
    # What was just talked about comes before what the thread began with.
    recent = [story_id for turn in reversed(turns) for story_id in turn.stories]
    stories = await _likeliest(case, tuple(dict.fromkeys((*recent, *thread.stories))), question)
    return About(
        thread=thread,
        stories=stories,
        turns=tuple(
            Turn(at=turn.at, question=turn.question, answer=turn.answer, story_id=_first(turn))
            for turn in turns
        ),
    )


async def keep_turn(case: Case, thread: Thread | None, turn: Exchanged, *, replied: str) -> None:
    """Keep ``turn``, asked in ``thread`` where that is one of ours, and that the messages around it are about it."""
    if not await case.may_keep():
        return
    request = case.request
    root = thread.kept_under if thread else ""
    root = root or request.thread or request.message or replied or request.id
    await case.store.talk.keep(replace(turn, root=root))
    # A thread that had its subject keeps it: what was said in it is known by its turns.
    opened = {replied} if thread else {replied, root}
    await _open(case, opened, topic=turn.topic, subject=turn.subject, stories=turn.stories, root=root)


async def open_story(case: Case, story_id: str, *, replied: str) -> None:
    """Keep that the thread under our reply is about a story."""
    if not await case.may_keep():
        return
    await _open(case, {replied}, topic=Topic.STORY, subject=story_id, stories=(story_id,), root=replied)


async def _open(
    case: Case, opened: set[str], *, topic: Topic, subject: str, stories: tuple[str, ...], root: str
) -> None:
    for name in opened - {""}:
        await case.store.talk.open(
            Thread(
                destination=case.destination,
                root=name,
                topic=topic,
                subject=subject,
                stories=stories,
                kept_under=root,
                at=case.at,
                scope=case.scope,
            )
        )


async def _known(case: Case, root: str) -> Thread | None:
    kept = await case.store.talk.thread(case.destination, root)
    if kept:
        return kept
    delivery = await case.store.deliveries.under(case.destination, root)
    if delivery is None:
        return None
    return await _of_briefing(case, delivery.briefing_id, root=root)


async def _of_button(case: Case) -> Thread | None:
    """Return what a button's or form's subject is about, with the thread under the button's message."""
    request = case.request
    if request.subject.startswith("bri-"):
        return await _of_briefing(case, request.subject, root=request.thread or request.message)
    if request.subject.startswith("sto-"):
        root = request.thread or request.message
        return Thread(
            destination=case.destination,
            root=root,
            kept_under=root,
            topic=Topic.STORY,
            subject=request.subject,
            stories=(request.subject,),
            at=case.at,
        )
    turn = await case.store.talk.document(request.subject, by=case.scope) if request.subject else None
    if turn is None:
        return None
    return Thread(
        destination=case.destination,
        root=turn.root,
        kept_under=turn.root,
        topic=turn.topic,
        subject=turn.subject,
        stories=turn.stories,
        at=turn.at,
    )


async def _of_briefing(case: Case, briefing_id: str, *, root: str) -> Thread | None:
    briefing = await case.store.briefings.readable(briefing_id, by=case.scope)
    if briefing is None:
        return None
    told = [story.story_id for story in briefing.stories]
    told += [item.story_id for item in (*briefing.watch, *briefing.settled)]
    told += [item.story_id for item in briefing.unchanged]
    return Thread(
        destination=case.destination,
        root=root,
        kept_under=root,
        topic=Topic.BRIEFING,
        subject=briefing.id,
        stories=tuple(dict.fromkeys(told)),
        at=briefing.made_at,
    )


async def _likeliest(case: Case, stories: tuple[str, ...], question: str) -> tuple[str, ...]:
    """Return ``stories`` with those first whose names share most words with ``question``; else as they were."""
    asked = set(content_terms(question))
    told = await case.store.briefings.told(case.destination)
    shared = {}
    for story in await case.store.stories.get(stories, by=case.scope):
        headline = told[story.id].headline if story.id in told else ""
        shared[story.id] = len(asked & set(content_terms(f"{story.title} {headline}")))
    return tuple(sorted((s for s in stories if s in shared), key=lambda s: -shared[s]))


def _first(turn: Exchanged) -> str:
    return turn.stories[0] if turn.stories else ""

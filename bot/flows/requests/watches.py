"""Watch a question without an answer: its asker is notified once when there is one."""

from __future__ import annotations

from bot.chat.replies.watch import watching
from bot.errors import InputError
from bot.flows.answer.watch import expires
from bot.flows.requests.context import RequestContext
from bot.model.chat import Channel
from bot.model.conversation.reader import QuestionWatch, Topic
from bot.model.ids import derive_id

MAX_WATCHES = 10  # that one person may have open in a workspace


async def watch(context: RequestContext) -> None:
    """Watch the question of the pressed button, for the person who pressed it."""
    asker = context.request.asker
    turn = await context.store.conversations.document(context.request.subject, by=context.scope)
    # The answer may be private, so the button can be pressed in another channel than the question's.
    if turn is None:
        own = await context.store.conversations.own(context.request.subject, asker=asker.id)
        turn = own if own and await context.conversation.sees(Channel.read(own.destination)) else None
    if turn is None or turn.topic is not Topic.ANSWER:
        raise InputError("That question is not kept any more", hint="Ask it again")
    mine = await context.store.watches.open(
        limit=MAX_WATCHES + 1, asker=asker.id, workspace=turn.scope.workspace
    )
    # One that is over does not keep its question from being watched again.
    ended = await context.store.watches.ended(asker=asker.id, destination=turn.destination)
    words = " ".join(turn.question.casefold().split())
    one = QuestionWatch(
        id=derive_id("wat", turn.destination, asker.id, words, *([str(ended)] if ended else ())),
        destination=turn.destination,
        asker=asker.id,
        name=asker.name,
        question=turn.question,
        timezone=await context.zone(),
        language=context.language,
        asked_at=context.at,
        expires_at=expires(context.at, days=context.services.config.answers.watch_days),
        scope=turn.scope,
    )
    known = next(
        (
            other
            for other in mine
            if other.destination == one.destination and " ".join(other.question.casefold().split()) == words
        ),
        None,
    )
    if known is None and len(mine) >= MAX_WATCHES:
        raise InputError(
            f"You watch {MAX_WATCHES} questions already", hint="One ends when it is answered or expires"
        )
    if known is None and not await context.may_keep():
        return
    if known is None and not await context.store.watches.add(one):
        known = one
    await context.say(f"{'Already watching' if known else 'Watching'}: {watching(known or one)}")

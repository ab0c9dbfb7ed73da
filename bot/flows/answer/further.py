"""Further questions about an answer's story, each tried before it is offered."""

from __future__ import annotations

from collections.abc import Mapping

from bot.config import Answers
from bot.flows.answer.ask import ask
from bot.model.conversation.answer import Answer, Question, Turn
from bot.store import Store

MAX_FURTHER = 2
FURTHER: Mapping[str, str] = {
    "status": "Where does it stand?",
    "next": "What comes next?",
    "changed": "What changed since yesterday?",
}
"""What may be asked further, by the name that a button carries."""


async def further_questions(
    answer: Answer, question: Question, *, store: Store, settings: Answers
) -> tuple[str, ...]:
    """Return the names of up to two questions about the story of ``answer`` that have an answer of their own.

    They are tried without a model: if quoted sentences answer one, a model can answer it too.
    """
    if not answer.statements or not answer.stories:
        return ()
    said = {statement.text for statement in answer.statements}
    found: list[str] = []
    stories = tuple(near.story_id for near in answer.stories)
    # As it will be asked: behind this answer, in its thread.
    turn = Turn(
        at=question.asked_at,
        question=question.text,
        answer=" ".join(statement.text for statement in answer.statements),
        story_id=stories[0],
    )
    for name, text in FURTHER.items():
        if len(found) == MAX_FURTHER:
            break
        asked = Question(
            text=text,
            asked_at=question.asked_at,
            scope=question.scope,
            stories=stories,
            turns=(*question.turns, turn),
            timezone=question.timezone,
        )
        told = {s.text for s in (await ask(asked, store=store, settings=settings)).statements}
        if told - said:
            found.append(name)
            said |= told
    return tuple(found)

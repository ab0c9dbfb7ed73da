"""Further questions about an answer's story, each tried before it is offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.config import Answers
from bot.flows.answer.ask import ask
from bot.model.conversation.answer import Answer, Question, Turn
from bot.store import Store

MAX_FURTHER_QUESTIONS = 2
FURTHER: Mapping[str, str] = {
    "status": "Where does it stand?",
    "next": "What happens next?",
    "changed": "What changed since yesterday?",
}
"""What may be asked further, by the name that a button carries."""


BESIDE_STORY = ("next", "changed")
"""Those that may be asked beside a story's own page, which says where it stands."""


async def further_questions(
    answer: Answer, question: Question, *, store: Store, settings: Answers
) -> tuple[str, ...]:
    """Return the names of up to two questions about the story of ``answer`` that have an answer of their own."""
    if not answer.statements or not answer.stories:
        return ()
    stories = tuple(near.story_id for near in answer.stories)
    said = [statement.text for statement in answer.statements]
    # As it will be asked: behind this answer, in its thread.
    turn = Turn(at=question.asked_at, question=question.text, answer=" ".join(said), story_id=stories[0])
    follows = replace(question, stories=stories, turns=(*question.turns, turn))
    return await answered_questions(follows, said=said, store=store, settings=settings)


async def answered_questions(
    question: Question,
    *,
    said: Iterable[str],
    store: Store,
    settings: Answers,
    names: Iterable[str] = tuple(FURTHER),
) -> tuple[str, ...]:
    """Return up to two of ``names`` that, asked where ``question`` is, are answered with more than was ``said``.

    They are tried without a model: if quoted sentences answer one, a model can answer it too.
    """
    known, found = set(said), list[str]()
    for name in names:
        if len(found) == MAX_FURTHER_QUESTIONS:
            break
        asked = Question(
            text=FURTHER[name],
            asked_at=question.asked_at,
            scope=question.scope,
            stories=question.stories,
            turns=question.turns,
            timezone=question.timezone,
        )
        stated = {s.text for s in (await ask(asked, store=store, settings=settings)).statements}
        if stated - known:
            found.append(name)
            known |= stated
    return tuple(found)

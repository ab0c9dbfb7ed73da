"""Offer questions under a briefing, each tried before: it is answered with more than the briefing says.

briefing ──possible questions──▶ each asked of what its readers may read ──answered with a new sentence──▶ offered, at most three
"""

from __future__ import annotations

import time
from dataclasses import replace

from bot.briefings.questions import PossibleQuestion, possible_questions
from bot.config import Answers
from bot.faults import Faults
from bot.flows.answer.ask import ask
from bot.flows.rules.reader import RulesReader
from bot.model.briefing import Briefing, OfferedQuestion
from bot.model.conversation.answer import Answer, Question
from bot.model.scope import Scope
from bot.store import Store

MAX_OFFERED_QUESTIONS = 3
MAX_TRIED_QUESTIONS = 8  # questions of one briefing that are tried
MAX_TRYING_SECONDS = 3.0  # after which no other is begun: the briefing waits

Sentence = tuple[str, int, int]  # an article, its revision, the number of a sentence


async def with_questions(
    briefing: Briefing,
    *,
    store: Store,
    settings: Answers,
    by: Scope,
    rules: RulesReader | None = None,
) -> Briefing:
    """Return ``briefing``, which ``by`` may read, with up to three questions that are answered from what ``by`` may read.

    They are tried without a model: if quoted sentences answer one, a model can answer it too. One that cannot be
    tried is not offered, and takes nothing from the briefing.
    """
    shown = {(s.article_id, s.revision, one.number) for s in briefing.sources for one in s.sentences}
    faults, offered = Faults(), list[OfferedQuestion]()
    left = list(possible_questions(briefing)[:MAX_TRIED_QUESTIONS])
    until = time.monotonic() + MAX_TRYING_SECONDS
    while left and len(offered) < MAX_OFFERED_QUESTIONS and time.monotonic() < until:
        asked_about = {one.story_id for one in offered}
        # About a story without a question first.
        one = next((p for p in left if p.offered.story_id not in asked_about), left[0])
        left.remove(one)
        question = question_of(one.offered, briefing, by=by)
        answer = await faults.guard(
            ask(question, store=store, settings=settings, rules=rules), doing="trying a question"
        )
        new = _cited(answer) - shown if isinstance(answer, Answer) and _meets(answer, one) else set()
        if new:
            offered.append(replace(one.offered, number=len(offered) + 1))
            shown |= new
    return replace(briefing, questions=tuple(offered))


def question_of(offered: OfferedQuestion, briefing: Briefing, *, by: Scope) -> Question:
    """Return what is asked when ``offered`` is pressed under ``briefing``, as when that was made."""
    return Question(
        text=offered.asks,
        asked_at=briefing.made_at,
        scope=by,
        stories=(offered.story_id,),
        timezone=briefing.timezone,
        offered=True,
    )


def _meets(answer: Answer, possible: PossibleQuestion) -> bool:
    about = {near.story_id for near in answer.stories}
    return possible.offered.story_id in about and possible.is_met_by(answer.statements)


def _cited(answer: Answer) -> set[Sentence]:
    return {
        (cited.article_id, cited.revision, number)
        for statement in answer.statements
        for cited in statement.citations
        for number in cited.sentences
    }

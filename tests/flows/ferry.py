"""A story in two articles, a model that gives the answers it was given, and a sound reply about the story."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.kinds import shipped_kinds
from bot.language.sentences.split import split_sentences
from bot.model.news import Article
from bot.ports import ModelReply

MONDAY = datetime(2025, 3, 3, 8, tzinfo=UTC)
STORY = "sto-a"
KINDS = shipped_kinds()
TEXTS = (
    "Wage talks between ferry crews and Orsund Line opened in Brekk on Monday. The seafarers' union wants 8 percent more pay for "
    "1,250 crew members, its leader Tove Lind said. Company spokesman Arne Holt said Orsund Line had offered 3 percent.",
    "Negotiations over pay for the crews of Orsund Line began in Brekk on Monday. Orsund Line carries 9,000 passengers a day "
    "between the mainland and six islands. State mediator Karin Moe is leading the negotiations.",
)


def article(name, text, *, hours=0.0, site="", **changes):
    """Return an article whose page is from ``site``, else from one of its own."""
    at = MONDAY + timedelta(hours=hours)
    made = Article(
        id=name,
        title="Ferry talks",
        outlet=f"The {name}",
        site=site or f"{name}.example",
        published_at=at,
        fetched_at=at,
        language="en",
        sentences=split_sentences(text),
        text_group=name,
    )
    return replace(made, **changes)


ARTICLES = tuple(article(f"art-{i}", text, hours=i) for i, text in enumerate(TEXTS))


class Answers:
    """A model that gives the answers it was given, one after another; the last one again and again."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    async def complete(self, request):
        """Return the next answer; raise it where it is an error."""
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        data = answer(request) if callable(answer) else answer
        return ModelReply(data=data, text=json.dumps(data), model="answers")


def fact(text, *cite, **changes):
    """Return a fact of a reply."""
    return {
        "text": text,
        "importance": 2,
        "day": "",
        "claimant": "",
        "relation": "new",
        "known": "",
        "cite": list(cite),
    } | changes


WANTED = fact("The seafarers' union wants 8 percent more pay.", 2, claimant="Tove Lind", importance=3)
OFFERED = fact("Orsund Line had offered 3 percent.", 3, claimant="Arne Holt")


def reply(**changes):
    """Return a sound reply about ``ARTICLES``."""
    return {
        "headline": {"text": "Ferry crews and Orsund Line open wage talks", "cite": [1]},
        "kind": "negotiation",
        "state": {"name": "", "cite": []},
        "phase": "under way",
        "status": {"text": "Wage talks opened in Brekk on Monday", "said_by": "", "day": "2025-03-03", "cite": [4]},
        "change": "none",
        "facts": [WANTED, OFFERED],
        "actors": [
            {
                "name": "Karin Moe",
                "aliases": [],
                "nature": "person",
                "role": "State mediator",
                "position": "Karin Moe is leading the negotiations.",
                "cite": [6],
            }
        ],
        "figures": [],
        "announcements": [],
        "settled": [],
        "contradictions": [],
        "background": [],
        "questions": ["When do the two sides meet again?"],
        "elsewhere": [],
        "roundups": [],
    } | changes  # fmt: skip


AGREED = reply(
    headline={"text": "Orsund Line and union agree on pay", "cite": [1]},
    phase="decided",
    status={"text": "Orsund Line and the union agreed on a rise in pay", "said_by": "", "day": "", "cite": [1]},
    change="phase",
    facts=[fact("Orsund Line and the seafarers' union agreed on a rise in pay of 5 percent.", 1, importance=3)],
    actors=[],
    questions=[],
)  # fmt: skip

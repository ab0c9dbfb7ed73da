"""The page on story updates: its example is what the program does."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from bot.chat.document.claims import according_to
from bot.model.scope import SHARED
from tests.conftest import ROOT
from tests.flows.ferry import ARTICLES, MONDAY, STORY, Answers, article, reply
from tests.flows.ferry_drafts import reader

pytestmark = pytest.mark.slow


async def test_the_example_is_shown_checked_and_told_as_the_page_says():
    page = (ROOT / "docs" / "story-updates.md").read_text("utf-8")
    text, shown, told = re.findall(r"```text\n(.+?)\n```", page, re.DOTALL)
    said = json.loads(re.search(r"```json\n(.+?)\n```", page, re.DOTALL)[1])
    read = {"old": ARTICLES, "scope": SHARED}
    first = reader(Answers(reply(actors=[]))).read(STORY, ARTICLES, known=(), at=MONDAY, **read | {"old": ()})
    (known,) = [batch.update async for batch in first]
    new = article("post", text, hours=30, outlet="Brekk Post", title="Ferry crews vote to strike")
    model = Answers(lambda request: said if request.schema_name == "update" else {"statements": []})
    later = reader(model).read(STORY, [new], known=[known], at=MONDAY + timedelta(hours=31), **read)
    (batch,) = [one async for one in later]
    assert shown in model.requests[0].user
    update = batch.update
    refused = {c.field: c.verdict for c in batch.checked if not c.verdict.passed}
    assert refused.keys() == {"facts[2]"}, refused
    assert refused["facts[2]"].words == ("40",)
    assert (len(update.actors), len(update.figures), len(update.announcements)) == (1, 1, 1)
    status = update.status
    lines = [
        f"Was: {known.status.text}",
        f"Now: {status.text}{according_to(status.said_by, beside=status.text)}",
        *(f"- {f.text}{according_to(f.claimant, beside=f.text)}" for f in update.facts),
    ]
    assert told.splitlines() == lines
    assert update.change

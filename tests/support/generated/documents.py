"""The documents whose look is kept in ``tests/golden``: the demo's mornings, and what happens to briefings.

``make golden`` writes the files anew; what changed in them is for a reviewer's eye (``wirebrief preview`` draws it).
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.chat.discord.render.message import render as discord
from bot.chat.discord.render.message import render_reply as discord_reply
from bot.chat.document.message import to_message
from bot.chat.document.notices import correction_note, draft_line, late_line
from bot.chat.replies.answer import answer_message
from bot.chat.replies.buttons import under_briefing, under_draft
from bot.chat.replies.link import link_card, link_message
from bot.chat.replies.status import Health, SubscriptionStatus, home_message
from bot.chat.replies.welcome import ChannelState, next_step, welcome_message
from bot.chat.slack.render.message import render as slack
from bot.chat.slack.render.message import render_reply as slack_reply
from bot.model.briefing import Briefing, Correction, FeedFailure, Mode
from bot.model.chat import Channel, Delivery, State, Subscription
from bot.model.conversation.answer import Answer, Nearest
from bot.model.conversation.link import LinkBrief
from bot.model.message import Message
from bot.runtime.demo import ZONE, as_published, play_demo, recorded_replies
from tests.support.running.once import RUN_FOLDER, read_demo

GOLDEN = Path(__file__).parents[2] / "golden"
REPLIES = {"answer", "declined", "link", "link-card", "welcome", "home"}
STYLED = ("morning-2-changed", "answer")  # shown in Discord's other styles too


@functools.cache
def mornings() -> tuple[Briefing, ...]:
    """Return the demo's briefings with its recorded replies, through the whole program: they have all that a story may have."""
    if RUN_FOLDER in os.environ:
        return tuple(map(as_published, read_demo().briefings))
    with tempfile.TemporaryDirectory() as folder:
        played = asyncio.run(play_demo(Path(folder), model=recorded_replies()))
    return tuple(map(as_published, played.briefings))


@functools.cache
def documents() -> dict[str, Message]:
    """Return every document by the name of its file."""
    first, second, third, fourth = mornings()
    blind = replace(
        second.coverage,
        feeds_due=11,
        failures=(FeedFailure(feed="Coast Radio", reason="the server did not answer in 10 seconds."),) * 7,
    )
    degraded = ("the model is unavailable (2 of 4 stories)",)
    correction = Correction(
        at=second.made_at + timedelta(hours=2),
        story_id="sto-1",
        was="19 people were dead",
        now="18 people were dead",
        reason="miscounted",
    )
    late = late_line(second.made_at, second.made_at + timedelta(minutes=95), zone=ZONE)
    corrected = replace(second, corrections=(correction,))
    return {
        "morning-1-new": _briefing(first),
        "morning-2-changed": _briefing(second),
        "morning-3-quiet": _briefing(third),
        "morning-4-outcomes": _briefing(fourth),
        "german": _briefing(replace(second, language="de")),
        "partly-blind": _briefing(replace(second, coverage=blind, mode=Mode.INCOMPLETE)),
        "degraded": _briefing(replace(second, degraded=degraded, mode=Mode.DEGRADED)),
        "late": _briefing(second, late=late),
        "corrected": _briefing(corrected),
        "correction-note": correction_note(corrected),
        "draft": under_draft(
            to_message(
                first, late=draft_line("dlv-1", channel=Channel.read("slack:T1/C1").shown, buttons=True)
            ),
            "dlv-1",
        ),
        "answer": answer_message(_answer(second)),
        "declined": answer_message(
            replace(_answer(second), statements=(), sources=(), declined="nothing says so")
        ),
        "link": link_message(_link(second)),
        "link-card": link_card(_link(second)),
        "welcome": welcome_message(),
        "home": _home(second),
    }


def _briefing(briefing: Briefing, *, late: str = "") -> Message:
    # Ids of stories depend on the port of the demo's server.
    stories = tuple(replace(s, story_id=f"sto-{n}") for n, s in enumerate(briefing.stories, 1))
    briefing = replace(briefing, stories=stories)
    return under_briefing(to_message(briefing, late=late), briefing)


def _home(briefing: Briefing) -> Message:
    """Return the bot's own page with two briefings, one of them paused."""
    at = briefing.made_at
    place = Channel.read("slack:T1/C1")
    one = Subscription(
        id="sub-1",
        channel=place,
        times="weekdays 07:30",
        zone=ZONE,
        lines=("30 7 * * 1-5",),
        packs=("world",),
        created_at=at,
    )
    two = replace(one, id="sub-2", times="Mon 18:00", title="Harbour", paused="by hand, Ada", packs=())
    last = Delivery(
        id="dlv-1",
        subscription_id=one.id,
        channel=place,
        wall="2025-07-08T07:30:00",
        due_at=at,
        state=State.POSTED,
        updated_at=at,
    )
    statuses = [
        SubscriptionStatus(
            subscription=one,
            about="pack world",
            elsewhere=True,
            due=at + timedelta(days=1),
            last=last,
            link="https://example.slack.com/archives/C1/p1",
        ),
        SubscriptionStatus(subscription=two, about="all feeds", elsewhere=True),
    ]
    health = Health(
        obstacles=(),
        feeds=4,
        failing=(),
        read_at=at,
        model="none: stories are quoted from the articles",
        may="admin",
    )
    step = next_step(ChannelState(feeds=4, subscriptions=statuses, admin=True))
    return home_message(statuses, health, step=step, admin=True)


def _answer(briefing: Briefing) -> Answer:
    story = briefing.stories[0]
    cited = {(c.article_id, c.revision) for b in story.bullets for c in b.citations}
    return Answer(
        id="ans-1",
        question="Why did the Gaza talks stall?",
        as_of=briefing.made_at,
        since=briefing.coverage.since,
        statements=story.bullets[:3],
        stories=(Nearest(story_id="sto-1", headline=story.headline.text, status=story.status),),
        sources=tuple(s for s in briefing.sources if (s.article_id, s.revision) in cited),
        timezone=ZONE,
    )


def _link(briefing: Briefing) -> LinkBrief:
    story = next(one for one in briefing.stories if "Velmora" in one.headline.text)
    story = replace(story, previous_status=None, why="")
    source = briefing.sources[0]
    return LinkBrief(
        id="lnk-1",
        url=source.url,
        asked_at=briefing.made_at,
        read_at=briefing.made_at,
        outlet=source.outlet,
        published_at=source.published_at,
        brief=story,
        story_id="sto-2",
        story_headline=story.headline.text,
        adds=story.bullets[:1],
        sources=briefing.sources,
        timezone=ZONE,
    )


def files() -> dict[str, tuple[str, ...]]:
    """Return the payloads of every golden file, by its path."""
    made: dict[str, tuple[str, ...]] = {}
    for name, message in documents().items():
        reply = name in REPLIES
        made[f"slack/{name}.json"] = (slack_reply if reply else slack)(message)
        made[f"discord/{name}.json"] = (discord_reply if reply else discord)(message)
        if name in STYLED:
            for style in ("embeds", "text"):
                payloads = (discord_reply if reply else discord)(message, style=style)
                made[f"discord/{name}.{style}.json"] = payloads
    return made


def written(payloads: tuple[str, ...]) -> str:
    """Return a file's text: the payloads as they are sent, one after the other, for reading."""
    return json.dumps([json.loads(payload) for payload in payloads], ensure_ascii=False, indent=1) + "\n"


def write() -> None:
    """Write every file anew."""
    for stray in (*GOLDEN.glob("slack/*.json"), *GOLDEN.glob("discord/*.json")):
        stray.unlink()
    for path, payloads in files().items():
        (GOLDEN / path).parent.mkdir(exist_ok=True)
        (GOLDEN / path).write_text(written(payloads), "utf-8")


if __name__ == "__main__":
    write()

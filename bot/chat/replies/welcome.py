"""The bot's first messages in a channel, and the next step from every state of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat.replies.short import NAME, SET_UP, title_of
from bot.chat.replies.status import NEW, SubscriptionStatus, delivery_line, moment_line
from bot.model.chat import State
from bot.model.message import Action, Line, Message, Part, StoryBlock
from bot.model.talk import Verb

EXAMPLE = Action(verb=Verb.EXAMPLE, label="Show an example")
NOW = Action(verb=Verb.NOW, label="Brief me now")
FAILED_STATES = frozenset({State.FAILED, State.UNCERTAIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """The state of a channel that decides the next step; ``obstacles`` keep the bot from posting."""

    feeds: int
    obstacles: tuple[str, ...] = ()
    subscriptions: Sequence[SubscriptionStatus] = ()
    admin: bool = False


def welcome_message() -> Message:
    """Return the one message that a channel gets when the bot is invited."""
    lines = (
        Line(
            text="I post a briefing at the times you choose: what changed in the stories you follow, who said what, "
            "and what comes next. Every line names its source."
        ),
        Line(text="Mention me with a question or a link. For everything else, type /brief."),
    )
    return Message(
        title=f"Hello, I am {NAME}",
        dateline="",
        parts=(Part(title="", lines=lines),),
        actions=(SET_UP, EXAMPLE),
    )


def start_message(state: ChannelState) -> Message:
    """Return the state of a channel, with buttons for the next step."""
    text, actions = next_step(state)
    return Message(title=title_of(Verb.START), dateline="", notice=text, actions=actions)


def next_step(state: ChannelState) -> tuple[str, tuple[Action, ...]]:
    """Return one or two sentences on ``state``, with the buttons for the next step."""
    if not state.feeds:
        return _no_feeds(admin=state.admin)
    if state.obstacles:
        return f"Nothing can be posted here yet. {' '.join(state.obstacles)}", (
            Action(verb=Verb.START, label="Check again", style="primary"),
            NOW,
            Action(verb=Verb.STATUS, label="Status"),
        )
    if not state.subscriptions:
        return _none_yet(admin=state.admin)
    running = [one for one in state.subscriptions if not one.subscription.paused]
    if not running:
        return _paused(state.subscriptions, admin=state.admin)
    return _running(running, admin=state.admin)


def example_message() -> Message:
    """Return an example of a briefing with invented news."""
    story = StoryBlock(
        story_id="example",
        headline=Line(text="Harbour strike ends after nine days"),
        chip="stalled → agreed",
        changed=True,
        status=(
            Line(label="Was", text="Talks were broken off on Friday"),
            Line(label="Now", text="Union and port operator agreed on 4.5 per cent"),
        ),
        bullets=(
            Line(text="Ships are unloaded again from Tuesday 8 July, the port said"),
            Line(text="Members vote on the agreement until 20 July, according to the union"),
        ),
        actors=(Line(lead="Ida Renn (union leader)", text="calls it a fair result"),),
    )
    return Message(
        title="Example of a briefing",
        dateline="",
        notice="This story is made up. A real briefing has the news of your feeds, and a link to its source in every line.",
        parts=(Part(title="Changed", stories=(story,)),),
        actions=(SET_UP,),
    )


def _no_feeds(*, admin: bool) -> tuple[str, tuple[Action, ...]]:
    text = "No feed is read here yet, so there is no news to brief you on."
    if not admin:
        return f"{text} An admin adds one with /brief feeds add URL.", (EXAMPLE,)
    add = Action(verb=Verb.FEEDS, label="Add a feed", subject="add", style="primary")
    return f"{text} Add the address of a feed or of a news site.", (add, EXAMPLE)


def _none_yet(*, admin: bool) -> tuple[str, tuple[Action, ...]]:
    if not admin:
        return "No briefing is scheduled in this channel. An admin can set one up.", (NOW, EXAMPLE)
    return "No briefing is scheduled in this channel yet.", (SET_UP, NOW, EXAMPLE)


def _paused(found: Sequence[SubscriptionStatus], *, admin: bool) -> tuple[str, tuple[Action, ...]]:
    one = found[0].subscription
    text = f"The briefing “{one.title or one.when}” is paused: {one.paused}."
    resume = Action(verb=Verb.RESUME, label="Resume", subject=one.id, style="primary")
    return text, (*((resume, replace(NEW, style="")) if admin else ()), NOW)


def _running(running: Sequence[SubscriptionStatus], *, admin: bool) -> tuple[str, tuple[Action, ...]]:
    manage = Action(verb=Verb.LIST, label="Manage")
    failed = next((one for one in running if one.last and one.last.state in FAILED_STATES), None)
    if failed and failed.last:
        text = (
            f"The last briefing did not arrive: {delivery_line(failed.last, zone=failed.subscription.zone)}."
        )
        test = Action(verb=Verb.TEST, label="Send one now", subject=failed.subscription.id, style="primary")
        return text, (*((test,) if admin else ()), Action(verb=Verb.STATUS, label="Status"), manage)
    due = min((one for one in running if one.due), key=lambda one: str(one.due), default=None)
    text = f"Next briefing: {moment_line(due.due, due.subscription.zone)}." if due and due.due else ""
    ask = Action(verb=Verb.ASK, label="Ask a question", style="primary")
    return text, (ask, NOW, Action(verb=Verb.CATCHUP, label="Catch up"), manage)

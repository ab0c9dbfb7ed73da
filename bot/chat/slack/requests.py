"""Turn events and payloads of Slack into requests. Pure; returns None for what is no request.

The id of a request is made from what is the same in every repetition of an event: a message's time stamp, so that
a mention sent as ``app_mention`` and as ``message`` is one request; a trigger; a form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.commands import read_command
from bot.chat.slack.forms import origin_of, values_of
from bot.chat.slack.render.form import FIELD_ACTION_ID
from bot.model.chat import Channel
from bot.model.ids import derive_id
from bot.model.talk import MAX_REQUEST_CHARS, VERBS_BY_NAME, Asker, Request, Verb

LINK_SHORTCUT, NEW_SHORTCUT = "wirebrief_link", "wirebrief_new"
_LINK = re.compile(r"<(https?://[^>|\s]{1,2000})(?:\|[^>]{0,2000})?>")
_ENTITY = re.compile(r"<([#@!])([^>|\s]{1,100})(?:\|([^>]{0,200}))?>")
_MENTIONED = re.compile(r"<[@!](?!date\b)")  # a person, a group, or everybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A request whose asker is known by id only, with what Slack needs to be answered."""

    request: Request
    team: str
    home_team: str = ""  # the workspace the asker belongs to, where Slack says so
    response_url: str = ""
    trigger: str = ""
    reply_in: str = ""  # the thread that answers go to
    view: str = ""  # the form that is open, where something in it was changed or pressed
    home: bool = False  # answered on the asker's Home tab
    ephemeral: bool = False  # asked under what only the asker sees: the answer is for them alone too


def from_command(body: Mapping[str, Any]) -> Incoming:
    """Read a slash command."""
    team, channel, user = body["team_id"], body["channel_id"], body["user_id"]
    verb, words = read_command(_words(str(body.get("text") or "")))
    return Incoming(
        request=Request(
            id=derive_id("req", team, "command", str(body.get("trigger_id"))),
            verb=verb,
            asker=Asker(id=user),
            channel=_channel(team, channel),
            words=words,
            # Not ``direct``: a command may be typed where two people talk, and the bot is not one of them.
            private=channel.startswith(("D", "G")) or body.get("channel_name") == "privategroup",
        ),
        team=team,
        response_url=str(body.get("response_url") or ""),
        trigger=str(body.get("trigger_id") or ""),
    )


def from_message(body: Mapping[str, Any], *, bot_user: str, bot: str) -> Incoming | None:
    """Read an ``app_mention`` or ``message`` event; a bot's own words and those of other bots are no request."""
    event = body.get("event") or {}
    user, channel, ts = event.get("user"), event.get("channel"), event.get("ts")
    by_bot = event.get("bot_id") or event.get("bot_profile") or user == bot_user or event.get("bot_id") == bot
    if not (user and channel and ts) or by_bot or event.get("subtype") not in {None, "thread_broadcast"}:
        return None
    text, team = str(event.get("text") or ""), str(body["team_id"])
    named = f"<@{bot_user}" in text
    direct = channel.startswith("D") or event.get("channel_type") == "im"
    thread = str(event.get("thread_ts") or "")
    if not (named or direct or thread):
        return None
    return Incoming(
        request=Request(
            id=derive_id("req", team, channel, ts),
            verb=Verb.SAID,
            asker=Asker(id=user),
            channel=_channel(team, channel),
            words=_words(text, bot_user=bot_user),
            thread=thread,
            message=ts,
            direct=direct,
            private=direct or event.get("channel_type") in {"group", "mpim"} or channel.startswith("G"),
            addressed=named or direct,
            tagged=bool(_MENTIONED.search(text)),
        ),
        team=team,
        home_team=str(event.get("user_team") or event.get("team") or ""),
        reply_in=thread or ts,
    )


def from_action(body: Mapping[str, Any]) -> Incoming | None:
    """Read a pressed button; buttons that only open a link are no request."""
    action = (body.get("actions") or [{}])[0]
    ours, _, rest = str(action.get("action_id") or "").partition(":")
    verb = VERBS_BY_NAME.get(rest.partition(":")[0]) if ours == "wb" else None
    value = str(action.get("value") or "")
    if action.get("type") == "overflow":
        chosen, _, value = str((action.get("selected_option") or {}).get("value") or "").partition(" ")
        verb = VERBS_BY_NAME.get(chosen) if verb is Verb.MENU else None
    if (body.get("view") or {}).get("type") == "modal" and action.get("action_id") == FIELD_ACTION_ID:
        verb = Verb.PREVIEW
    if verb is None or action.get("url"):
        return None
    view = body.get("view") or {}
    if view.get("type") == "modal":
        return _from_view(body, view, verb=Verb.PREVIEW)
    container, message = body.get("container") or {}, body.get("message") or {}
    return _asked(
        body,
        name=f"press {body.get('trigger_id') or action.get('action_ts')}",
        verb=verb,
        channel=(body.get("channel") or {}).get("id") or container.get("channel_id") or "",
        message=container.get("message_ts") or message.get("ts") or "",
        thread=message.get("thread_ts") or "",
        ephemeral=bool(container.get("is_ephemeral")),
        subject=value[:200],
        pressed=True,
    )


def from_form(body: Mapping[str, Any]) -> Incoming | None:
    """Read a form that was sent; a repeated event, or the same values sent twice from one form, give one request."""
    view = body["view"]
    verb = VERBS_BY_NAME.get(origin_of(view).get("verb", ""))
    return _from_view(body, view, verb=verb) if verb else None


def _from_view(body: Mapping[str, Any], view: Mapping[str, Any], *, verb: Verb) -> Incoming:
    """Return the request of a form that was sent, or of a change in an open one."""
    origin = origin_of(view)
    asked = _asked(
        body,
        name=f"form {view.get('id')} {body.get('trigger_id')}",
        verb=verb,
        channel=origin.get("channel", ""),
        message=origin.get("message", ""),
        thread=origin.get("thread", ""),
        ephemeral=origin.get("ephemeral") == "yes",
        private=origin.get("private") == "yes",
        subject=origin.get("subject", ""),
        pressed=True,
        values=values_of(view, team=_team(body)),
    )
    return replace(asked, view=str(view.get("id") or ""))


def from_shortcut(body: Mapping[str, Any]) -> Incoming | None:
    """Read a shortcut: a message's link to be summarised, or a new briefing."""
    verb = {LINK_SHORTCUT: Verb.LINK, NEW_SHORTCUT: Verb.SUBSCRIBE}.get(str(body.get("callback_id")))
    if verb is None:
        return None
    message = body.get("message") or {}
    return _asked(
        body,
        name=f"shortcut {body.get('trigger_id')}",
        verb=verb,
        channel=(body.get("channel") or {}).get("id") or "",
        message=body.get("message_ts") or message.get("ts") or "",
        thread=message.get("thread_ts") or "",
        words=_words(str(message.get("text") or "")) if verb is Verb.LINK else "",
    )


def from_home(body: Mapping[str, Any]) -> Incoming | None:
    """Read that somebody opened the bot's Home tab."""
    event, team = body.get("event") or {}, str(body["team_id"])
    if event.get("tab") not in {None, "home"} or not event.get("user"):
        return None
    channel = str(event.get("channel") or event["user"])
    request = _request(body, Verb.HOME, asker=event["user"], channel=channel, direct=True, private=True)
    return Incoming(request=request, team=team, home=True)


def from_invitation(body: Mapping[str, Any], *, bot_user: str) -> Incoming | None:
    """Read that the bot was invited into a channel, with the inviter if Slack names them."""
    event, team = body.get("event") or {}, str(body["team_id"])
    channel = str(event.get("channel") or "")
    if event.get("user") != bot_user or not channel:
        return None
    inviter = str(event.get("inviter") or "")
    private = channel.startswith("G")
    return Incoming(
        request=_request(body, Verb.INVITED, asker=inviter, channel=channel, private=private), team=team
    )


def from_removal(body: Mapping[str, Any], *, bot_user: str) -> Incoming | None:
    """Read that the bot was removed: from a channel, or, with an empty id of the channel, from the workspace."""
    event, team = body.get("event") or {}, str(body["team_id"])
    channel = ""
    if event.get("type") in {
        "member_left_channel",
        "channel_left",
        "group_left",
        "channel_deleted",
        "group_deleted",
    }:
        channel = str(event.get("channel") or "")
        if not channel or (event.get("type") == "member_left_channel" and event.get("user") != bot_user):
            return None
    elif event.get("type") == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
        return None
    actor = str(event.get("actor_id") or "")
    return Incoming(request=_request(body, Verb.GONE, asker=actor, channel=channel), team=team)


def _request(
    body: Mapping[str, Any],
    verb: Verb,
    *,
    asker: str,
    channel: str,
    direct: bool = False,
    private: bool = False,
) -> Request:
    """Return the request of an event of Slack itself, which no person wrote."""
    team = str(body["team_id"])
    return Request(
        id=derive_id("req", team, "event", str(body.get("event_id"))),
        verb=verb,
        asker=Asker(id=asker),
        channel=_channel(team, channel),
        direct=direct,
        private=private,
    )


def _asked(
    body: Mapping[str, Any],
    *,
    name: str,
    verb: Verb,
    channel: str,
    message: str,
    thread: str,
    ephemeral: bool = False,
    private: bool = False,
    **said: Any,
) -> Incoming:
    """Return what was asked by a button, form or shortcut; without a channel it is between the asker and the bot."""
    team, user = _team(body), str(body["user"]["id"])
    place = str(channel or user)
    return Incoming(
        request=Request(
            id=derive_id("req", team, name),
            verb=verb,
            asker=Asker(id=user),
            channel=_channel(team, place),
            thread=str(thread),
            message=str(message),
            direct=place[:1] in {"D", "U", "W"},
            private=private or place[:1] in {"D", "U", "W", "G"},
            **said,
        ),
        team=team,
        home_team=str(body["user"].get("team_id") or ""),
        response_url=str(body.get("response_url") or ""),
        trigger=str(body.get("trigger_id") or ""),
        # A message that only one person sees cannot have a thread.
        reply_in=str(thread or ("" if ephemeral else message)),
        ephemeral=ephemeral,
    )


def _team(body: Mapping[str, Any]) -> str:
    return str((body.get("team") or {}).get("id") or body["user"].get("team_id") or "")


def _channel(team: str, channel: str) -> Channel:
    return Channel(platform="slack", workspace=team, id=channel)


def _words(text: str, *, bot_user: str = "") -> str:
    """Return what was said as people see it: links bare, the bot's own name left out, escapes undone."""
    text = text[:MAX_REQUEST_CHARS]
    if bot_user:
        text = re.sub(rf"<@{re.escape(bot_user)}(?:\|[^>]{{0,100}})?>", " ", text)
    text = _LINK.sub(r"\1", text)
    text = _ENTITY.sub(lambda found: f"{found[1]}{found[3] or found[2]}", text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text.strip()

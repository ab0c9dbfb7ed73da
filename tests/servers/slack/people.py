"""What people do in the loopback Slack: commands, mentions, buttons, forms; as Slack would tell the bot."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.servers.slack.server import Slack
from tests.servers.slack.world import Said


@dataclass(slots=True, kw_only=True)
class Members:
    """Everybody in the workspaces of ``slack``; each act returns the seconds until it was acknowledged."""

    slack: Slack
    team: str = "T1"
    request_url: str = ""  # of HTTP mode; empty for Socket Mode
    signing_secret: str = "shhh"  # noqa: S105 - no secret, of a loopback server
    acts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # everything told, oldest first
    answer: dict[str, Any] = field(default_factory=dict)  # what the last acknowledgement held

    async def command(self, user: str, text: str, *, channel: str = "C1") -> float:
        """Type ``/brief TEXT``."""
        return await self._tell(
            "slash_commands",
            {
                "command": "/brief",
                "text": text,
                "team_id": self.team,
                "user_id": user,
                "user_name": user.lower(),
                "channel_id": channel,
                "channel_name": "directmessage" if channel.startswith("D") else channel.lower(),
                "api_app_id": "A1",
                "is_enterprise_install": "false",
                "response_url": self._response_url(channel, user),
                "trigger_id": self._trigger(),
            },
        )

    async def mention(
        self, user: str, text: str, *, channel: str = "C1", thread: str = "", doubled: bool = False
    ) -> Said:
        """Write a message that names the bot; ``doubled`` tells it as a plain message too, as Slack may."""
        said = self.slack.world.add(channel=channel, user=user, text=f"<@UBOT> {text}", thread=thread)
        await self._event({"type": "app_mention", **self._message(said)})
        if doubled:
            await self._event({"type": "message", "channel_type": "channel", **self._message(said)})
        return said

    async def say(self, user: str, text: str, *, channel: str, thread: str = "", **more: Any) -> Said:
        """Write a plain message in a room the bot is in."""
        said = self.slack.world.add(channel=channel, user=user, text=text, thread=thread)
        await self.tell_of(said, **more)
        return said

    async def tell_of(self, said: Said, **more: Any) -> float:
        """Tell the bot of a message that stands already."""
        kind = self.slack.world.rooms[said.channel].kind
        return await self._event({"type": "message", "channel_type": kind, **self._message(said), **more})

    async def press(self, user: str, said: Said, action: Mapping[str, Any]) -> float:
        """Press a button of a message."""
        return await self._tell(
            "interactive",
            {
                **self._interaction(user, "block_actions"),
                "container": {
                    "type": "message",
                    "message_ts": said.ts,
                    "channel_id": said.channel,
                    "is_ephemeral": bool(said.only_for),
                },
                "channel": {"id": said.channel, "name": said.channel.lower()},
                "message": said.shown(metadata=True),
                "response_url": self._response_url(said.channel, user),
                "actions": [dict(action) | {"action_ts": f"{time.time():.6f}", "block_id": "b"}],
            },
        )

    async def press_home(self, user: str, action: Mapping[str, Any]) -> float:
        """Press a button of the Home tab."""
        view = self.slack.world.homes[user]
        return await self._tell(
            "interactive",
            {
                **self._interaction(user, "block_actions"),
                "container": {"type": "view", "view_id": view["id"]},
                "view": view,
                "actions": [dict(action) | {"action_ts": f"{time.time():.6f}", "block_id": "b"}],
            },
        )

    async def press_in_form(
        self, user: str, view: Mapping[str, Any], values: Mapping[str, Any], action: Mapping[str, Any]
    ) -> float:
        """Press a button of an open form, or change a field that tells of it; ``values`` are as in ``submit``."""
        state = {block: {"value": value} for block, value in values.items()}
        return await self._tell(
            "interactive",
            {
                **self._interaction(user, "block_actions"),
                "container": {"type": "view", "view_id": view["id"]},
                "view": dict(view) | {"state": {"values": state}},
                "actions": [dict(action) | {"action_ts": f"{time.time():.6f}"}],
            },
        )

    async def submit(self, user: str, view: Mapping[str, Any], values: Mapping[str, Any]) -> float:
        """Send a form in; ``values`` are by block, each as Slack holds it in its state."""
        state = {block: {"value": value} for block, value in values.items()}
        return await self._tell(
            "interactive",
            {
                **self._interaction(user, "view_submission"),
                "view": dict(view) | {"state": {"values": state}},
                "response_urls": [],
            },
        )

    async def message_shortcut(self, user: str, said: Said, callback: str) -> float:
        """Choose a shortcut from the menu of a message."""
        return await self._tell(
            "interactive",
            {
                **self._interaction(user, "message_action"),
                "callback_id": callback,
                "channel": {"id": said.channel, "name": said.channel.lower()},
                "message_ts": said.ts,
                "message": said.shown(metadata=False),
                "response_url": self._response_url(said.channel, user),
            },
        )

    async def shortcut(self, user: str, callback: str) -> float:
        """Choose a shortcut from the lightning menu."""
        return await self._tell(
            "interactive",
            {
                **self._interaction(user, "shortcut"),
                "callback_id": callback,
                "action_ts": f"{time.time():.6f}",
            },
        )

    async def open_home(self, user: str, *, tab: str = "home") -> float:
        """Look at the bot's own page."""
        event = {"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": tab}
        return await self._event(event)

    async def leave(self, channel: str, *, user: str = "UBOT") -> float:
        """Leave a channel, or make the bot leave it."""
        self.slack.world.rooms[channel].members.discard(user)
        event = {"type": "member_left_channel", "user": user, "channel": channel, "team": self.team}
        return await self._event(event)

    async def join(self, channel: str, *, user: str = "UBOT") -> float:
        """Join a channel, or invite the bot into it."""
        self.slack.world.rooms[channel].members.add(user)
        event = {"type": "member_joined_channel", "user": user, "channel": channel, "team": self.team}
        return await self._event(event)

    async def uninstall(self) -> float:
        """Remove the app from the workspace."""
        for token in self.slack.world.tokens.values():
            if token.team == self.team:
                token.dead = "account_inactive"
        return await self._event({"type": "app_uninstalled"})

    async def again(self, number: int = -1) -> float:
        """Tell once more what was told, as Slack does when it was not sure."""
        kind, payload = self.acts[number]
        return await self._send(kind, payload, retry=1)

    def button(self, said: Said, verb: str) -> dict[str, Any]:
        """Return the button of ``said`` that asks for ``verb``."""
        return next(a for a in buttons(said.blocks) if a["action_id"].split(":")[1] == verb)

    def _interaction(self, user: str, kind: str) -> dict[str, Any]:
        return {
            "type": kind,
            "team": {"id": self.team},
            "user": {"id": user, "team_id": self._team_of(user)},
            "api_app_id": "A1",
            "trigger_id": self._trigger(),
        }

    def _message(self, said: Said) -> dict[str, Any]:
        data = {"user": said.user, "text": said.text, "ts": said.ts, "channel": said.channel}
        data |= {"team": self._team_of(said.user), "event_ts": said.ts}
        return data | ({"thread_ts": said.thread} if said.thread else {})

    def _team_of(self, user: str) -> str:
        person = self.slack.world.people.get(user)
        return person.team if person and person.team != "T1" else self.team

    async def _event(self, event: dict[str, Any]) -> float:
        return await self._tell(
            "events_api",
            {
                "type": "event_callback",
                "team_id": self.team,
                "api_app_id": "A1",
                "event": {"event_ts": f"{time.time():.6f}", **event},
                "event_id": f"Ev{uuid.uuid4().hex[:10]}",
                "event_time": int(time.time()),
                "authorizations": [{"team_id": self.team, "user_id": "UBOT", "is_bot": True}],
            },
        )

    async def _tell(self, kind: str, payload: dict[str, Any]) -> float:
        self.acts.append((kind, payload))
        return await self._send(kind, payload)

    async def _send(self, kind: str, payload: dict[str, Any], *, retry: int = 0) -> float:
        if self.request_url:
            return await self._post(kind, payload)
        seconds, self.answer = await self.slack.send(kind, payload, retry=retry)
        return seconds

    async def _post(self, kind: str, payload: dict[str, Any]) -> float:
        body = {
            "events_api": json.dumps(payload),
            "slash_commands": urlencode(payload),
            "interactive": urlencode({"payload": json.dumps(payload)}),
        }[kind]
        begun = time.perf_counter()
        status, text = await self.post_raw(body, json_body=kind == "events_api")
        assert status == 200, text
        self.answer = json.loads(text) if text.startswith("{") else {}
        return time.perf_counter() - begun

    async def post_raw(
        self, body: str, *, json_body: bool = False, headers: Mapping[str, str] | None = None, stamp: str = ""
    ) -> tuple[int, str]:
        """Post ``body`` to the bot, signed at ``stamp`` (by default now) unless ``headers`` say otherwise."""
        stamp = stamp or str(int(time.time()))
        digest = hmac.new(
            self.signing_secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256
        ).hexdigest()
        sent = {
            "Content-Type": "application/json" if json_body else "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        } | dict(headers or {})
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.request_url, data=body.encode(), headers=sent) as response,
        ):
            return response.status, await response.text()

    def _trigger(self) -> str:
        name = f"{uuid.uuid4().int % 10**12}.{uuid.uuid4().hex}"
        self.slack.triggers[name] = time.monotonic()
        return name

    def _response_url(self, channel: str, user: str, thread: str = "") -> str:
        name = uuid.uuid4().hex
        self.slack.responses[name] = [channel, user, thread, 0]
        return f"{self.slack.url}/response/{name}"


def buttons(value: Any) -> list[dict[str, Any]]:
    """Return every button in blocks, in order."""
    if isinstance(value, dict):
        own = [value] if value.get("type") == "button" else []
        return own + [b for inner in value.values() for b in buttons(inner)]
    return [b for inner in value for b in buttons(inner)] if isinstance(value, list) else []

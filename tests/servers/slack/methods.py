"""What the methods of a loopback Slack do: scopes, membership, the limits of messages, forms and histories."""

from __future__ import annotations

import json
import time
import uuid
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slack_sdk.models.blocks import Block

from tests.servers.slack.schema import schema_faults
from tests.servers.slack.world import Token, World

MOST_TEXT, MAX_BLOCKS, MAX_MESSAGE_CHARS = 40_000, 50, 13_200
HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}
READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.startStream": "chat:write",
    "chat.appendStream": "chat:write",
    "chat.stopStream": "chat:write",
    "assistant.threads.setStatus": "chat:write",
    "users.info": "users:read",
    "usergroups.users.list": "usergroups:read",
    "reactions.add": "reactions:write",
    "conversations.open": "im:write",
}


class Refused(Exception):  # noqa: N818 - it names what happened
    """An answer with ``ok: false``."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.data = {"ok": False, "error": error, **more}


def model_faults(blocks: list[Any]) -> list[str]:
    """Return what Slack's own models say against ``blocks``."""
    faults = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for data in blocks:
            block = Block.parse(data)
            if block is None:
                faults.append(f"unknown block {data.get('type')!r}")
                continue
            try:
                block.to_dict()
            except Exception as error:  # noqa: BLE001 - the models' own errors are of many kinds
                faults.append(str(error))
    return faults


@dataclass(slots=True, kw_only=True)
class Methods:
    """The Web API over a world."""

    world: World = field(default_factory=World.usual)
    log: Path | None = None  # a line for every message accepted, written before anything else happens
    rate: float = 0.0  # posts a second and channel; 0 for any
    history_most: int = 100  # items; 15 for apps sold outside the Marketplace
    history_every: float = 0.0  # seconds between two calls; 60 for those apps
    trigger_seconds: float = 60.0  # Slack's are three; a test that needs one too old says so
    rotation: float = 0.0  # seconds a token lasts; 0 for ever
    client: tuple[str, str] = ("111.222", "client-secret")
    validators: list[Callable[[list[Any]], list[str]]] = field(
        default_factory=lambda: [model_faults, schema_faults]
    )
    triggers: dict[str, float] = field(default_factory=dict)
    _posted: dict[str, float] = field(default_factory=dict)
    _read: dict[str, float] = field(default_factory=dict)

    def _need(self, token: Token, scope: str) -> None:
        if scope and scope not in token.scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(token.scopes)))

    def _room(self, arguments: dict[str, Any], token: Token, *, writing: bool) -> Any:
        channel = arguments.get("channel", "")
        if channel in self.world.people and writing:
            channel = f"D{channel}"
            if channel not in self.world.rooms:
                raise Refused("channel_not_found")
        room = self.world.rooms.get(channel)
        member = room is not None and token.bot_user in room.members
        if room is None or (room.kind != "channel" and not member):
            raise Refused("channel_not_found")
        if writing and room.archived:
            raise Refused("is_archived")
        if writing and not member:
            raise Refused("not_in_channel")
        if writing and room.read_only:
            raise Refused("restricted_action")
        return room

    def _check(self, arguments: dict[str, Any]) -> list[Any]:
        blocks = arguments.get("blocks") or []
        blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
        text = arguments.get("text") or ""
        if not (blocks or text):
            raise Refused("no_text")
        if len(text) > MOST_TEXT:
            raise Refused("msg_too_long")
        faults = [fault for validate in self.validators for fault in validate(blocks)]
        if len(blocks) > MAX_BLOCKS or faults:
            raise Refused("invalid_blocks", response_metadata={"messages": faults[:5]})
        if _shown(blocks) > MAX_MESSAGE_CHARS:
            raise Refused("msg_blocks_too_long")
        return list(blocks)

    def _chat_postMessage(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:  # noqa: N802
        room = self._room(arguments, token, writing=True)
        blocks = self._check(arguments)
        thread = arguments.get("thread_ts") or ""
        if thread and self.world.find(room.id, thread) is None:
            raise Refused("thread_not_found")
        now = time.monotonic()
        if self.rate and now - self._posted.get(room.id, 0.0) < 1 / self.rate:
            raise Refused("ratelimited")
        self._posted[room.id] = now
        metadata = arguments.get("metadata")
        metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
        said = self.world.add(
            channel=room.id,
            user=token.bot_user,
            text=arguments.get("text") or "",
            blocks=blocks,
            thread=thread,
            metadata=metadata,
        )
        if self.log:
            with self.log.open("a") as file:
                file.write(f"{said.at:.6f} {room.id} {said.key}\n")
        return {"channel": room.id, "ts": said.ts, "message": said.shown(metadata=True)}

    def _chat_postEphemeral(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:  # noqa: N802
        room = self._room(arguments, token, writing=True)
        if arguments["user"] not in room.members:
            raise Refused("user_not_in_channel")
        said = self.world.add(
            channel=room.id,
            user=token.bot_user,
            text=arguments.get("text") or "",
            blocks=self._check(arguments),
            thread=arguments.get("thread_ts") or "",
            only_for=arguments["user"],
        )
        return {"message_ts": said.ts}

    def _chat_update(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:
        room = self._room(arguments, token, writing=True)
        said = self.world.find(room.id, arguments["ts"])
        if said is None:
            raise Refused("message_not_found")
        if said.user != token.bot_user or said.streaming:
            raise Refused("cant_update_message")
        said.metadata = arguments.get("metadata", said.metadata)
        said.blocks, said.text, said.edits = (
            self._check(arguments),
            arguments.get("text") or "",
            said.edits + 1,
        )
        return {"channel": room.id, "ts": said.ts, "text": said.text}

    def _chat_getPermalink(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:  # noqa: N802
        said = self.world.find(arguments["channel"], arguments["message_ts"])
        if said is None:
            raise Refused("message_not_found")
        stamp = said.ts.replace(".", "")
        return {"permalink": f"https://{token.team.lower()}.slack.example/archives/{said.channel}/p{stamp}"}

    def _chat_delete(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:
        said = self.world.find(arguments["channel"], arguments["ts"])
        if said is None:
            raise Refused("message_not_found")
        self.world.said.remove(said)
        return {}

    def _chat_startStream(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:  # noqa: N802
        room = self._room(arguments, token, writing=True)
        if not arguments.get("thread_ts"):
            raise Refused("invalid_arguments")
        if room.kind != "im" and not (
            arguments.get("recipient_user_id") and arguments.get("recipient_team_id")
        ):
            raise Refused("missing_recipient_user_id")
        said = self.world.add(
            channel=room.id,
            user=token.bot_user,
            text=_streamed(arguments),
            thread=arguments["thread_ts"],
            streaming=True,
        )
        return {"channel": room.id, "ts": said.ts}

    def _chat_appendStream(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:  # noqa: N802
        said = self.world.find(arguments["channel"], arguments["ts"])
        if said is None or not said.streaming:
            raise Refused("message_not_in_streaming_state")
        said.text += _streamed(arguments)
        return {"channel": said.channel, "ts": said.ts}

    def _chat_stopStream(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:  # noqa: N802
        self._chat_appendStream(arguments, token)
        said = self.world.find(arguments["channel"], arguments["ts"])
        assert said is not None
        said.streaming = False
        said.blocks = arguments.get("blocks") or []
        return {"channel": said.channel, "ts": said.ts, "message": said.shown(metadata=True)}

    def _assistant_threads_setStatus(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:  # noqa: N802
        if self.world.find(arguments["channel_id"], arguments["thread_ts"]) is None:
            raise Refused("invalid_thread_ts")
        self.world.statuses.append((arguments["channel_id"], arguments["thread_ts"], arguments["status"]))
        return {}

    def _reactions_add(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:
        self.world.reactions.append((arguments["channel"], arguments["timestamp"], arguments["name"]))
        return {}

    def _conversations_info(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:
        room = self._room(arguments, token, writing=False)
        self._need(token, READ[room.kind])
        return {
            "channel": {
                "id": room.id,
                "name": room.id.lower(),
                "is_channel": room.kind == "channel",
                "is_im": room.kind == "im",
                "is_private": room.kind != "channel",
                "is_archived": room.archived,
                "is_member": token.bot_user in room.members,
                "is_ext_shared": any(self.world.people[p].team != token.team for p in room.members),
            }
        }

    def _conversations_members(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:
        room = self._room(arguments, token, writing=False)
        self._need(token, READ[room.kind])
        members, limit = sorted(room.members), int(arguments.get("limit", 100))
        start = int(arguments.get("cursor") or 0)
        following = str(start + limit) if start + limit < len(members) else ""
        return {
            "members": members[start : start + limit],
            "response_metadata": {"next_cursor": following},
        }

    def _conversations_history(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:
        return self._past(arguments, token, thread="")

    def _conversations_replies(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:
        return self._past(arguments, token, thread=arguments["ts"])

    def _past(self, arguments: dict[str, Any], token: Token, *, thread: str) -> dict[str, Any]:
        room = self._room(arguments, token, writing=False)
        self._need(token, HISTORY[room.kind])
        if token.bot_user not in room.members:
            raise Refused("not_in_channel")
        now = time.monotonic()
        if self.history_every and now - self._read.get(room.id, -1e9) < self.history_every:
            raise Refused("ratelimited")
        self._read[room.id] = now
        limit = min(self.history_most, int(arguments.get("limit", 100)))
        oldest = float(arguments.get("oldest") or 0)
        found = [
            s
            for s in self.world.said
            if s.channel == room.id and not s.only_for and float(s.ts) > oldest
            and ((thread in {s.ts, s.thread}) if thread else not s.thread)
        ]  # fmt: skip
        found = found if thread else found[::-1]
        start = int(arguments.get("cursor") or 0)
        following = str(start + limit) if start + limit < len(found) else ""
        metadata = str(arguments.get("include_all_metadata", "")).lower() in {"1", "true"}
        return {
            "messages": [s.shown(metadata=metadata) for s in found[start : start + limit]],
            "has_more": bool(following),
            "response_metadata": {"next_cursor": following},
        }

    def _users_info(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:
        person = self.world.people.get(arguments["user"])
        if person is None:
            raise Refused("user_not_found")
        return {
            "user": person.shown(
                token.team, with_locale=str(arguments.get("include_locale")).lower() in {"1", "true"}
            )
        }

    def _usergroups_users_list(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:
        if arguments["usergroup"] not in self.world.groups:
            raise Refused("no_such_subteam")
        return {"users": sorted(self.world.groups[arguments["usergroup"]])}

    def _views_open(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:
        made = self.triggers.pop(arguments["trigger_id"], None)
        if made is None:
            raise Refused("invalid_trigger_id")
        if time.monotonic() - made > self.trigger_seconds:
            raise Refused("expired_trigger_id")
        return {"view": self._view(arguments["view"], kind="modal")}

    def _views_update(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:
        if arguments.get("view_id") not in self.world.views:
            raise Refused("not_found")
        return {"view": self._view(arguments["view"], kind="modal", name=arguments["view_id"])}

    def _views_publish(self, arguments: dict[str, Any], token: Token) -> dict[str, Any]:
        view = self._view(arguments["view"], kind="home")
        self.world.homes[arguments["user_id"]] = view
        return {"view": view}

    def _view(self, view: Any, *, kind: str, name: str = "") -> dict[str, Any]:
        view = json.loads(view) if isinstance(view, str) else view
        faults = [fault for validate in self.validators for fault in validate(view["blocks"])]
        if view["type"] != kind or faults or len(view["blocks"]) > 100:
            raise Refused("invalid_arguments", response_metadata={"messages": faults[:5]})
        if kind == "modal" and (len(view["title"]["text"]) > 24 or len(view["submit"]["text"]) > 24):
            raise Refused("invalid_arguments")
        if len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
            raise Refused("invalid_arguments")
        view = view | {"id": name or f"V{uuid.uuid4().hex[:10]}", "hash": uuid.uuid4().hex}
        self.world.views[view["id"]] = view
        return dict(view)

    def _access(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if (arguments.get("client_id"), arguments.get("client_secret")) != self.client:
            raise Refused("bad_client_secret")
        team = "T2"
        if arguments.get("grant_type") == "refresh_token":
            old = arguments["refresh_token"].removeprefix("xoxe-1-")
            if old not in self.world.tokens:
                raise Refused("invalid_refresh_token")
            team = self.world.tokens[old].team
            self.world.tokens.pop(old)
        elif not arguments.get("code", "").startswith("code-"):
            raise Refused("invalid_code")
        elif arguments["code"] in self.world.codes:
            raise Refused("code_already_used")
        self.world.codes.add(arguments.get("code", ""))
        name = f"xoxb-{uuid.uuid4().hex[:12]}"
        expires = time.time() + self.rotation if self.rotation else 0.0
        self.world.tokens[name] = Token(team=team, expires=expires)
        rotating = (
            {"refresh_token": f"xoxe-1-{name}", "expires_in": int(self.rotation)} if self.rotation else {}
        )
        return {
            "access_token": name,
            "token_type": "bot",
            "scope": ",".join(sorted(self.world.tokens[name].scopes)),
            "bot_user_id": "UBOT",
            "app_id": "A1",
            "team": {"id": team, "name": f"Team {team}"},
            "authed_user": {"id": "UADMIN"},
            **rotating,
        }


def _streamed(arguments: dict[str, Any]) -> str:
    chunks = arguments.get("chunks") or []
    return (arguments.get("markdown_text") or "") + "".join(c.get("text", "") for c in chunks)


def _shown(value: Any) -> int:
    """Return the number of characters of texts and addresses in blocks."""
    if isinstance(value, dict):
        return sum(
            len(v) if k in {"text", "url"} and isinstance(v, str) else _shown(v) for k, v in value.items()
        )
    return sum(_shown(v) for v in value) if isinstance(value, list) else 0

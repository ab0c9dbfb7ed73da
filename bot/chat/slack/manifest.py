"""The app's manifest, made from what the code uses. Pure."""

from __future__ import annotations

import json
from typing import Any

from bot.chat.slack.events import REMOVALS
from bot.chat.slack.requests import LINK_SHORTCUT, NEW_SHORTCUT
from bot.chat.slack.workspaces import OPTIONAL, REQUIRED

EVENTS = (
    "app_home_opened",
    "app_mention",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    *REMOVALS,
)


def manifest(*, public_url: str = "", many: bool = False) -> dict[str, Any]:
    """Return the manifest: for Socket Mode, or for HTTP mode at ``public_url``; ``many`` workspaces need OAuth."""
    events_url = f"{public_url.rstrip('/')}/slack/events"
    reached = {"request_url": events_url} if public_url else {}
    oauth = {"redirect_urls": [f"{public_url.rstrip('/')}/slack/oauth_redirect"]} if many else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Wirebrief",
            "description": "Know in one minute what changed in the stories you follow",
            "long_description": (
                "Wirebrief posts a briefing at the times you choose: what changed in the stories your team follows, who"
                " said what, where it stands and what comes next. Every line cites the sentences it rests on. Ask it"
                " questions, give it a link, follow or mute a story. It runs on your own machine."
            ),
            "background_color": "#1d3557",
        },
        "features": _features(events_url if public_url else ""),
        "oauth_config": {**oauth, "scopes": {"bot": list(REQUIRED), "bot_optional": list(OPTIONAL)}},
        "settings": {
            "event_subscriptions": {**reached, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **reached},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not public_url,
            "token_rotation_enabled": many,
        },
    }


def manifest_text(*, public_url: str = "", many: bool = False) -> str:
    """Return the manifest as the text to paste."""
    return json.dumps(manifest(public_url=public_url, many=many), ensure_ascii=False, indent=2) + "\n"


def _features(events_url: str) -> dict[str, Any]:
    command = {
        "command": "/brief",
        "description": "News briefings: what changed in the stories you follow",
        "usage_hint": "ask QUESTION | link URL | story NAME | subscribe | status | help",
        "should_escape": False,
    } | ({"url": events_url} if events_url else {})
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "agent_view": {
            "agent_description": "Answers from the news it has read, each line with its source",
            "suggested_prompts": [
                {"title": "What changed today?", "message": "What changed today?"},
                {"title": "Catch me up", "message": "Catch me up since yesterday"},
                {"title": "What can you do?", "message": "help"},
            ],
        },
        "bot_user": {"display_name": "wirebrief", "always_online": True},
        "shortcuts": [
            {
                "name": "Summarise link",
                "type": "message",
                "callback_id": LINK_SHORTCUT,
                "description": "Read the link of this message and say what it adds",
            },
            {
                "name": "New briefing",
                "type": "global",
                "callback_id": NEW_SHORTCUT,
                "description": "Subscribe a channel to a briefing",
            },
        ],
        "slash_commands": [command],
    }

"""The manifest: equal to the file we ship, as Slack's own types have it, and asking for what the code uses alone."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.errors import ERROR_TEXTS
from bot.chat.slack.manifest import manifest, manifest_text
from bot.chat.slack.workspaces import OPTIONAL, REQUIRED
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

SCHEMA = json.loads((ROOT / "tests" / "chat" / "slack" / "manifest.schema.json").read_text("utf-8"))
NO_SCOPE = {
    "auth_test",
    "chat_getPermalink",
    "apps_connections_open",
    "views_open",
    "views_publish",
    "views_update",
}
CALLED = {
    **dict.fromkeys(
        (
            "chat_postMessage",
            "chat_postEphemeral",
            "chat_update",
            "chat_delete",
            "chat_startStream",
            "chat_appendStream",
            "chat_stopStream",
            "assistant_threads_setStatus",
        ),
        frozenset({"chat:write"}),
    ),
    "users_info": {"users:read"},
    "usergroups_users_list": {"usergroups:read"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_history": {"channels:history", "groups:history"},
    "conversations_replies": {"channels:history", "groups:history"},
}


def test_the_file_we_ship_is_the_one_the_code_makes():
    shipped = (ROOT / "config" / "slack-manifest.json").read_text("utf-8")
    assert shipped == manifest_text(), "write it anew: wirebrief slack manifest > config/slack-manifest.json"


@pytest.mark.parametrize(
    ("public_url", "many"), [("", False), ("https://bot.example", False), ("https://bot.example", True)]
)
def test_slack_takes_its_form(public_url, many):
    jsonschema.validate(manifest(public_url=public_url, many=many), SCHEMA)


def test_a_manifest_with_a_scope_nobody_knows_is_refused():
    broken = manifest()
    broken["oauth_config"]["scopes"]["bot"].append("everything:write")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, SCHEMA)


def test_the_scopes_are_those_of_the_calls_and_events():
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "bot" / "chat" / "slack").rglob("*.py"))
    named = set(re.findall(r'"([a-z]+_\w+)"', sources))
    called = {name for name in named if hasattr(AsyncWebClient, name)} - NO_SCOPE
    assert called == set(CALLED)
    used = {scope for method in called for scope in CALLED[method]}
    events = {"app_mentions:read", "im:history", "channels:history", "groups:history"}
    others = {"commands", "assistant:write"}  # /brief and shortcuts; the agent view
    assert used | events | others == {*REQUIRED, *OPTIONAL}


GUIDE = (ROOT / "docs" / "slack.md").read_text("utf-8")


def test_the_guide_names_every_scope_and_no_other():
    named = set(re.findall(r"`([a-z_]+:[a-z.]+|commands)`", GUIDE.partition("## What the app may do")[2]))
    assert named - {"connections:write"} == {*REQUIRED, *OPTIONAL}


@pytest.mark.parametrize("error", [error for error, meaning in ERROR_TEXTS.items() if meaning.gone])
def test_the_guide_helps_with_every_refusal_that_a_person_has_to_repair(error):
    assert re.sub(r"\{\w+\}", "…", ERROR_TEXTS[error].says) in GUIDE


def test_never_may_the_bot_post_where_nobody_invited_it():
    assert "chat:write.public" not in manifest_text()


def test_http_mode_names_its_addresses():
    text = manifest_text(public_url="https://bot.example/", many=True)
    assert text.count('"https://bot.example/slack/events"') == 3
    assert '"https://bot.example/slack/oauth_redirect"' in text
    assert '"socket_mode_enabled": false' in text
    assert '"token_rotation_enabled": true' in text

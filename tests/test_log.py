"""Logs: secrets are masked by value, wherever they stand."""

from __future__ import annotations

import structlog

from bot.log import MASK, mask, public_address, set_up_logs


def test_a_secret_is_masked_in_messages_fields_and_tracebacks(capsys):
    set_up_logs(level="debug", json_lines=True, secrets=("hunter2",))
    log = structlog.get_logger()
    try:
        raise ValueError("token hunter2 refused")
    except ValueError:
        log.exception("failed with hunter2", url="https://x/?k=hunter2", nested={"a": ["hunter2"]})
    written = capsys.readouterr().err
    assert "hunter2" not in written
    assert written.count(MASK) == 4 or "\\u2022" in written


def test_masking_leaves_everything_else_as_it_is():
    assert mask({"a": (1, "b")}, ("secret",)) == {"a": [1, "b"]}


def test_a_feed_address_is_logged_without_its_tokens():
    assert public_address("https://me:pw@host:8443/feed?token=x#y") == "https://host:8443/feed"
    assert public_address("https://[::1") == ""

"""Logs: no secret, no body, no address with a token in it, at no level and in no form."""

from __future__ import annotations

import json
import logging
import sys
import threading

import pytest
import structlog

from bot.errors import FetchError
from bot.language.cleaning.public import MASK, public_address
from bot.log import library_logger, log_stray_errors, mask, report_fault, set_up_logs, trace

SECRET = "xoxb-canary-17"  # noqa: S105 - nobody's
BODY = "canary-body"


@pytest.fixture(params=[True, False], ids=["json", "console"])
def written(request, capsys):
    set_up_logs(
        level="debug",
        json_lines=request.param,
        secrets=(SECRET, "https://hooks.example/in/a1b2c3d4e5f6g7h8?k=1"),
    )
    return lambda: capsys.readouterr().err


def test_a_secret_is_masked_in_messages_and_in_fields_at_any_depth(written):
    message, log = f"failed with {SECRET}", structlog.get_logger()
    log.error(message, url=f"https://x.example/?k={SECRET}", nested={"a": [SECRET], SECRET: 1})
    log.debug("an object", thing=ValueError(SECRET))
    lines = written()
    assert SECRET not in lines
    assert MASK in lines or "\\u2022" in lines


def test_a_secret_address_is_masked_in_the_forms_in_which_it_travels(written):
    log = structlog.get_logger()
    log.error(
        "refused", path="/in/a1b2c3d4e5f6g7h8", part="a1b2c3d4e5f6g7h8", quoted="%2Fin%2Fa1b2c3d4e5f6g7h8"
    )
    assert "a1b2c3d4e5f6g7h8" not in written()


def test_an_error_is_told_by_kind_and_place_without_locals_or_what_it_quotes(written):
    local = BODY
    try:
        try:
            int(f"{local} {SECRET}")
        except ValueError as error:
            raise FetchError("The server hung up", reason="connection") from error
    except FetchError:
        structlog.get_logger().exception("failed")
    lines = written()
    assert "The server hung up" in lines
    assert "ValueError" in lines
    assert "test_log.py:" in lines
    assert BODY not in lines
    assert SECRET not in lines


def test_causes_groups_and_circles_of_errors_end():
    one, two = ValueError(BODY), ExceptionGroup(BODY, [KeyError(BODY), OSError(BODY)])
    one.__cause__, two.__context__ = two, one
    lines = trace(one)
    assert [line.strip() for line in lines] == ["ValueError", "ExceptionGroup", "KeyError", "OSError"]


@pytest.mark.parametrize(
    "name", ["slack_sdk.web", "discord.http", "openai", "httpx2", "dbos", "apscheduler", "aiohttp"]
)
def test_other_programs_are_heard_of_warnings_alone_and_without_values(written, name):
    log = logging.getLogger(name)
    level, log.level = log.level, logging.DEBUG
    try:
        log.debug("sending %s with %s", BODY, SECRET)
        log.info("posting " + BODY)  # noqa: G003 - as SDKs do
        log.warning("Retrying the request to %s", f"https://a.example/?k={SECRET}")
        log.warning("Unhandled request (" + BODY + SECRET + ")")  # noqa: G003 - as SDKs do
        try:
            raise ValueError(BODY)
        except ValueError:
            log.exception("Failed: %s", BODY)
    finally:
        log.setLevel(level)
    lines = written()
    assert "Retrying the request to" in lines
    assert "Unhandled request" in lines
    assert name in lines
    assert "ValueError" in lines
    assert BODY not in lines
    assert SECRET not in lines
    assert "sending" not in lines


def test_a_line_of_json_is_one_object(capsys):
    set_up_logs(level="debug", json_lines=True)
    structlog.get_logger().error("a\nb", error=ValueError("x"), number=3, nothing=None)
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["number"] == 3


def test_what_escapes_from_a_thread_is_logged_by_kind(written):
    hook, unraisable = threading.excepthook, sys.unraisablehook

    def fails():
        raise ValueError(BODY)

    log_stray_errors()
    try:
        thread = threading.Thread(target=fails, name="reader")
        thread.start()
        thread.join()
    finally:
        threading.excepthook, sys.unraisablehook = hook, unraisable
    lines = written()
    assert "ValueError" in lines
    assert BODY not in lines


def test_a_fault_is_told_by_an_id_that_finds_its_line(written):
    number = report_fault(ValueError(BODY), doing="a request")
    lines = written()
    assert number in lines
    assert "ValueError" in lines
    assert BODY not in lines


def test_masking_leaves_everything_else_as_it_is():
    assert mask({"a": (1, "b", None, True)}, ("secret",)) == {"a": [1, "b", None, True]}


def test_a_long_value_is_cut():
    assert len(mask("x" * 100_000, ())) < 2100


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:pw@host:8443/feed?token=x#y", "https://host:8443/feed"),
        ("https://host/feed/a1b2c3d4e5f6a7b8c9d0/rss", f"https://host/feed/{MASK}/rss"),
        ("https://host/2031/03/10/talks-stall-in-geneva", "https://host/2031/03/10/talks-stall-in-geneva"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("https://[::1", ""),
    ],
)
def test_an_address_is_shown_without_its_tokens(address, shown):
    assert public_address(address) == shown
    assert address == shown or address not in mask(f"read {address}, then", ())


def test_a_librarys_own_lines_reach_nobody(written):
    quiet = library_logger("slack.test", level=logging.CRITICAL + 1)
    assert library_logger("slack.test", level=logging.CRITICAL + 1) is quiet
    quiet.critical("the body is %s", BODY)
    library_logger("slack.test", level=logging.WARNING).warning("the body is %s", BODY)
    assert BODY not in written()

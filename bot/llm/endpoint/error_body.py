"""The error of an endpoint: its codes, and its own sentence in a form safe for operators. Pure.

OpenAI and most others send ``{"error": {"message", "type", "code"}}``. Seen besides: a bare text as error, the fields at the top,
a list around all (Gemini), ``detail`` (FastAPI), another server's answer as text inside the message, a page of HTML.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.language.cleaning.clean import clean_text
from bot.language.cleaning.public import MASK, is_token

MAX_ERROR_SENTENCE_CHARS = 200  # of the endpoint's sentence that are shown
MAX_BODY_CHARS = 100_000  # of a body that are read
MAX_ERROR_DEPTH = 4  # answers inside answers
ECHO_WORDS = 8  # consecutive words of the request by which a sentence repeats it

_CODE_KEYS = ("code", "type", "status", "reason", "error_type", "quotaId")
_INSIDE_KEYS = ("error", "innererror", "metadata", "details", "violations", "detail", "raw")
_MESSAGE_KEYS = ("message", "error", "msg", "detail", "title", "error_description")
_URL = re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.)[^\s\"'<>`)\]]+", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z]{2,10}\b(?!\.?\w)(?::\d+)?(?:/[^\s\"'<>`)\]]*)?")
_IP = re.compile(
    r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b|\[?\b(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}\b\]?", re.IGNORECASE
)
_KEY = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|hf)[-_][\w*•.…-]{3,}[\w*•]|\bAIza[\w*-]{8,}|\bBearer\s+\S+"
    r"|\b(?:key|org|proj|req|acct|user)[-_](?=[\w*•.-]*\d)[\w*•.-]{3,}[\w*•]",
    re.IGNORECASE,
)
_SHORTENED = re.compile(r"[\w-]*\*{3,}[\w*-]*|[\w-]+(?:…|\.{3,})[\w-]{2,}")
_WORDLIKE = re.compile(r"[\w*+/=-]{12,}")
_HTML = re.compile(r"\A\s*(?:<!doctype html|<html|<head|<\?xml[^>]*>\s*<html)", re.IGNORECASE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointError:
    """The error of an endpoint; ``status`` is 0 if there was none."""

    status: int = 0
    codes: tuple[str, ...] = ()  # lower case, outermost first
    message: str = ""  # as it came
    details: str = ""  # all of it as text, lower case
    page: bool = False  # a page of HTML came instead of an answer


def read_error(body: Any, *, status: int = 0) -> EndpointError:
    """Return the error in ``body``, a text or a value from JSON."""
    if isinstance(body, str):
        text = body[:MAX_BODY_CHARS]
        if is_page(text):
            return EndpointError(status=status, message=_title(text), details=text.lower(), page=True)
        body = _value(text)
        if body is None:
            return EndpointError(status=status, message=text, details=text.lower())
    codes = tuple(dict.fromkeys(_codes(body, MAX_ERROR_DEPTH)))
    try:
        details = json.dumps(body, ensure_ascii=False)[:MAX_BODY_CHARS].lower()
    except (TypeError, ValueError, RecursionError):
        details = ""
    return EndpointError(status=status, codes=codes, message=_message(body, MAX_ERROR_DEPTH), details=details)


def is_page(text: str) -> bool:
    """Return whether ``text`` is a page of HTML."""
    return bool(_HTML.match(text[:2000]))


def sentence_of(error: EndpointError, *, secrets: Sequence[str] = (), asked: str = "") -> str:
    """Return the endpoint's sentence for an operator: without keys, addresses and controls, at most 200 characters.

    ``secrets`` are masked by value. A sentence that repeats the request ``asked`` is left out.
    """
    text = " ".join(clean_text(error.message[: 10 * MAX_ERROR_SENTENCE_CHARS]).split())
    if not text or _echoes(text, asked):
        return ""
    for secret in secrets:
        if secret:
            text = text.replace(secret, MASK)
    for pattern in (_URL, _EMAIL, _IP, _KEY, _SHORTENED, _HOST):
        text = pattern.sub(MASK, text)
    text = _WORDLIKE.sub(lambda found: MASK if is_token(found[0]) else found[0], text)
    return (
        text if len(text) <= MAX_ERROR_SENTENCE_CHARS else f"{text[: MAX_ERROR_SENTENCE_CHARS - 1].rstrip()}…"
    )


def _title(page: str) -> str:
    start = page.lower().find("<title")
    begin = page.find(">", start) + 1
    end = page.lower().find("</title", begin)
    return html.unescape(page[begin:end]) if start >= 0 and begin and end >= 0 else ""


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _codes(body: Any, deeper: int) -> Iterator[str]:
    if isinstance(body, str) and body.lstrip()[:1] in {"{", "["}:
        body = _value(body)
    if deeper < 0:
        return
    if isinstance(body, list):
        for item in body[:5]:
            yield from _codes(item, deeper - 1)
    if not isinstance(body, Mapping):
        return
    for key in _CODE_KEYS:
        value = body.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool):
            yield str(value).lower()
    for key in (*_INSIDE_KEYS, "message"):
        yield from _codes(body.get(key), deeper - 1)


def _message(body: Any, deeper: int) -> str:
    if isinstance(body, str):
        inner = _value(body) if body.lstrip()[:1] in {"{", "["} else None
        return (_message(inner, deeper - 1) if inner is not None and deeper > 0 else "") or body
    if isinstance(body, list):
        return (
            next((said for item in body[:5] if (said := _message(item, deeper - 1))), "")
            if deeper > 0
            else ""
        )
    if not isinstance(body, Mapping) or deeper < 0:
        return ""
    # A router's own message is "Provider returned error"; the provider's message is in another key.
    raw = body.get("metadata")
    if isinstance(raw, Mapping) and raw.get("raw") and (said := _message(raw["raw"], deeper - 1)):
        return said
    return next((said for key in _MESSAGE_KEYS if (said := _message(body.get(key), deeper - 1))), "")


def _echoes(text: str, asked: str) -> bool:
    said, sent = _WORD.findall(text.lower()), _WORD.findall(asked.lower())
    runs = {tuple(sent[at : at + ECHO_WORDS]) for at in range(len(sent) - ECHO_WORDS + 1)}
    return any(tuple(said[at : at + ECHO_WORDS]) in runs for at in range(len(said) - ECHO_WORDS + 1))

"""Name the reason of a failure: by the endpoint's codes, then its words, then the status. Pure.

The codes and words are those that OpenAI, Azure, OpenRouter, Anthropic, Gemini, Mistral, Groq, DeepSeek, xAI, DashScope, LiteLLM, vLLM,
llama.cpp, Ollama and LM Studio send (``tests/servers/endpoint_answers.py`` holds their answers).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.llm.endpoint.error_body import EndpointError

MAX_SEARCHED_CHARS = 4_000  # of a sentence
MAX_MINUTE_QUOTA_SECONDS = 90.0  # seconds of a named wait up to which a quota is one for each minute

# Checked in this order: what comes first says more.
_CODES: Mapping[str, frozenset[str]] = {
    "region": frozenset(
        {
            "unsupported_country_region_territory",
            "unsupported_country",
            "unsupported_region",
            "request_forbidden_region",
        }
    ),
    "context_too_long": frozenset(
        {
            "context_length_exceeded",
            "exceed_context_size_error",
            "context_window_exceeded",
            "contextwindowexceedederror",
            "token_limit_exceeded",
            "tokens_limit_reached",
            "string_above_max_length",
            "string_too_long",
            "request_too_large",
            "model_max_prompt_tokens_exceeded",
            "input_too_long",
        }
    ),
    "content_refused": frozenset(
        {
            "content_filter",
            "content_filtered",
            "content_policy_violation",
            "contentpolicyviolationerror",
            "responsibleaipolicyviolation",
            "invalid_prompt",
            "data_inspection_failed",
            "datainspectionfailed",
            "moderation_blocked",
            "content_moderation",
            "prohibited_content",
            "safety",
            "1301",
        }
    ),
    "no_credit": frozenset(
        {
            "insufficient_credits",
            "insufficient_balance",
            "insufficient_funds",
            "insufficient_user_quota",
            "payment_required",
            "billing_error",
            "billing_not_active",
            "arrearage",
            "openrouter_credits",
            "1113",
        }
    ),
    "quota_exhausted": frozenset(
        {
            "insufficient_quota",
            "quota_exceeded",
            "quota_exhausted",
            "budget_exceeded",
            "billing_hard_limit_reached",
            "openrouter_key_limit",
            "usage_limit_reached",
        }
    ),
    "no_access": frozenset(
        {
            "account_deactivated",
            "access_terminated",
            "ip_not_authorized",
            "missing_scope",
            "insufficient_permissions",
            "model_access_denied",
            "service_disabled",
        }
    ),
    "no_such_model": frozenset(
        {
            "model_not_found",
            "deploymentnotfound",
            "modelnotfound",
            "unknown_model",
            "invalid_model",
            "model_not_available",
        }
    ),
    "unauthorised": frozenset(
        {
            "invalid_api_key",
            "api_key_invalid",
            "incorrect_api_key",
            "invalid_authentication",
            "unauthenticated",
            "invalid_token",
        }
    ),
    "not_json": frozenset({"json_validate_failed"}),
}
_WORDS: Mapping[str, re.Pattern[str]] = {
    reason: re.compile(pattern)
    for reason, pattern in {
        "region": r"\b(?:country|region|territory|location)\b[^.]{0,60}\bnot (?:supported|available|allowed)"
        r"|\bnot (?:available|supported) in (?:your|this|the) (?:country|region|location|territory)|unsupported (?:country|region)",
        "context_too_long": r"maximum context length|context (?:length|size|window)|prompt (?:is )?too long"
        r"|(?:input|prompt|message|request)s?\b[^.]{0,80}(?:too (?:long|large)|tokens?\b[^.]{0,60}exceed|exceeds?\b[^.]{0,60}\btokens?)"
        r"|exceeds? the (?:maximum|limit)[^.]{0,60}\btokens?|max_tokens must be at least 1|reduce the length",
        "content_refused": r"content (?:management )?polic|content[ _-]?filter|safety (?:system|polic|filter|setting)|usage polic"
        r"|\bflagged\b|moderation|inappropriate content|responsible ?ai|prohibited content|harmful content|sensitive content",
        "no_credit": r"credit balance|insufficient (?:credits?|balance|funds)|more credits|out of credits?|any credits|add credits"
        r"|billing (?:is )?not active|payment (?:is )?required|arrear|overdue (?:bill|payment)|good standing",
        "quota_exhausted": r"exceeded your current quota|quota (?:has been |is )?(?:exceeded|exhausted)|budget has been exceeded"
        r"|key limit exceeded|(?:spend|spending|usage|billing) (?:hard )?limit|per[ -]?day|daily limit|monthly limit|out of quota",
        "no_such_model": r"\bmodel\b[^.\n]{0,160}(?:not found|does not exist|not exist|not (?:a )?valid|is not available|unknown)"
        r"|no models? loaded|unexpected endpoint|no endpoints found|not a valid model|(?:unknown|no such|invalid) model|deployment\b[^.]{0,80}does not exist",
        "unauthorised": r"\b(?:api|subscription|access)[ _-]?(?:key|token)\b|auth credentials|\bunauthori[sz]ed\b|authentication",
        "no_access": r"(?:do|does) ?n[o']t have (?:access|permission)|not allowed to|\bpermission|access denied|denied access|firewall",
    }.items()
}
_STATUSES: Mapping[int, str] = {
    401: "unauthorised",
    402: "no_credit",
    403: "no_access",
    404: "no_such_model",
    405: "no_such_model",
    408: "server_error",
    409: "server_error",
    410: "no_such_model",
    413: "context_too_long",
    425: "server_error",
    429: "rate_limited",
    451: "region",
}
_LOGIN = re.compile(r"type=[\"']?password|sign[ -]?in|log[ -]?in\b|\bsso\b|captive|authenticate")
_MINUTE = re.compile(r"per_?minute|retrydelay\W+(\d+)")


def reason_of(error: EndpointError, *, wait: float = 0.0) -> str:
    """Return the reason that names ``error``, a stable short word; ``wait`` is what the endpoint asks for, in seconds."""
    if 300 <= error.status < 400:
        return "redirect"
    if error.page:
        return _of_page(error)
    for reason, codes in _CODES.items():
        if codes.intersection(error.codes):
            return _adjusted(reason, error, wait)
    if error.status < 500:
        said = error.message[:MAX_SEARCHED_CHARS].lower()
        for reason, words in _WORDS.items():
            if words.search(said):
                return _adjusted(reason, error, wait)
    return _of_status(error.status)


def _of_status(status: int) -> str:
    return _STATUSES.get(status, "server_error" if status >= 500 else "bad_request")


def _of_page(error: EndpointError) -> str:
    """A page where an answer should be: a gateway that is down says so by its status, all else is for browsers."""
    if error.status >= 500 or error.status in {404, 408, 429}:
        return _of_status(error.status)
    if error.status in {401, 403} and not _LOGIN.search(error.details):
        return "no_access"
    return "login_page"


def _adjusted(reason: str, error: EndpointError, wait: float) -> str:
    """Return ``reason``, or what it means with this status."""
    if reason == "quota_exhausted" and "insufficient_quota" not in error.codes and error.status in {0, 429}:
        # Gemini words the limit of a minute like that of a day.
        minute = _MINUTE.search(error.details)
        delay = float(minute[1]) if minute and minute[1] else wait
        daily = "perday" in error.details or "per day" in error.details or "per-day" in error.details
        if not daily and (0 < delay <= MAX_MINUTE_QUOTA_SECONDS or (minute and not minute[1])):
            return "rate_limited"
    if reason == "no_such_model" and error.status == 403:
        return "no_access"
    if reason in {"no_access", "unauthorised"} and error.status == 429:
        return "rate_limited"
    if reason == "context_too_long" and error.status == 429:
        return "rate_limited"
    if reason == "unauthorised" and error.status == 403:
        return "no_access"
    return reason

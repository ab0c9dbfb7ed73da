"""Name the reason of a failure: by the endpoint's codes, then its words, then the status. Pure.

The codes and words are those that OpenAI, Azure, OpenRouter, Anthropic, Gemini, Mistral, Groq, DeepSeek, xAI, DashScope, LiteLLM, vLLM,
llama.cpp, Ollama and LM Studio send (``tests/servers/endpoint_answers.py`` holds their answers).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.errors import ModelReason
from bot.llm.endpoint.error_body import EndpointError

MAX_SEARCHED_CHARS = 4_000  # of a sentence
MAX_MINUTE_QUOTA_SECONDS = 90.0  # seconds of a named wait up to which a quota is one for each minute

# Checked in this order: what comes first says more.
_CODES: Mapping[ModelReason, frozenset[str]] = {
    ModelReason.REGION: frozenset(
        {
            "unsupported_country_region_territory",
            "unsupported_country",
            "unsupported_region",
            "request_forbidden_region",
        }
    ),
    ModelReason.CONTEXT_TOO_LONG: frozenset(
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
    ModelReason.CONTENT_REFUSED: frozenset(
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
    ModelReason.NO_CREDIT: frozenset(
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
    ModelReason.QUOTA_EXHAUSTED: frozenset(
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
    ModelReason.NO_ACCESS: frozenset(
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
    ModelReason.NO_SUCH_MODEL: frozenset(
        {
            "model_not_found",
            "deploymentnotfound",
            "modelnotfound",
            "unknown_model",
            "invalid_model",
            "model_not_available",
        }
    ),
    ModelReason.UNAUTHORISED: frozenset(
        {
            "invalid_api_key",
            "api_key_invalid",
            "incorrect_api_key",
            "invalid_authentication",
            "unauthenticated",
            "invalid_token",
        }
    ),
    ModelReason.NOT_JSON: frozenset({"json_validate_failed"}),
}
_WORDS: Mapping[ModelReason, re.Pattern[str]] = {
    reason: re.compile(pattern)
    for reason, pattern in {
        ModelReason.REGION: r"\b(?:country|region|territory|location)\b[^.]{0,60}\bnot (?:supported|available|allowed)"
        r"|\bnot (?:available|supported) in (?:your|this|the) (?:country|region|location|territory)|unsupported (?:country|region)",
        ModelReason.CONTEXT_TOO_LONG: r"maximum context length|context (?:length|size|window)|prompt (?:is )?too long"
        r"|(?:input|prompt|message|request)s?\b[^.]{0,80}(?:too (?:long|large)|tokens?\b[^.]{0,60}exceed|exceeds?\b[^.]{0,60}\btokens?)"
        r"|exceeds? the (?:maximum|limit)[^.]{0,60}\btokens?|max_tokens must be at least 1|reduce the length",
        ModelReason.CONTENT_REFUSED: r"content (?:management )?polic|content[ _-]?filter|safety (?:system|polic|filter|setting)|usage polic"
        r"|\bflagged\b|moderation|inappropriate content|responsible ?ai|prohibited content|harmful content|sensitive content",
        ModelReason.NO_CREDIT: r"credit balance|insufficient (?:credits?|balance|funds)|more credits|out of credits?|any credits|add credits"
        r"|billing (?:is )?not active|payment (?:is )?required|arrear|overdue (?:bill|payment)|good standing",
        ModelReason.QUOTA_EXHAUSTED: r"exceeded your current quota|quota (?:has been |is )?(?:exceeded|exhausted)|budget has been exceeded"
        r"|key limit exceeded|(?:spend|spending|usage|billing) (?:hard )?limit|per[ -]?day|daily limit|monthly limit|out of quota",
        ModelReason.NO_SUCH_MODEL: r"\bmodel\b[^.\n]{0,160}(?:not found|does not exist|not exist|not (?:a )?valid|is not available|unknown)"
        r"|no models? loaded|unexpected endpoint|no endpoints found|not a valid model|(?:unknown|no such|invalid) model|deployment\b[^.]{0,80}does not exist",
        ModelReason.UNAUTHORISED: r"\b(?:api|subscription|access)[ _-]?(?:key|token)\b|auth credentials|\bunauthori[sz]ed\b|authentication",
        ModelReason.NO_ACCESS: r"(?:do|does) ?n[o']t have (?:access|permission)|not allowed to|\bpermission|access denied|denied access|firewall",
    }.items()
}
_STATUSES: Mapping[int, ModelReason] = {
    401: ModelReason.UNAUTHORISED,
    402: ModelReason.NO_CREDIT,
    403: ModelReason.NO_ACCESS,
    404: ModelReason.NO_SUCH_MODEL,
    405: ModelReason.NO_SUCH_MODEL,
    408: ModelReason.SERVER_ERROR,
    409: ModelReason.SERVER_ERROR,
    410: ModelReason.NO_SUCH_MODEL,
    413: ModelReason.CONTEXT_TOO_LONG,
    425: ModelReason.SERVER_ERROR,
    429: ModelReason.RATE_LIMITED,
    451: ModelReason.REGION,
}
_LOGIN = re.compile(r"type=[\"']?password|sign[ -]?in|log[ -]?in\b|\bsso\b|captive|authenticate")
_MINUTE = re.compile(r"per_?minute|retrydelay\W+(\d+)")


def reason_of(error: EndpointError, *, wait: float = 0.0) -> ModelReason:
    """Return the reason of ``error``; ``wait`` is what the endpoint asks for, in seconds."""
    if 300 <= error.status < 400:
        return ModelReason.REDIRECT
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


def _of_status(status: int) -> ModelReason:
    return _STATUSES.get(status) or (ModelReason.SERVER_ERROR if status >= 500 else ModelReason.BAD_REQUEST)


def _of_page(error: EndpointError) -> ModelReason:
    """A page where an answer should be: a gateway that is down says so by its status, all else is for browsers."""
    if error.status >= 500 or error.status in {404, 408, 429}:
        return _of_status(error.status)
    if error.status in {401, 403} and not _LOGIN.search(error.details):
        return ModelReason.NO_ACCESS
    return ModelReason.LOGIN_PAGE


def _adjusted(reason: ModelReason, error: EndpointError, wait: float) -> ModelReason:
    """Return ``reason``, or what it means with this status."""
    if (
        reason == ModelReason.QUOTA_EXHAUSTED
        and "insufficient_quota" not in error.codes
        and error.status in {0, 429}
    ):
        # Gemini words the limit of a minute like that of a day.
        minute = _MINUTE.search(error.details)
        delay = float(minute[1]) if minute and minute[1] else wait
        daily = "perday" in error.details or "per day" in error.details or "per-day" in error.details
        if not daily and (0 < delay <= MAX_MINUTE_QUOTA_SECONDS or (minute and not minute[1])):
            return ModelReason.RATE_LIMITED
    if reason == ModelReason.NO_SUCH_MODEL and error.status == 403:
        return ModelReason.NO_ACCESS
    if reason in {ModelReason.NO_ACCESS, ModelReason.UNAUTHORISED} and error.status == 429:
        return ModelReason.RATE_LIMITED
    if reason == ModelReason.CONTEXT_TOO_LONG and error.status == 429:
        return ModelReason.RATE_LIMITED
    if reason == ModelReason.UNAUTHORISED and error.status == 403:
        return ModelReason.NO_ACCESS
    return reason

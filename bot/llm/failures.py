"""The errors of failed calls, in words for a person; the endpoint's own sentence is separate, for operators."""

from __future__ import annotations

from bot.errors import ModelError, as_clause
from bot.model.record import ModelUsage

NO_RECORD, STALE_RECORD = "no_record", "stale_record"  # reasons of the recorded model
EMPTY_ANSWER, TRUNCATED_ANSWER = "empty", "truncated"  # reasons for which the same model is asked again
# Failures that may pass by themselves: worth a second try.
PASSING_REASONS = frozenset({"rate_limited", "server_error", "connection", "timeout"})
# Failures of the endpoint as a whole, whatever is asked: the breaker counts them.
BROKEN_REASONS = PASSING_REASONS | {
    "quota_exhausted",
    "no_credit",
    "no_access",
    "region",
    "redirect",
    "login_page",
    "unauthorised",
    "no_such_model",
}
# Failures before which the endpoint has done no work that could be charged.
UNCHARGED_REASONS = BROKEN_REASONS - {"server_error", "timeout"} | {
    "circuit_open",
    "bad_request",
    "context_too_long",
    "content_refused",
    NO_RECORD,
    STALE_RECORD,
}
FAILURE_SENTENCES = {
    "timeout": "The model did not answer in time",
    "rate_limited": "The model's endpoint has too many requests",
    "server_error": "The model's endpoint failed",
    "connection": "The model's endpoint could not be reached",
    "too_large": "The model's answer was larger than can be read",
    "unauthorised": "The model's endpoint refused the key",
    "quota_exhausted": "The quota at the model's endpoint is used up",
    "no_credit": "The account at the model's endpoint has no credit",
    "no_access": "The key has no access to the model",
    "region": "The model's endpoint does not serve this region",
    "no_such_model": "The model's endpoint knows no such model",
    "context_too_long": "The request was longer than the model's context",
    "content_refused": "The model's endpoint refused the content",
    "redirect": "The model's endpoint redirects elsewhere, which is not followed",
    "login_page": "The model's endpoint answered with a web page, such as a login",
    "bad_request": "The model's endpoint refused the request",
    "refused": "The model refused to answer",
    TRUNCATED_ANSWER: "The model's answer was cut off at its limit",
    EMPTY_ANSWER: "The model's answer was empty",
    "not_json": "The model's answer was no JSON object",
    "circuit_open": "The model's endpoint failed several times and is not called for a while",
}
HINTS = {
    "timeout": "Raise model.deadline for a slow model",
    "unauthorised": "Check model.api_key",
    "quota_exhausted": "Raise the limit in the account of the endpoint, or wait until it renews",
    "no_credit": "Add credit to the account of the endpoint",
    "no_access": "Check in the account of the endpoint what model.api_key may use",
    "region": "Use an endpoint that serves the region of this machine",
    "no_such_model": "Check model.name and model.base_url",
    "connection": "Check model.base_url",
    "context_too_long": "Serve the model with a larger context, or use another one",
    "redirect": "Check model.base_url, also whether it begins with https",
    "login_page": "Check model.base_url: it is the address of the API, often ending in /v1",
    TRUNCATED_ANSWER: "Raise model.reasoning_tokens, or use a model that answers more briefly",
}


class UnusableReply(ModelError):  # noqa: N818 - it names what happened
    """The endpoint's answer cannot be used; ``usage`` is its usage, ``thought`` its reasoning tokens."""

    def __init__(
        self,
        message: str,
        *,
        reason: str,
        usage: ModelUsage,
        thought: int = 0,
        hint: str = "",
        text: str = "",
        said: str = "",
    ) -> None:
        super().__init__(message, reason=reason, hint=hint, text=text, said=said)
        self.usage = usage
        self.thought = thought


def failed(
    reason: str,
    *,
    said: str = "",
    text: str = "",
    usage: ModelUsage | None = None,
    thought: int = 0,
    why: str = "",
) -> ModelError:
    """Return the error named ``reason``; with ``usage`` if it is of an unusable answer.

    ``why`` is the message of the error behind it.
    """
    words, hint = FAILURE_SENTENCES[reason], HINTS.get(reason, "")
    words = f"{words}: {as_clause(why)}" if why else words
    if usage is None:
        return ModelError(words, reason=reason, hint=hint, text=text, said=said)
    return UnusableReply(words, reason=reason, hint=hint, text=text, said=said, usage=usage, thought=thought)

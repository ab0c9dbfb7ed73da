"""The errors of failed calls, in words for a person; the endpoint's own sentence is separate, for operators."""

from __future__ import annotations

from bot.errors import ModelError, ModelReason, as_clause
from bot.model.record import ModelUsage

# Failures that may pass by themselves: worth a second try.
PASSING_REASONS = frozenset(
    {ModelReason.RATE_LIMITED, ModelReason.SERVER_ERROR, ModelReason.CONNECTION, ModelReason.TIMEOUT}
)
# Failures of the endpoint as a whole, whatever is asked: the breaker counts them.
BROKEN_REASONS = PASSING_REASONS | {
    ModelReason.QUOTA_EXHAUSTED,
    ModelReason.NO_CREDIT,
    ModelReason.NO_ACCESS,
    ModelReason.REGION,
    ModelReason.REDIRECT,
    ModelReason.LOGIN_PAGE,
    ModelReason.UNAUTHORISED,
    ModelReason.NO_SUCH_MODEL,
}
# Failures before which the endpoint has done no work that could be charged.
UNCHARGED_REASONS = BROKEN_REASONS - {ModelReason.SERVER_ERROR, ModelReason.TIMEOUT} | {
    ModelReason.CIRCUIT_OPEN,
    ModelReason.BAD_REQUEST,
    ModelReason.CONTEXT_TOO_LONG,
    ModelReason.CONTENT_REFUSED,
    ModelReason.NO_RECORD,
    ModelReason.STALE_RECORD,
}
FAILURE_SENTENCES = {
    ModelReason.TIMEOUT: "The model did not answer in time",
    ModelReason.RATE_LIMITED: "The model's endpoint has too many requests",
    ModelReason.SERVER_ERROR: "The model's endpoint failed",
    ModelReason.CONNECTION: "The model's endpoint could not be reached",
    ModelReason.TOO_LARGE: "The model's answer was larger than can be read",
    ModelReason.UNAUTHORISED: "The model's endpoint refused the key",
    ModelReason.QUOTA_EXHAUSTED: "The quota at the model's endpoint is used up",
    ModelReason.NO_CREDIT: "The account at the model's endpoint has no credit",
    ModelReason.NO_ACCESS: "The key has no access to the model",
    ModelReason.REGION: "The model's endpoint does not serve this region",
    ModelReason.NO_SUCH_MODEL: "The model's endpoint knows no such model",
    ModelReason.CONTEXT_TOO_LONG: "The request was longer than the model's context",
    ModelReason.CONTENT_REFUSED: "The model's endpoint refused the content",
    ModelReason.REDIRECT: "The model's endpoint redirects elsewhere, which is not followed",
    ModelReason.LOGIN_PAGE: "The model's endpoint answered with a web page, such as a login",
    ModelReason.BAD_REQUEST: "The model's endpoint refused the request",
    ModelReason.REFUSED: "The model refused to answer",
    ModelReason.TRUNCATED: "The model's answer was cut off at its limit",
    ModelReason.EMPTY: "The model's answer was empty",
    ModelReason.NOT_JSON: "The model's answer was no JSON object",
    ModelReason.CIRCUIT_OPEN: "The model's endpoint failed several times and is not called for a while",
}
HINTS = {
    ModelReason.TIMEOUT: "Raise model.deadline for a slow model",
    ModelReason.UNAUTHORISED: "Check model.api_key",
    ModelReason.QUOTA_EXHAUSTED: "Raise the limit in the account of the endpoint, or wait until it renews",
    ModelReason.NO_CREDIT: "Add credit to the account of the endpoint",
    ModelReason.NO_ACCESS: "Check in the account of the endpoint what model.api_key may use",
    ModelReason.REGION: "Use an endpoint that serves the region of this machine",
    ModelReason.NO_SUCH_MODEL: "Check model.name and model.base_url",
    ModelReason.CONNECTION: "Check model.base_url",
    ModelReason.CONTEXT_TOO_LONG: "Serve the model with a larger context, or use another one",
    ModelReason.REDIRECT: "Check model.base_url, also whether it begins with https",
    ModelReason.LOGIN_PAGE: "Check model.base_url: it is the address of the API, often ending in /v1",
    ModelReason.TRUNCATED: "Raise model.reasoning_tokens, or use a model that answers more briefly",
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
    reason: ModelReason,
    *,
    said: str = "",
    text: str = "",
    usage: ModelUsage | None = None,
    thought: int = 0,
    why: str = "",
) -> ModelError:
    """Return the error for ``reason``; with ``usage`` if it is of an unusable answer.

    ``why`` is the message of the error behind it.
    """
    words, hint = FAILURE_SENTENCES[reason], HINTS.get(reason, "")
    words = f"{words}: {as_clause(why)}" if why else words
    if usage is None:
        return ModelError(words, reason=reason, hint=hint, text=text, said=said)
    return UnusableReply(words, reason=reason, hint=hint, text=text, said=said, usage=usage, thought=thought)

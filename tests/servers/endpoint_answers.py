"""How endpoints word their troubles: the status, the body, and the reason each is to be named by."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

KEY = "sk-canary-4711"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointAnswer:
    """One answer as an endpoint gives it; ``says`` are words of its sentence that an operator is shown."""

    of: str
    reason: str
    status: int
    body: Any  # JSON, or text as it is
    says: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    @property
    def name(self) -> str:
        """The name of the case in the list of tests."""
        return f"{self.of} {self.reason} {self.status}"

    @property
    def text(self) -> str:
        """The body as it goes over the wire."""
        return self.body if isinstance(self.body, str) else json.dumps(self.body)


def openai_error(
    message: str, *, code: Any = None, kind: str = "invalid_request_error", **more: Any
) -> dict[str, Any]:
    """Return an error in the form of OpenAI."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code, **more}}


_QUOTA = (
    "You exceeded your current quota, please check your plan and billing details. For more information on this error, "
    "read the docs: https://platform.openai.example/docs/guides/error-codes/api-errors."
)
_FILTERED = (
    "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your "
    "prompt and retry. To learn more: https://go.microsoft.example/fwlink/?linkid=2198766"
)

ANSWERS = (
    # OpenAI
    EndpointAnswer(of="OpenAI", reason="quota_exhausted", status=429, says="check your plan",
        body=openai_error(_QUOTA, code="insufficient_quota", kind="insufficient_quota")),
    EndpointAnswer(of="OpenAI", reason="rate_limited", status=429, says="Rate limit reached",
        body=openai_error("Rate limit reached for m1 in organization org-A1b2C3d4E5 on tokens per min (TPM): Limit 30000, "
                          "Used 29000, Requested 2000. Please try again in 2s.", code="rate_limit_exceeded", kind="tokens")),
    EndpointAnswer(of="OpenAI", reason="unauthorised", status=401, says="Incorrect API key",
        body=openai_error(f"Incorrect API key provided: {KEY}. You can find your API key at "
                          "https://platform.openai.example/account/api-keys.", code="invalid_api_key")),
    EndpointAnswer(of="OpenAI masked", reason="unauthorised", status=401, says="Incorrect API key",
        body=openai_error("Incorrect API key provided: sk-can***************4711.", code="invalid_api_key")),
    EndpointAnswer(of="OpenAI", reason="no_access", status=401, says="deactivated",
        body=openai_error("The OpenAI account associated with this API key has been deactivated.", code="account_deactivated")),
    EndpointAnswer(of="OpenAI", reason="no_access", status=403, says="does not have access to model",
        body=openai_error("Project `proj_Ab12Cd34Ef56` does not have access to model `m1`", code="model_not_found")),
    EndpointAnswer(of="OpenAI", reason="no_such_model", status=404, says="does not exist",
        body=openai_error("The model `m1` does not exist or you do not have access to it.", code="model_not_found")),
    EndpointAnswer(of="OpenAI", reason="region", status=403, says="territory not supported",
        body=openai_error("Country, region, or territory not supported", code="unsupported_country_region_territory",
                          kind="request_forbidden")),
    EndpointAnswer(of="OpenAI", reason="context_too_long", status=400, says="maximum context length",
        body=openai_error("This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
                          code="context_length_exceeded")),
    EndpointAnswer(of="OpenAI", reason="content_refused", status=400, says="flagged",
        body=openai_error("Invalid prompt: your prompt was flagged as potentially violating our usage policy.", code="invalid_prompt")),
    EndpointAnswer(of="OpenAI", reason="no_credit", status=429, says="not active",
        body=openai_error("Your account is not active, please check your billing details on our website.", code="billing_not_active",
                          kind="billing_not_active")),
    EndpointAnswer(of="OpenAI", reason="server_error", status=503, says="overloaded",
        body=openai_error("That model is currently overloaded with other requests.", kind="server_error")),
    # Azure
    EndpointAnswer(of="Azure", reason="content_refused", status=400, says="filtered",
        body=openai_error(_FILTERED, code="content_filter", kind="", status=400,
                          innererror={"code": "ResponsibleAIPolicyViolation", "content_filter_result": {"violence": {"filtered": True}}})),
    EndpointAnswer(of="Azure", reason="unauthorised", status=401, says="invalid subscription key",
        body={"error": {"code": "401", "message": "Access denied due to invalid subscription key or wrong API endpoint."}}),
    EndpointAnswer(of="Azure", reason="no_access", status=403, says="Firewall",
        body={"error": {"code": "403", "message": "Access denied due to Virtual Network/Firewall rules."}}),
    EndpointAnswer(of="Azure", reason="no_such_model", status=404, says="does not exist",
        body={"error": {"code": "DeploymentNotFound", "message": "The API deployment for this resource does not exist."}}),
    EndpointAnswer(of="Azure", reason="rate_limited", status=429, says="rate limit",
        body={"error": {"code": "429", "message": "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version "
              "2024-10-21 have exceeded token rate limit of your current pricing tier."}}),
    # OpenRouter
    EndpointAnswer(of="OpenRouter", reason="no_credit", status=402, says="Insufficient credits",
        body={"error": {"message": "Insufficient credits. Add more using https://openrouter.example/settings/credits", "code": 402}}),
    EndpointAnswer(of="OpenRouter", reason="no_credit", status=402, says="fewer max_tokens",
        body={"error": {"message": "This request requires more credits, or fewer max_tokens. You requested up to 1200 tokens, "
              "but can only afford 331.", "code": 402}}),
    EndpointAnswer(of="OpenRouter", reason="quota_exhausted", status=403, says="Key limit exceeded",
        body={"error": {"message": "Key limit exceeded (monthly limit). Manage it using https://openrouter.example/keys", "code": 403}}),
    EndpointAnswer(of="OpenRouter", reason="content_refused", status=403, says="moderation",
        body={"error": {"message": 'm1 requires moderation on OpenInference. Your input was flagged for "violence".', "code": 403,
              "metadata": {"reasons": ["violence"], "flagged_input": "What is new?", "provider_name": "x"}}}),
    EndpointAnswer(of="OpenRouter", reason="unauthorised", status=401, says="No auth credentials",
        body={"error": {"message": "No auth credentials found", "code": 401}}),
    EndpointAnswer(of="OpenRouter", reason="no_such_model", status=404, says="No endpoints found",
        body={"error": {"message": "No endpoints found for m1.", "code": 404}}),
    EndpointAnswer(of="OpenRouter", reason="quota_exhausted", status=429, says="free-models-per-day",
        body={"error": {"message": "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock more.", "code": 429}}),
    EndpointAnswer(of="OpenRouter in a 200", reason="server_error", status=200, says="disconnected",
        body={"error": {"message": "Provider disconnected", "code": 502}}),
    EndpointAnswer(of="OpenRouter in a choice", reason="rate_limited", status=200, says="temporarily rate-limited",
        body={"choices": [{"index": 0, "finish_reason": "error", "message": {"role": "assistant", "content": ""},
              "error": {"code": 429, "message": "m1 is temporarily rate-limited upstream"}}]}),
    EndpointAnswer(of="OpenRouter for its provider", reason="context_too_long", status=400, says="too long",
        body={"error": {"message": "Provider returned error", "code": 400, "metadata": {
              "raw": json.dumps({"error": {"message": "prompt is too long: 210000 tokens > 200000 maximum"}})}}}),
    # Anthropic
    EndpointAnswer(of="Anthropic", reason="no_credit", status=400, says="credit balance is too low",
        body=openai_error("Your credit balance is too low to access the API. Please go to Plans & Billing.", code="invalid_request_error")),
    EndpointAnswer(of="Anthropic", reason="unauthorised", status=401, says="invalid x-api-key",
        body={"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}, "request_id": "req_011Cb"}),
    EndpointAnswer(of="Anthropic", reason="no_access", status=403, says="permission",
        body={"type": "error", "error": {"type": "permission_error", "message": "Your API key does not have permission to use the resource."}}),
    EndpointAnswer(of="Anthropic", reason="context_too_long", status=413, says="exceeds the maximum",
        body={"type": "error", "error": {"type": "request_too_large", "message": "Request exceeds the maximum allowed number of bytes."}}),
    EndpointAnswer(of="Anthropic", reason="server_error", status=529, says="Overloaded",
        body={"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
    # Gemini: a list around all
    EndpointAnswer(of="Gemini", reason="region", status=400, says="User location",
        body=[{"error": {"code": 400, "message": "User location is not supported for the API use.", "status": "FAILED_PRECONDITION"}}]),
    EndpointAnswer(of="Gemini", reason="unauthorised", status=400, says="API key not valid",
        body=[{"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT",
              "details": [{"reason": "API_KEY_INVALID"}]}}]),
    EndpointAnswer(of="Gemini of a day", reason="quota_exhausted", status=429, says="current quota",
        body=[{"error": {"code": 429, "message": _QUOTA, "status": "RESOURCE_EXHAUSTED", "details": [
              {"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}, {"retryDelay": "21s"}]}}]),
    EndpointAnswer(of="Gemini of a minute", reason="rate_limited", status=429, says="current quota",
        body=[{"error": {"code": 429, "message": _QUOTA, "status": "RESOURCE_EXHAUSTED", "details": [
              {"violations": [{"quotaId": "GenerateRequestsPerMinutePerProjectPerModel"}]}, {"retryDelay": "21s"}]}}]),
    EndpointAnswer(of="Gemini", reason="context_too_long", status=400, says="token count",
        body=[{"error": {"code": 400, "message": "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
              "status": "INVALID_ARGUMENT"}}]),
    EndpointAnswer(of="Gemini", reason="no_access", status=403, says="has not been used",
        body=[{"error": {"code": 403, "message": "Generative Language API has not been used in project 12345 before or it is disabled.",
              "status": "PERMISSION_DENIED", "details": [{"reason": "SERVICE_DISABLED"}]}}]),
    EndpointAnswer(of="Gemini", reason="no_such_model", status=404, says="is not found",
        body=[{"error": {"code": 404, "message": "models/m1 is not found for API version v1main", "status": "NOT_FOUND"}}]),
    EndpointAnswer(of="Gemini through another", reason="region", status=400, says="User location",
        body={"error": {"message": json.dumps({"error": {"code": 400, "message": "User location is not supported for the API use.",
              "status": "FAILED_PRECONDITION"}}), "code": 400, "status": "Bad Request"}}),
    # vLLM, llama.cpp, Ollama, LM Studio
    EndpointAnswer(of="vLLM", reason="context_too_long", status=400, says="maximum context length",
        body={"object": "error", "message": "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens "
              "(3800 in the messages, 1200 in the completion).", "type": "BadRequestError", "param": None, "code": 400}),
    EndpointAnswer(of="vLLM", reason="context_too_long", status=400, says="max_tokens must be at least 1",
        body={"object": "error", "message": "max_tokens must be at least 1, got -186.", "type": "BadRequestError", "code": 400}),
    EndpointAnswer(of="vLLM", reason="no_such_model", status=404, says="does not exist",
        body={"object": "error", "message": "The model `m1` does not exist.", "type": "NotFoundError", "param": None, "code": 404}),
    EndpointAnswer(of="vLLM", reason="unauthorised", status=401, says="Unauthorized", body={"error": "Unauthorized"}),
    EndpointAnswer(of="llama.cpp", reason="context_too_long", status=400, says="available context size",
        body={"error": {"code": 400, "message": "the request exceeds the available context size. try increasing the context size",
              "type": "exceed_context_size_error", "n_prompt_tokens": 14429, "n_ctx": 8192}}),
    EndpointAnswer(of="llama.cpp before", reason="context_too_long", status=500, says="available context size",
        body={"error": {"code": 500, "message": "the request exceeds the available context size", "type": "exceed_context_size_error"}}),
    EndpointAnswer(of="llama.cpp", reason="server_error", status=503, says="Loading model",
        body={"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}),
    EndpointAnswer(of="llama.cpp", reason="unauthorised", status=401, says="Invalid API Key",
        body={"error": {"code": 401, "message": "Invalid API Key", "type": "authentication_error"}}),
    EndpointAnswer(of="Ollama", reason="no_such_model", status=404, says="not found",
        body={"error": {"message": 'model "m1" not found, try pulling it first', "type": "api_error", "param": None, "code": None}}),
    EndpointAnswer(of="LM Studio", reason="no_such_model", status=400, says="No models loaded",
        body={"error": {"message": "No models loaded. Please load a model in the developer page or use the `lms load` command.",
              "type": "invalid_request_error", "param": "model", "code": "model_not_found"}}),
    EndpointAnswer(of="LM Studio", reason="context_too_long", status=400, says="context length of only 4096",
        body={"error": "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context "
              "length of only 4096 tokens, which is not enough."}),
    EndpointAnswer(of="LM Studio at another path", reason="no_such_model", status=200, says="Unexpected endpoint",
        body={"error": "Unexpected endpoint or method. (POST /chat/completions)"}),
    # Others
    EndpointAnswer(of="DeepSeek", reason="no_credit", status=402, says="Insufficient Balance",
        body=openai_error("Insufficient Balance", kind="unknown_error", code="invalid_request_error")),
    EndpointAnswer(of="Groq", reason="context_too_long", status=413, says="Request too large",
        body=openai_error("Request too large for model `m1` on tokens per minute (TPM): Limit 6000, Requested 8000.", kind="tokens",
                          code="rate_limit_exceeded")),
    EndpointAnswer(of="Groq", reason="not_json", status=400, says="Failed to generate JSON",
        body=openai_error("Failed to generate JSON. Please adjust your prompt.", code="json_validate_failed", failed_generation="")),
    EndpointAnswer(of="Mistral", reason="unauthorised", status=401, says="Unauthorized", body={"message": "Unauthorized", "request_id": "7a"}),
    EndpointAnswer(of="Mistral", reason="rate_limited", status=429, says="rate limit exceeded",
        body={"object": "error", "message": "Requests rate limit exceeded", "type": "rate_limited", "code": "1300"}),
    EndpointAnswer(of="xAI", reason="no_credit", status=403, says="any credits",
        body={"code": "The caller does not have permission to execute the specified operation",
              "error": "Your newly created team doesn't have any credits yet. You can purchase credits on https://console.xai.example."}),
    EndpointAnswer(of="DashScope", reason="content_refused", status=400, says="inappropriate content",
        body=openai_error("Input data may contain inappropriate content.", code="data_inspection_failed", kind="data_inspection_failed")),
    EndpointAnswer(of="DashScope", reason="no_credit", status=400, says="good standing",
        body=openai_error("Access denied, please make sure your account is in good standing.", code="Arrearage", kind="Arrearage")),
    EndpointAnswer(of="LiteLLM", reason="quota_exhausted", status=400, says="Budget has been exceeded",
        body=openai_error("Budget has been exceeded! Current cost: 0.31, Max budget: 0.1", code="400", kind="budget_exceeded")),
    EndpointAnswer(of="LiteLLM", reason="context_too_long", status=400, says="ContextWindowExceededError",
        body=openai_error("litellm.ContextWindowExceededError: prompt is too long", code="400", kind="")),
    EndpointAnswer(of="FastAPI", reason="bad_request", status=422, says="Input should be a valid string",
        body={"detail": [{"loc": ["body", "model"], "msg": "Input should be a valid string", "input": "What is new?"}]}),
    # What stands between
    EndpointAnswer(of="a moved address", reason="redirect", status=301, body="", headers={"Location": "https://elsewhere.example/v1"}),
    EndpointAnswer(of="a login", reason="redirect", status=302, body="", headers={"Location": "/login?next=/v1"}),
    EndpointAnswer(of="a portal", reason="login_page", status=200, says="Sign in to the network", content_type="text/html",
        body="<!DOCTYPE html><html><head><title>Sign in to the network</title></head><form><input type=password></form></html>"),
    EndpointAnswer(of="a portal without a word of it", reason="login_page", status=200, says="", content_type="text/html; charset=utf-8",
        body="\n <html><body>Welcome</body></html>"),
    EndpointAnswer(of="a gateway's login", reason="login_page", status=401, says="Log in", content_type="text/html",
        body="<html><head><title>Log in</title></head><body>Log in with SSO</body></html>"),
    EndpointAnswer(of="a shield", reason="no_access", status=403, says="Attention Required", content_type="text/html",
        body="<!DOCTYPE html><html><head><title>Attention Required! | Shield</title></head><body>Sorry, you have been blocked</body></html>"),
    EndpointAnswer(of="a gateway", reason="server_error", status=502, says="502 Bad Gateway", content_type="text/html",
        body="<html><head><title>502 Bad Gateway</title></head></html>"),
    EndpointAnswer(of="a web server", reason="no_such_model", status=404, says="404 Not Found", content_type="text/html",
        body="<html><head><title>404 Not Found</title></head></html>"),
    EndpointAnswer(of="another path", reason="no_such_model", status=405, says="Method Not Allowed", body={"detail": "Method Not Allowed"}),
    EndpointAnswer(of="a law", reason="region", status=451, says="legal", body={"message": "Unavailable for legal reasons"}),
    EndpointAnswer(of="nobody knows", reason="bad_request", status=400, says="Nope", body="Nope", content_type="text/plain"),
    EndpointAnswer(of="silence", reason="bad_request", status=400, body="", content_type="text/plain"),
)  # fmt: skip

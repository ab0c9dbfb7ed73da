"""The client: the real SDK against a loopback endpoint; an object or a named failure, never anything else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from pydantic import SecretStr

from bot.config import Model
from bot.errors import ModelError
from bot.llm.client import OpenAIModel
from bot.llm.transport import MAX_MODEL_RESPONSE_BYTES
from tests.llm.asked import Pauses, request
from tests.servers.model import (
    ModelServer,
    cuts,
    never_ends,
    raw,
    refusing,
    says,
    stalls,
    status,
    streams,
)

pytestmark = pytest.mark.slow
GOOD = says({"answer": "yes"})
KEY = "sk-canary-4711"


async def ask(server, *, times=1, pauses=None, clock=None, **settings):
    """Ask ``times`` times and return the last answer."""
    deadline = settings.pop("request_deadline", 5.0)
    heard = settings.pop("on_text", None)
    values = {"name": "m1", "base_url": server.base, "api_key": SecretStr(KEY)} | settings
    more = {"clock": clock} if clock else {}
    async with OpenAIModel(Model(**values), pause=pauses or Pauses(), **more) as model:
        for _ in range(times):
            answer = await model.complete(request(deadline=deadline, on_text=heard))
    return answer


async def failure(server, **settings):
    with pytest.raises(ModelError) as caught:
        await ask(server, **settings)
    return caught.value


async def test_an_answer_comes_with_its_usage_and_cost():
    async with ModelServer(GOOD) as server:
        answer = await ask(server, input_price=2.0, cached_price=0.5, output_price=10.0)
    assert answer.data == {"answer": "yes"}
    assert answer.model == "loopback-1"
    assert (answer.usage.input_tokens, answer.usage.cached_tokens, answer.usage.output_tokens) == (
        100,
        40,
        20,
    )
    assert answer.usage.cost == 60 * 2 + 40 * 0.5 + 20 * 10


async def test_only_what_is_configured_is_sent():
    async with ModelServer(GOOD) as server:
        await ask(server)
        await ask(server, temperature=0.0, seed=7)
    plain, tuned = server.requests
    assert plain.keys() == {"model", "messages", "response_format", "max_completion_tokens", "path"}
    assert [m["role"] for m in plain["messages"]] == ["system", "user"]
    assert plain["response_format"]["json_schema"]["strict"] is True
    assert (tuned["temperature"], tuned["seed"]) == (0.0, 7)
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


async def test_an_azure_endpoint_is_asked_in_its_own_way():
    async with ModelServer(GOOD) as server:
        await ask(server, base_url=server.base.removesuffix("/v1"), api_version="2024-10-21")
    assert server.requests[0]["path"] == "/openai/deployments/m1/chat/completions?api-version=2024-10-21"
    assert server.headers[0]["api-key"] == KEY


@pytest.mark.parametrize(
    ("words", "form"),
    [
        (("json_schema",), "json_object"),
        (("json_schema", "json_object"), "plain"),
        (("response_format",), "plain"),
    ],
)
async def test_a_refused_form_is_stepped_down_once_and_remembered(words, form):
    behaviour = GOOD
    for word in words:
        behaviour = refusing(word, behaviour)
    async with ModelServer(behaviour) as server:
        await ask(server, times=3)
    forms = [r.get("response_format", {}).get("type", "plain") for r in server.requests]
    assert forms[-2:] == [form, form]
    assert len(forms) == {"json_object": 4, "plain": 5}[form]


@pytest.mark.parametrize("word", ["max_completion_tokens", "temperature"])
async def test_other_refused_parameters_are_left_out_and_remembered(word):
    async with ModelServer(refusing(word, GOOD)) as server:
        await ask(server, times=2, temperature=0.3)
    assert [word in r for r in server.requests] == [True, False, False]
    assert all("response_format" in r for r in server.requests)


@pytest.mark.parametrize(
    "text",
    [
        'Here it is:\n```json\n{"answer": "yes"}\n```\nAnything else?',
        '<think>{not json}</think> {"answer": "yes"}',
        '{"answer": "no"} {"answer": "yes"}',
    ],
)
async def test_an_object_is_found_in_prose(text):
    async with ModelServer(says(text)) as server:
        assert (await ask(server)).data == {"answer": "yes"}


async def test_usage_is_estimated_where_none_is_reported():
    async with ModelServer(says({"answer": "yes"}, usage=False)) as server:
        answer = await ask(server, output_price=1.0)
    assert answer.usage.input_tokens > 0
    assert answer.usage.cost > 0


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (status(401), "unauthorised"),
        (status(403), "no_access"),
        (status(404, message="no such model"), "no_such_model"),
        (status(400), "bad_request"),
        (status(500), "server_error"),
        (status(503), "server_error"),
        (status(429), "rate_limited"),
        (cuts, "connection"),
        (never_ends, "too_large"),
        (says("I cannot help with that."), "not_json"),
        (says('{"answer": "ye'), "not_json"),
        (says("[" * 5000), "not_json"),
        (says('{"a":' * 5000), "not_json"),
        (says("[1, 2]"), "not_json"),
        (says(""), "empty"),
        (says(None), "empty"),
        (says({"answer": "ye"}, finish="length"), "truncated"),
        (says({"answer": "ye"}, finish="content_filter"), "content_refused"),
        (says(None, refusal="I will not."), "refused"),
        (raw(b"{oops"), "not_json"),
        (raw(b"[]"), "empty"),
        (raw(b'{"choices": []}'), "empty"),
        (raw(b"<html>Welcome</html>", "text/html"), "login_page"),
    ],
)
async def test_every_failure_has_its_reason_and_tells_no_secret(behaviour, reason):
    async with ModelServer(behaviour) as server:
        error = await failure(server)
    assert error.reason == reason
    assert KEY not in repr(error)
    assert KEY not in str(error)
    assert error.__cause__ is None
    assert "What is new" not in str(error)


async def test_an_endpoint_that_is_not_there_is_named_so():
    async with ModelServer(GOOD) as server:
        base = server.base
    server.base = base
    assert (await failure(server)).reason == "connection"


@pytest.mark.parametrize("behaviour", [stalls])
async def test_a_deadline_ends_an_answer_that_does_not(behaviour):
    async with ModelServer(behaviour) as server:
        error = await failure(server, request_deadline=0.2)
    assert error.reason == "timeout"


@pytest.mark.parametrize(
    ("first", "waited"),
    [
        (status(429, Retry_After="3"), 3.0),
        (status(429), 1.0),
        (status(429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), 1.0),
        (status(500), 1.0),
        (cuts, 1.0),
    ],
)
async def test_what_may_pass_is_tried_once_more_when_the_endpoint_says(first, waited):
    pauses = Pauses()
    async with ModelServer(first, GOOD) as server:
        assert (await ask(server, pauses=pauses)).data == {"answer": "yes"}
    assert pauses.seconds == [waited]


@pytest.mark.parametrize("first", [status(429, Retry_After="900"), status(401), says("nothing")])
async def test_what_will_not_pass_soon_is_not_tried_again(first):
    pauses = Pauses()
    async with ModelServer(first, GOOD) as server:
        await failure(server, pauses=pauses)
        assert len(server.requests) == 1
    assert pauses.seconds == []


async def test_an_endpoint_that_keeps_failing_is_left_alone_then_tried_again():
    now = [0.0]
    async with (
        ModelServer(*[status(500)] * 4, GOOD) as server,
        OpenAIModel(Model(name="m", base_url=server.base), clock=lambda: now[0], pause=Pauses()) as model,
    ):
        for _ in range(2):
            with pytest.raises(ModelError):
                await model.complete(request())
        with pytest.raises(ModelError) as caught:
            await model.complete(request())
        assert caught.value.reason == "circuit_open"
        assert len(server.requests) == 4
        now[0] = 31.0
        assert (await model.complete(request())).data == {"answer": "yes"}


async def test_a_redirect_takes_the_key_nowhere():
    async with ModelServer(GOOD) as other, ModelServer(status(307, Location=f"{other.base}/x")) as server:
        await failure(server)
        assert other.requests == []


def test_the_bound_on_an_answer_is_far_above_an_honest_one():
    assert MAX_MODEL_RESPONSE_BYTES > 100 * 4 * 1500


PIECES = '{"answer": "yes, piece by piece"}'


async def test_a_reply_is_heard_piece_by_piece_and_comes_whole_with_its_usage():
    heard = []
    async with ModelServer(streams(PIECES)) as server:
        answer = await ask(server, on_text=heard.append)
    assert answer.data == {"answer": "yes, piece by piece"}
    assert (heard[0], heard[-1]) == (PIECES[:7], PIECES)
    assert all(later.startswith(earlier) for earlier, later in pairwise(heard))
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (100, 20)


async def test_a_whole_reply_is_asked_for_where_nobody_listens():
    async with ModelServer(streams(PIECES)) as server:
        await ask(server)
    assert "stream" not in server.requests[0]


@pytest.mark.parametrize("word", ["stream_options", "stream"])
async def test_an_endpoint_that_refuses_to_stream_is_asked_otherwise_and_remembered(word):
    heard = []
    async with ModelServer(refusing(word, streams(PIECES))) as server:
        answer = await ask(server, on_text=heard.append, times=2)
    assert answer.data == {"answer": "yes, piece by piece"}
    assert len(server.requests) == 3
    assert bool(heard) is (word == "stream_options")


async def test_an_endpoint_that_answers_whole_all_the_same_is_understood():
    async with ModelServer(GOOD) as server:
        answer = await ask(server, on_text=lambda _: None, times=2)
    assert answer.data == {"answer": "yes"}
    assert len(server.requests) == 3


async def test_a_stream_that_breaks_off_is_asked_again():
    heard = []
    async with ModelServer(cuts, streams(PIECES)) as server:
        answer = await ask(server, on_text=heard.append)
    assert answer.data == {"answer": "yes, piece by piece"}


async def test_no_answer_leaves_the_client_unclean():
    async with ModelServer(says({"answer": ["half \ud83d", {"a\x00b": "\u202ex"}]})) as server:
        answer = await ask(server)
    assert answer.data == {"answer": ["half ", {"ab": "x"}]}
    answer.text.encode()

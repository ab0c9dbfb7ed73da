"""Each trouble is named by its code, end to end through the SDK; the endpoint's own sentence is for operators alone."""

from __future__ import annotations

import json

import pytest
from pydantic import SecretStr

from bot.config import Model
from bot.errors import ModelError
from bot.llm.client import OpenAIModel
from bot.llm.endpoint.error_body import MAX_ERROR_SENTENCE_CHARS, read_error, sentence_of
from bot.llm.failures import FAILURE_SENTENCES, HINTS
from bot.log import set_up_logs
from tests.llm.asked import Pauses, request
from tests.servers.endpoint_answers import ANSWERS, KEY, EndpointAnswer, openai_error
from tests.servers.model import ModelServer, answers, raw, refusing, says, status, streams

pytestmark = pytest.mark.slow
GOOD = says({"answer": "yes"})
CONTENT = [each for each in ANSWERS if each.reason == "content_refused"]


def opened(server, **settings):
    values = {"name": "m1", "base_url": server.base, "api_key": SecretStr(KEY)} | settings
    return OpenAIModel(Model(**values), pause=Pauses())


async def failure(server, **asked):
    async with opened(server) as model:
        with pytest.raises(ModelError) as caught:
            await model.complete(request(**asked))
    return caught.value


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
async def test_every_endpoints_trouble_is_named(answer):
    async with ModelServer(answers(answer)) as server:
        error = await failure(server)
    assert error.reason == answer.reason
    assert answer.says in error.said
    assert answer.says in error.for_operator
    assert answer.says not in error.message or not answer.says
    shown = f"{error!r} {error.for_operator} {error.said}"
    assert all(secret not in shown for secret in (KEY, "4711", "https://", ".example", "org-A1b2", "proj_"))
    assert len(error.said) <= MAX_ERROR_SENTENCE_CHARS
    assert "What is new" not in error.said


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
async def test_a_stream_that_is_refused_is_named_alike(answer):
    async with ModelServer(answers(answer)) as server:
        error = await failure(server, on_text=lambda _: None)
    assert error.reason == answer.reason


async def test_an_error_in_the_middle_of_a_stream_is_named():
    error = {"code": 402, "message": "Insufficient credits"}
    async with ModelServer(streams('{"answer": "yes"}', error=error)) as server:
        caught = await failure(server, on_text=lambda _: None)
    assert (caught.reason, caught.said) == ("no_credit", "Insufficient credits")


def test_every_reason_has_words_and_only_reasons_have_hints():
    assert {answer.reason for answer in ANSWERS} <= FAILURE_SENTENCES.keys()
    assert HINTS.keys() <= FAILURE_SENTENCES.keys()


@pytest.mark.parametrize("answer", CONTENT, ids=lambda answer: answer.name)
@pytest.mark.parametrize("times", [1, 3])
async def test_a_refusal_about_content_does_not_change_the_form_of_later_requests(answer, times):
    async with ModelServer(*[answers(answer)] * times, GOOD) as server, opened(server) as model:
        for _ in range(times):
            with pytest.raises(ModelError) as caught:
                await model.complete(request())
            assert caught.value.reason == "content_refused"
        await model.complete(request())
    assert len(server.requests) == times + 1
    assert {r["response_format"]["type"] for r in server.requests} == {"json_schema"}


@pytest.mark.parametrize("words", ["No.", "We cannot process this request at this time", ""])
async def test_a_refusal_that_names_nothing_does_not_change_the_form_either(words):
    """It may have been about the content, in words that nobody knows."""
    async with (
        ModelServer(*[status(400, message=words)] * 3, GOOD) as server,
        opened(server) as model,
    ):
        with pytest.raises(ModelError):
            await model.complete(request())
        await model.complete(request())
    forms = [r.get("response_format", {}).get("type", "plain") for r in server.requests]
    assert forms == ["json_schema", "json_object", "plain", "json_schema"]


async def test_one_guess_that_helped_is_not_learned_and_a_second_one_is():
    def picky(server, http, body):
        asked = body.get("response_format", {}).get("type") == "json_schema"
        return (status(400, message="Bad request") if asked else GOOD)(server, http, body)

    async with ModelServer(picky) as server, opened(server) as model:
        for _ in range(4):
            await model.complete(request())
    forms = [r["response_format"]["type"] for r in server.requests]
    assert forms == ["json_schema", "json_object"] * 2 + ["json_object"] * 2


async def test_a_refusal_by_chance_is_forgotten_once_the_form_works_again():
    no = status(400, message="Bad request")
    async with ModelServer(no, GOOD, GOOD, no, GOOD, GOOD) as server, opened(server) as model:
        for _ in range(4):
            await model.complete(request())
    assert server.requests[-1]["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize(
    "message",
    [
        "max_tokens is too large: 1500. This model supports at most 700 completion tokens, whereas you provided 1500.",
        "max_tokens: 1500 > 700, which is the maximum allowed number of output tokens",
        "`max_tokens` must be less than or equal to `700`, the maximum value for `max_tokens` is less than the `context_window`",
    ],
)
async def test_a_bound_on_the_limit_is_kept(message):
    def bounded(server, http, body):
        over = body["max_completion_tokens"] > 700
        return (status(400, message=message) if over else GOOD)(server, http, body)

    async with ModelServer(bounded) as server, opened(server) as model:
        for _ in range(2):
            await model.complete(request())
    assert [r["max_completion_tokens"] for r in server.requests] == [1500, 700, 700]


async def test_a_parameter_that_is_named_is_dropped_though_other_words_stand_beside_it():
    named = refusing("response_format", GOOD)
    async with ModelServer(named) as server, opened(server) as model:
        for _ in range(2):
            await model.complete(request())
    assert "response_format" not in server.requests[-1]


async def test_an_endpoint_without_credit_is_left_alone_for_a_while_and_says_why():
    no_credit = next(a for a in ANSWERS if a.reason == "no_credit")
    async with ModelServer(answers(no_credit)) as server, opened(server) as model:
        for _ in range(4):
            with pytest.raises(ModelError):
                await model.complete(request())
        with pytest.raises(ModelError) as caught:
            await model.complete(request())
    assert caught.value.reason == "circuit_open"
    assert caught.value.message.endswith(
        "not called for a while: the account at the model's endpoint has no credit"
    )
    assert len(server.requests) == 4


@pytest.fixture
def logged(capsys):
    set_up_logs(level="warning", json_lines=True)
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


async def test_a_failure_is_logged_with_the_endpoints_sentence_once_a_minute(logged):
    quota = next(a for a in ANSWERS if a.reason == "quota_exhausted")
    now = [0.0]
    async with ModelServer(answers(quota)) as server:
        settings = Model(name="m1", base_url=server.base, api_key=SecretStr(KEY))
        async with OpenAIModel(settings, pause=Pauses(), clock=lambda: now[0]) as model:
            for second in (0.0, 59.0, 61.0):
                now[0] = second
                with pytest.raises(ModelError):
                    await model.complete(request())
    lines = logged()
    assert [line["reason"] for line in lines] == ["quota_exhausted"] * 2
    assert "You exceeded your current quota" in lines[0]["said"]
    assert KEY not in str(lines)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Bad key sk-live-0a1b2c3d4e5f", "Bad key •••"),
        ("Ask admin@corp.example at http://10.0.0.1:8080/x?k=1", "Ask ••• at •••"),
        ("Host 192.168.1.7:9000 and llm.corp.internal refused", "Host ••• and ••• refused"),
        ("Token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9 is bad", "Token ••• is bad"),
        ("Bearer abcdef is wrong", "••• is wrong"),
        ("Key sk-…4711 or abcd...4711 is wrong", "Key ••• or ••• is wrong"),
        (
            "A user-friendly key-value store, please wait...",
            "A user-friendly key-value store, please wait...",
        ),
        ("No route to [2001:db8::1]:8080 or ::1", "No route to •••:8080 or ::1"),
        ("A\x1b[31mred\x00\n\u202eline", "A [31mred line"),
        ("secret-of-mine is wrong", "••• is wrong"),
        ("abcd " * 60, "abcd " * 39 + "abcd…"),
        ("You said: the quick brown fox jumps over the lazy dog today", ""),
    ],
)
def test_the_endpoints_sentence_is_scrubbed(message, shown):
    said = sentence_of(
        read_error(openai_error(message), status=400),
        secrets=("secret-of-mine", ""),
        asked="News: the quick brown fox jumps over the lazy dog today. More.",
    )
    assert said == shown
    assert len(said) <= MAX_ERROR_SENTENCE_CHARS


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!doctype html><title>Log in</title>", "login_page"),
        (b"nope", "not_json"),
    ],
)
async def test_a_body_that_is_said_to_be_json_and_is_none_is_named(body, reason):
    async with ModelServer(raw(body)) as server:
        assert (await failure(server)).reason == reason


def test_a_hostile_page_is_read_to_its_end():
    assert read_error("<html>" + "<title>" * 14_000, status=403).page
    assert read_error("<html><title>A &amp; B</title>" + "x" * 90_000, status=403).message == "A & B"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "3",
        '{"error": null}',
        '{"a":' * 3000,
        "[" * 3000,
        '{"error": {"message": 5}}',
        "\x00",
    ],
)
def test_a_body_of_any_shape_is_read(body):
    assert read_error(body, status=400).status == 400
    assert isinstance(EndpointAnswer(of="", reason="", status=400, body=body).text, str)

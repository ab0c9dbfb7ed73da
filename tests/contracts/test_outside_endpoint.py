"""An outside opinion: the client against a fake endpoint that others wrote, as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil

import aiohttp
import pytest

from bot.config import Model
from bot.errors import ModelError
from bot.llm.client import OpenAIModel
from tests.conftest import ROOT
from tests.llm.asked import Pauses, request

pytestmark = pytest.mark.slow
SERVER = ROOT / "var" / "outside" / "node_modules" / ".bin" / "llmock"


@pytest.fixture
async def endpoint(tmp_path):
    """Yield the address of the outside server, answering one question."""
    if not SERVER.exists() or not shutil.which("node"):
        reason = "the outside endpoint is not installed: make outside (needs npm)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    fixture = {"match": {"userMessage": "What is new?"}, "response": {"content": '{"answer": "yes"}'}}
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"fixtures": [fixture]}), "utf-8")
    process = await asyncio.create_subprocess_exec(
        str(SERVER),
        "-p",
        "0",
        "-f",
        str(answers),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(300):
            while not (found := re.search(rb"http://[\d.]+:\d+", await process.stdout.readline())):
                pass
        yield found[0].decode()
    finally:
        process.kill()
        await process.communicate()


async def chaos(address, **rates):
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{address}/__aimock/chaos", json=rates) as answer,
    ):
        assert answer.status == 200


async def test_the_client_understands_an_endpoint_that_others_wrote(endpoint):
    async with OpenAIModel(Model(name="m", base_url=f"{endpoint}/v1"), pause=Pauses()) as model:
        answer = await model.complete(request())
        assert answer.data == {"answer": "yes"}
        assert answer.usage.input_tokens > 0


@pytest.mark.parametrize(
    ("rates", "reason"),
    [
        ({"rateLimitRate": 1}, "rate_limited"),
        ({"dropRate": 1}, "server_error"),
        ({"malformedRate": 1}, "not_json"),
        ({"disconnectRate": 1}, "connection"),
    ],
)
async def test_its_faults_have_the_names_ours_have(endpoint, rates, reason):
    pauses = Pauses()
    await chaos(endpoint, **rates)
    async with OpenAIModel(Model(name="m", base_url=f"{endpoint}/v1"), pause=pauses) as model:
        with pytest.raises(ModelError) as caught:
            await model.complete(request())
        assert caught.value.reason == reason
        await chaos(endpoint, **dict.fromkeys(rates, 0))
        assert (await model.complete(request())).data == {"answer": "yes"}

"""Promises about recorded replies: the same for a reworded prompt, never one that no longer fits."""

from __future__ import annotations

import json

import pytest

from bot.errors import ModelError
from bot.llm.offline.recorded import RecordedModel, RecordingModel
from bot.llm.offline.scripted import ScriptedModel
from bot.model.record_key import record_key
from bot.model.scope import SHARED
from tests.llm.asked import request

SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
    "additionalProperties": False,
}
SAID = {"answer": "Zwölf Städte"}


def key(version=1, article="a"):
    return record_key(version=version, scope=SHARED, articles=(article,), known=())


def asked(**changes):
    return request(**({"record_key": key(), "schema": SCHEMA, "subject": "sto-1"} | changes))


@pytest.fixture
async def folder(tmp_path):
    await RecordingModel(ScriptedModel(lambda _: SAID), tmp_path).complete(asked())
    return tmp_path


async def failure(folder, **changes):
    with pytest.raises(ModelError) as caught:
        await RecordedModel(folder).complete(asked(**changes))
    return caught.value


async def test_a_reply_is_replayed_for_a_reworded_prompt(folder):
    reply = await RecordedModel(folder).complete(asked(system="Be very brief.", user="So, what is new?"))
    assert reply.data == SAID
    assert reply.model == "recorded"


def test_a_record_is_readable_and_names_its_schema(folder):
    (file,) = folder.iterdir()
    assert file.name == f"{key()}.json"
    text = file.read_text("utf-8")
    assert "Zwölf Städte" in text
    assert json.loads(text) == {
        "schema": "answer/1",
        "purpose": "briefing",
        "subject": "sto-1",
        "reply": SAID,
    }


async def test_a_reply_that_is_not_there_is_missing(folder):
    assert (await failure(folder, record_key=key(article="b"))).reason == "no_record"
    assert (await failure(folder, record_key="")).reason == "no_record"
    assert (await failure(folder, record_key=f"../{folder.name}/{key()}")).reason == "no_record"


@pytest.mark.parametrize(
    "changes",
    [
        {"record_key": key(version=2)},
        {"schema_name": "other"},
        {"schema": {"type": "object", "properties": {"reply": {"type": "string"}}}},
    ],
)
async def test_a_reply_of_another_schema_is_stale_and_not_reused(folder, changes):
    error = await failure(folder, **changes)
    assert error.reason == "stale_record"
    assert changes.get("record_key", key()) in str(error)


async def test_a_reply_with_a_renamed_key_is_stale_and_one_that_leaves_a_key_out_is_not(folder):
    more = {"properties": {"answer": {"type": "string"}, "cite": {"type": "array"}}}
    assert (await RecordedModel(folder).complete(asked(schema=SCHEMA | more))).data == SAID
    file = folder / f"{key()}.json"
    record = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(record | {"reply": SAID | {"cited": []}}), "utf-8")
    assert (await failure(folder, schema=SCHEMA | more)).reason == "stale_record"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"schema": "answer/1"}', b'{"a":' * 5000])
async def test_a_damaged_record_is_stale(folder, content):
    (folder / f"{key()}.json").write_bytes(content)
    assert (await failure(folder)).reason == "stale_record"


async def test_a_recorded_text_that_recites_the_instructions_is_emptied(folder):
    told = "Answer in Zwölf Städte and nothing else at all please"
    said = {"answer": told}
    await RecordingModel(ScriptedModel(lambda _: said), folder).complete(asked())
    assert (await RecordedModel(folder).complete(asked(system=told))).data == {"answer": ""}


async def test_nothing_that_recites_the_instructions_is_told_while_a_reply_comes(folder):
    told, heard = "Answer in Zwölf Städte and nothing else at all please", []
    await RecordingModel(ScriptedModel(lambda _: {"answer": told}), folder).complete(asked())
    for model in (RecordedModel(folder), ScriptedModel(lambda _: {"answer": told})):
        await model.complete(asked(system=told, on_text=heard.append))
    assert [json.loads(text) for text in heard] == [{"answer": ""}] * 2


async def test_a_later_reply_replaces_the_former(folder):
    await RecordingModel(ScriptedModel(lambda _: {"answer": "Dreizehn"}), folder).complete(asked())
    assert (await RecordedModel(folder).complete(asked())).data == {"answer": "Dreizehn"}
    assert len(list(folder.iterdir())) == 1


async def test_what_has_no_key_is_answered_and_not_kept(tmp_path):
    reply = await RecordingModel(ScriptedModel(lambda _: SAID), tmp_path).complete(asked(record_key=""))
    assert reply.data == SAID
    assert not list(tmp_path.iterdir())


async def test_a_folder_that_cannot_be_written_is_a_failure_in_words(tmp_path):
    model = RecordingModel(ScriptedModel(lambda _: SAID), tmp_path / "gone")
    with pytest.raises(ModelError, match="could not be kept"):
        await model.complete(asked())


async def test_instructions_count_as_cached_once_they_were_sent(folder):
    model = RecordedModel(folder)
    long = "Be brief. " * 40
    first = await model.complete(asked(system=long))
    second = await model.complete(asked(system=long))
    assert (first.usage.cached_tokens, second.usage.cached_tokens) == (0, 101)
    assert first.usage.input_tokens == second.usage.input_tokens > 101

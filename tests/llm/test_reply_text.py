"""Promises about what is read out of a reply: no thought, the last object that fits, small slips forgiven."""

from __future__ import annotations

import json

import pytest

from bot.llm.recited import Instructions
from bot.llm.reply_text import best_object, spoken, text_of
from tests.support.running.rows import each_row

SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string"}, "cite": {"type": "array", "items": {"type": "integer"}}},
    "required": ["answer", "cite"],
    "additionalProperties": False,
}
GOOD = {"answer": "yes", "cite": [1]}
SAID = json.dumps(GOOD)


@each_row(
    "text",
    [
        SAID,
        f"<think>I could say {json.dumps({'answer': 'no', 'cite': []})}.</think>{SAID}",
        f"<think>a</think><think>b {{</think>\n{SAID}",
        f'Thoughts that began elsewhere: {{"answer": "no", "cite": [2]}}</think>\n{SAID}',
        f'[THINK]{{"answer": "no", "cite": [2]}}[/THINK]{SAID}',
        f"◁think▷hm◁/think▷{SAID}",
        f'<think time="3">hm</think>{SAID}',
        f"<think>a<think>b</think>c {{}}</think>{SAID}",
        f"<THINKING>\nhm\n</THINKING>{SAID}",
        f'Draft: {{"answer": "no", "cite": []}}\nFinal:\n```json\n{SAID}\n```',
        f'{SAID}\nI hope this helps. {{"confidence": 1}}',
        f"{SAID} {{ and so on",
        '{"answer": "yes", "cite": [1,],}',
        '```json\n{\n  "answer": "yes",\n  "cite": [\n    1,\n  ],\n}\n```',
        f"[{SAID}]",
        f'{{"answer": 3, "cite": []}} {SAID} {{"answer": "yes"}}',
        f"<|channel|>analysis<|message|>Say {{}}<|end|><|channel|>final<|message|>{SAID}",
    ],
)
def test_the_last_object_that_fits_is_taken(text):
    assert best_object(text, SCHEMA) == GOOD


def test_of_two_that_fit_the_last_one_wins():
    assert best_object(f'{{"answer": "no", "cite": []}} {SAID}', SCHEMA) == GOOD


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('{"answer": "an end </think> in it", "cite": []}', "an end </think> in it"),
        ('{"answer": "he said <think>so</think> aloud", "cite": []}', "he said <think>so</think> aloud"),
        ('{"answer": "a, ]", "cite": [],}', "a, ]"),
        ('{"answer": "quote \\", ] and \\\\", "cite": [],}', 'quote ", ] and \\'),
    ],
)
def test_what_stands_inside_a_text_stays(text, answer):
    found = best_object(text, SCHEMA)
    assert found is not None
    assert found["answer"] == answer


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "{",
        "[1]",
        '{"other": 1}',
        "<think>only " + SAID,
        '{"answer": "cut off',
        "{" * 5000,
        '{"a":' * 5000,
    ],
)
def test_where_nothing_is_like_the_schema_there_is_no_object(text):
    if "<think>" in text:
        assert spoken(text) == ""
    else:
        assert best_object(text, SCHEMA) is None


def test_an_object_with_slips_is_handed_on_for_the_caller_to_name_them():
    assert best_object('{"other": 1} {"answer": 3}', SCHEMA) == {"answer": 3}


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "<think>" * 30_000,
        "</think>" + "<think>" * 30_000,
        '{"a": "' + '\\"' * 90_000,
        '{"answer": "' + "x" * 150_000,
        '{"answer": "' * 15_000,
        "{" * 190_000,
        '"' * 190_000,
        "," * 190_000,
        ", " * 90_000 + "]",
        " " * 190_000,
    ],
)
def test_a_hostile_text_is_read_to_its_end(text):
    """In time that grows with its length: with its square, these would take minutes."""
    assert best_object(text, SCHEMA) is None
    assert Instructions("be brief", material="").cleared_text(text) == text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a", "a"),
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "ab"),
        ([{"type": "output_text", "text": "a"}], "a"),
        (
            [
                {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
                {"type": "text", "text": "a"},
            ],
            "a",
        ),
        ([{"type": "image_url", "image_url": {}}, "a", None, 3], "a"),
        (None, ""),
        (5, ""),
    ],
)
def test_content_in_parts_is_joined(content, text):
    assert text_of(content) == text

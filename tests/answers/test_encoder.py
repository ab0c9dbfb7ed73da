"""Encoding: what means the same is alike, an encoder is known by its files, and one that cannot work is named."""

from __future__ import annotations

import json
import sys

import pytest

from bot.answers.encoder import BATCH_TEXTS, MAX_TEXT_TOKENS, MODEL, TOKENIZER, open_encoder
from bot.errors import ConfigError
from tests.support.encoders import ALIKE, make_encoder
from tests.support.running.once import loaded_modules

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path):
    return make_encoder(tmp_path / "encoder")


def test_what_means_the_same_is_alike_in_whichever_words(folder):
    encoder = open_encoder(folder)
    ferry, ship, union = encoder.encode(["the ferry sank", "a ship lost", "union workers"])
    same, other = encoder.similarity(ferry, [ship, union])
    assert same == pytest.approx(1.0, abs=0.01)
    assert other < 0.5


def test_a_text_is_the_same_alone_and_beside_longer_ones(folder):
    encoder = open_encoder(folder)
    texts = ["the ferry sank"] + ["union " * n for n in range(2 * BATCH_TEXTS)]
    (alone,) = encoder.encode(texts[:1])
    assert encoder.encode(texts)[0] == alone
    assert len(encoder.encode(texts)) == len(texts)


def test_a_text_without_end_is_read_up_to_a_bound(folder):
    encoder = open_encoder(folder)
    within, beyond = "ferry " * MAX_TEXT_TOKENS, "ferry " * MAX_TEXT_TOKENS + "union " * 100_000
    assert encoder.encode([beyond]) == encoder.encode([within])


def test_an_empty_text_has_a_vector_and_nothing_has_none(folder):
    encoder = open_encoder(folder)
    (empty,) = encoder.encode([""])
    assert encoder.similarity(empty, [empty, *encoder.encode(["ferry"])]) == pytest.approx(
        [0.0, 0.0], abs=0.01
    )
    assert encoder.encode([]) == encoder.similarity(empty, []) == []


def test_the_id_is_that_of_the_files_wherever_they_lie(folder, tmp_path):
    first = open_encoder(folder).id
    assert open_encoder(make_encoder(tmp_path / "copy")).id == first
    assert open_encoder(make_encoder(tmp_path / "other", alike=ALIKE[:2])).id != first


def test_padding_and_truncation_of_the_tokenizers_own_are_not_followed(folder):
    before = open_encoder(folder)
    layout = json.loads((folder / TOKENIZER).read_text("utf-8"))
    layout["padding"] = {
        "strategy": {"Fixed": 128},
        "direction": "Left",
        "pad_to_multiple_of": None,
        "pad_id": 3,
        "pad_type_id": 0,
        "pad_token": "[PAD]",
    }
    layout["truncation"] = {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0}
    (folder / TOKENIZER).write_text(json.dumps(layout), "utf-8")
    assert open_encoder(folder).encode(["a ship sank"]) == before.encode(["a ship sank"])


@pytest.mark.parametrize("missing", [MODEL, TOKENIZER])
def test_a_missing_file_is_named_with_what_to_do(folder, missing):
    (folder / missing).unlink()
    with pytest.raises(ConfigError, match=missing) as raised:
        open_encoder(folder)
    assert "leave answers.encoder empty" in raised.value.hint


@pytest.mark.parametrize(("file", "content"), [(MODEL, b"<html>"), (TOKENIZER, b"\xff{"), (MODEL, b"")])
def test_a_file_that_is_no_encoder_is_named(folder, file, content):
    (folder / file).write_bytes(content)
    with pytest.raises(ConfigError, match="holds no encoder") as raised:
        open_encoder(folder)
    assert MODEL in raised.value.hint
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("wrong", [{"wants": "pixels"}, {"broken": True}])
def test_a_model_that_encodes_no_texts_is_named_at_once(tmp_path, wrong):
    with pytest.raises(ConfigError, match="does not work"):
        open_encoder(make_encoder(tmp_path, **wrong))


def test_without_the_extra_the_package_to_install_is_named(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ConfigError, match="onnxruntime") as raised:
        open_encoder(folder)
    assert "wirebrief[semantic]" in raised.value.hint


def test_who_asks_nothing_of_an_encoder_imports_none():
    assert "bot.runtime.serve" in loaded_modules()
    assert not {"onnxruntime", "tokenizers"} & loaded_modules()

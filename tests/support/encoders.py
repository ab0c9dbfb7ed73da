"""A real encoder small enough to be made in a test: each word has its vector, and words that mean the same share one.

An ONNX file is a protocol buffer; the few fields that this one needs are written here by hand.
"""

from __future__ import annotations

import struct

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

from bot.answers.encoder import MODEL, TOKENIZER

ALIKE = (("ferry", "barque", "ship"), ("sank", "lost"), ("union", "workers"), ("leads", "chairs"))
FLOAT, INT64 = 1, 7  # TensorProto.DataType


def make_encoder(folder, *, alike=ALIKE, wants="input_ids", broken=False):
    """Write an encoder into ``folder``; words of one group of ``alike`` are the same to it, all others alike too."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {"[UNK]": 0}
    for group in alike:
        for word in group:
            vocabulary[word] = len(vocabulary)
    size = len(alike) + 1
    meaning = {word: place for place, group in enumerate(alike, 1) for word in group}
    rows = [[float(meaning.get(word, 0) == n) or 0.01 for n in range(size)] for word in vocabulary]
    if broken:
        rows = [[float("nan")] * size for _ in rows]
    (folder / MODEL).write_bytes(_gather(rows, wants=wants))
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106 - a word that is none
    tokenizer.normalizer, tokenizer.pre_tokenizer = Lowercase(), Whitespace()
    tokenizer.save(str(folder / TOKENIZER))
    return folder


def _gather(rows, *, wants):
    """Return a model whose hidden states are the row of each token's id."""
    table = _field(1, len(rows)) + _field(1, len(rows[0])) + _field(2, FLOAT) + _field(8, "words")
    table += _field(9, b"".join(struct.pack("<f", value) for row in rows for value in row))
    node = _field(1, "words") + _field(1, wants) + _field(2, "hidden") + _field(4, "Gather")
    graph = _field(1, node) + _field(2, "words") + _field(5, table)
    graph += _field(11, _value(wants, INT64, "texts", "tokens"))
    graph += _field(12, _value("hidden", FLOAT, "texts", "tokens", len(rows[0])))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 17))


def _value(name, kind, *shape):
    sizes = b"".join(_field(1, _field(1 if isinstance(size, int) else 2, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, sizes)))


def _field(number, value):
    """Return a field of a protocol buffer: a number, or bytes with their length before them."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])

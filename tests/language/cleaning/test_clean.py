"""Cleaning: what no reader sees and no database keeps is gone, what people write stays as it is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.cleaning import clean
from bot.language.cleaning.clean import (
    MAX_COMBINING_MARKS,
    MAX_VALUE_DEPTH,
    PLAIN,
    clean_text,
    cleaned,
    is_clean,
)
from tests.support.running.rows import each_row

NO_BREAK = chr(0xA0)
anything = st.text(st.characters(exclude_categories=()), max_size=80)
marks = st.lists(
    st.sampled_from("e\u0301\u0489\u0e34\u0651\u20e3\ufe0f\u200d\u200c\u0903 ̈日🙂"), max_size=60
).map("".join)


@each_row(
    "text",
    [
        "Plain words.\n\tA second line.",
        "می\u200cخواهم به خانه بروم",  # a Persian word with its joiner
        "👩\u200d👩\u200d👧 and ❤\ufe0f and 1\ufe0f\u20e3 and 👍🏽 and 🇺🇦",
        "क्\u200dष त्र श्री",
        "☎\ufe0e ☀\ufe0f",
        "שָׁלוֹם עֲלֵיכֶם",
        "ที่นี่ วันนี้",
        "e\u0301 é Việt Nam Ṩ̣",
        "日本語。「はい」",
        f"12{NO_BREAK}000",
        "a\u0301\u0302\u0303\u0304",
    ],
)
def test_what_people_write_stays_as_it_is(text):
    assert clean_text(text) == text
    assert is_clean(text)


@each_row(
    ("text", "clean"),
    [
        ("half \ud83d", "half "),
        ("\ude00 half", " half"),
        ("\ud83d\ude00 whole", "😀 whole"),
        ("RE\x00UTERS", "REUTERS"),
        ("govern\x02ment\x1b[31m\x7f\x9b", "govern ment [31m  "),
        ("one\r\ntwo\rthree\x0bfour\x0cfive\x85six\u2028seven\u2029", "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"),
        ("a\ufffeb\uffffc\ufdd0d\U0010ffffe\U0001fffef", "abcdef"),
        ("soft\u00adhyphen \u202eright to left\u202c \u2066x\u2069 \u200bzero \ufeff", "softhyphen right to left x zero "),
        ("see\U000e0049\U000e0067\U000e006e this", "see this"),  # words that only a machine reads
        ("Z" + "\u0301" * 40 + "algo", "Z" + "\u0301" * MAX_COMBINING_MARKS + "algo"),
        ("e" + "\u0301\u200d" * 6, "e" + "\u0301" * MAX_COMBINING_MARKS),
        ("क" + "\u093c\u0489" * 9, "क" + "\u093c\u0489" * 2),
        ("ش" + "\u200c" * 500 + "ب", "ش\u200cب"),
    ],
)  # fmt: skip
def test_what_nobody_reads_is_dropped(text, clean):
    assert clean_text(text) == clean


@given(st.one_of(anything, marks))
def test_any_text_comes_out_clean_and_is_then_left_alone(text):
    clean = clean_text(text)
    assert clean_text(clean) == clean
    clean.encode()
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in clean)
    assert not any(ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF for c in clean)
    run = most = 0
    for character in clean:
        category = unicodedata.category(character)
        run = run + 1 if category[0] == "M" else run if category == "Cf" else 0
        most = max(most, run)
    assert most <= MAX_COMBINING_MARKS


class Kind(StrEnum):
    NUL = "\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    title: str
    inner: Inner
    kind: Kind = Kind.NUL
    count: int = 3
    body: bytes = b"\x00"
    held: dict[str, object] | None = None


def test_no_character_of_a_plain_text_would_be_cleaned(monkeypatch):
    plain = [chr(code) for code in range(0x3000) if PLAIN.fullmatch(chr(code))]
    assert len(plain) > 600
    monkeypatch.setattr(clean, "PLAIN", re.compile(r"(?!)"))
    for text in (*plain, *(6 * one for one in plain), "".join(plain), "".join(plain[::-1])):
        assert clean.clean_text(text) == text


def test_every_text_in_a_value_is_cleaned_and_nothing_else_is_touched():
    value = Outer(
        title="\ud83dA", inner=Inner(words=("b\x00", "c")), held={"\x00k": ["\ud83dv", {"\ufffes"}]}
    )
    assert cleaned(value) == Outer(
        title="A", inner=Inner(words=("b", "c")), held={"k": ["v", {"s"}]}, count=3, body=b"\x00"
    )
    assert cleaned((1, None, b"\x00", Kind.NUL, frozenset({"\x00"}))) == (
        1,
        None,
        b"\x00",
        Kind.NUL,
        frozenset({""}),
    )


def test_what_is_clean_is_the_same_object():
    value = Outer(title="A", inner=Inner(words=("b", "c")))
    assert cleaned(value) is value


def test_a_value_nested_without_end_is_refused_and_not_followed():
    value: list[object] = []
    value.append(value)
    with pytest.raises(ValueError, match="too deep"):
        cleaned(value)
    deep: object = "\x00"
    for _ in range(MAX_VALUE_DEPTH):
        deep = [deep]
    assert "\x00" not in repr(cleaned(deep))


def test_weights_of_terms_are_kept_as_they_are_where_every_term_is_clean():
    weights = {"ferry": 1.5, "łódź": 2.0, "port\u00a0": 3.0}
    assert cleaned({"ferry": 1.5, "port": 2}) == {"ferry": 1.5, "port": 2}
    assert cleaned(weights) == {"ferry": 1.5, "łódź": 2.0, "port\u00a0": 3.0}
    assert cleaned({"ferry": 1.5, "po\x00rt": 2}) == {"ferry": 1.5, "port": 2}
    assert cleaned({1: 1.5, "\x00": 2}) == {1: 1.5, "": 2}
    assert cleaned({"ferry": "\x00 late"}) == {"ferry": " late"}
    assert cleaned({}) == {}

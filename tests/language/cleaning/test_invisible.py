"""What nobody sees goes; what a script or an emoji needs stays."""

from __future__ import annotations

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.language.cleaning.invisible import unjoined, visible
from tests.support.running.rows import each_row

ZWNJ, ZWJ = "\u200c", "\u200d"
JOINED = [
    f"می{ZWNJ}خواهم",
    f"خانه{ZWNJ}ها",
    f"سال ۱۳۵۷ ه{ZWJ}.ش",
    f"क्{ZWJ}ष",
    f"ශ්{ZWJ}රී ලංකා",
    f"ন্{ZWJ}য",
    f"ക്{ZWNJ}ഷ",
    f"👨{ZWJ}👩{ZWJ}👧",
    f"❤\ufe0f{ZWJ}🔥",
    f"🏳\ufe0f{ZWJ}🌈",
    f"👩🏽{ZWJ}🚒",
    "☀\ufe0f",
    "☎\ufe0e",
    "1\ufe0f\u20e3",
    "#\ufe0f\u20e3",
]


@each_row("text", JOINED)
def test_a_joiner_that_a_word_or_an_emoji_needs_stays(text):
    assert visible(text) == text


@each_row(
    ("text", "seen"),
    [
        (f"ki{ZWNJ}ll{ZWJ}ed", "killed"),
        (f"می{ZWNJ}{ZWNJ}{ZWJ}خواهم", f"می{ZWNJ}خواهم"),
        (f"{ZWJ}text{ZWJ}", "text"),
        (f"🙂{ZWJ} text", "🙂 text"),
        (f"a\ufe0f{ZWJ}🙂", "a🙂"),
        ("a\ufe0fb\ufe00c", "abc"),
        ("☀\ufe0f\ufe0f", "☀\ufe0f"),
        ("葛\U000e0100", "葛"),
        ("\ufeffright\u202eleft\u202c \u2066in\u2069 \u200eit\u200f\u061c", "rightleft in it"),
        ("zero\u200bwidth soft\u00adhyphen word\u2060joiner", "zerowidth softhyphen wordjoiner"),
        ("flag🏴\U000e0067\U000e0062\U000e007f tags\U000e0041", "flag🏴 tags"),
        ("filler\u3164\uffa0\u115f a\u034f b\u180e", "filler a b"),
        ("half \ud83d a character", "half  a character"),
        ("\x1b[2J\x9b31m\x00", " [2J 31m "),
        ("lines\nand\ttabs\r\n", "lines\nand\ttabs\r\n"),
    ],
)
def test_what_nobody_sees_goes(text, seen):
    assert visible(text) == seen


def test_every_character_that_unicode_ignores_goes():
    # Formats that are seen: numbers of Arabic and Kaithi, the end of a verse, hieroglyphs' and shorthand's controls.
    seen = {
        *range(0x600, 0x606),
        0x6DD,
        0x70F,
        0x890,
        0x891,
        0x8E2,
        0x110BD,
        0x110CD,
        *range(0x13430, 0x13440),
    }
    formats = {n for n in range(sys.maxunicode + 1) if unicodedata.category(chr(n)) in {"Cf", "Cs"}}
    assert {n for n in formats - seen if visible(f"x{chr(n)}x") != "xx"} == set()


@given(
    st.text(alphabet=st.sampled_from(f"aا ی❤🙂1\u20e3\ufe0f\ufe0e\u200b\u202e\x00क्{ZWNJ}{ZWJ}"), max_size=30)
)
def test_what_was_made_visible_stays_as_it_is(text):
    once = visible(text)
    assert visible(once) == once
    assert not set(unjoined(text)) & set(f"{ZWNJ}{ZWJ}\ufe0f\ufe0e\u200b\u202e")

"""Giant tags are shortened in one pass, and nothing else of the markup is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.giant_tags import MAX_TAG_CHARS, without_giant_tags

LONG = "A" * (MAX_TAG_CHARS + 1)


@pytest.mark.parametrize(
    ("markup", "shortened"),
    [
        (f'<p>a</p><img alt="x > y" src="data:{LONG}" class=big><p>b</p>', '<p>a</p><img alt="x > y" class=big><p>b</p>'),
        (f"<div data-x='{{\"a\": \"<b>{LONG}</b>\"}}' id=\"k\">x</div>", '<div id="k">x</div>'),
        (f'<img srcset = "{LONG}" hidden />x', "<img hidden/>x"),
        (f'<p title="never closed {LONG}<p>b</p>', "<p>b</p>"),
        (f"</p {LONG}>x", "</p>x"),
        (f"x<{LONG}", f"x<{'A' * 100}>"),
        (f'{"<b>x</b>" * 3000}<p title="{LONG}">y</p>', f"{'<b>x</b>' * 3000}<p>y</p>"),
        (f'<script>"<b"</script><p title="{LONG}">y</p>', '<script>"<b"</script><p>y</p>'),
        (f'<span>x</span><!-- <b --><p title="{LONG}">y</p>', "<span>x</span><!-- <b --><p>y</p>"),
    ],
)  # fmt: skip
def test_a_giant_tag_keeps_its_name_and_its_short_attributes(markup, shortened):
    assert without_giant_tags(markup) == shortened


@pytest.mark.parametrize(
    "markup",
    [
        f"<!-- {LONG} > --><p>a</p>",
        f'<script>for (i<n;i++) {{ x = \'"\' + "{LONG}" }}</script><p>a</p>',
        f"<style>a{{background:url({LONG})}}</style><p>a</p>",
        f"<p>{LONG} 5 < 6 {LONG}</p>",
        f"<![CDATA[ <p {LONG} ]]><p>a</p>",
        '<p class="a">it\'s 5 < 6, <3 and "fine"</p>' * 3000,
        "<" * 100_000,
    ],
)
def test_what_is_no_giant_tag_is_left_as_it_is(markup):
    assert without_giant_tags(markup) == markup


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        '<p x="',
        "<p x='\"",
        "<a =",
        "<",
        "<!--",
        '<a =" ',
        "<a =\"' ",
        "<script>",
        "<a b=c ",
        '="" ',
        "<![CDATA[",
    ],
)
def test_a_pass_over_hostile_markup_leaves_no_giant_tag(piece):
    markup = "<a " + piece * (400_000 // len(piece))
    assert len(without_giant_tags(markup)) <= len(markup)


@given(st.text(alphabet="<>\"'=/ !-ab\n", max_size=300))
def test_short_markup_is_never_changed(markup):
    assert without_giant_tags(markup) == markup

"""The days of posts of networks, as pages, feeds and plain texts print them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.feeds.page.extract import extract_page, own_text
from bot.feeds.page.posts import MAX_POSTS, post_days

DAY = date(2016, 5, 28)


@pytest.mark.parametrize(
    "printed",
    [
        "The gorilla is well. \u2014 Harn Zoo (@HarnZoo) May 28, 2016",
        '&mdash; Harn Zoo (@HarnZoo) <a href="https://t.example/1?ref_src=x">May 28, 2016</a></blockquote>',
        "A post shared by Harn Zoo (@harnzoo) on May 28, 2016 at 10:53am PDT",
        "\u2014 Zoo Harn (@HarnZoo) 28. Mai 2016",
        "\u2014 Zoo de Harn (@HarnZoo) 28 mai 2016",
    ],
)
def test_a_post_has_the_day_that_stands_behind_its_author(printed):
    assert post_days(printed) == (DAY,)


@pytest.mark.parametrize(
    "printed",
    [
        "Harn Zoo (@HarnZoo) said on Monday",
        "Harn Zoo opened on May 28, 2016.",
        "(@HarnZoo) June 31, 2016",
        "(@HarnZoo) 2016",
    ],
)
def test_what_is_no_post_or_no_day_is_left_out(printed):
    assert post_days(printed) == ()


def test_of_many_posts_the_first_are_read():
    assert len(post_days("(@HarnZoo) May 28, 2016 " * (MAX_POSTS + 5))) == MAX_POSTS


POST = '<blockquote class="twitter-tweet"><p>Well!</p>&mdash; Zoo (@HarnZoo) <a href="https://t.example/1">May 28, 2016</a></blockquote>'
TEXT = (
    "<p>"
    + "The gorilla of Harn zoo was killed on Saturday after a boy fell into the moat, the zoo said. " * 5
    + "</p>"
)


def test_a_text_keeps_the_days_of_the_posts_that_are_left_out_of_it():
    own = own_text(f"{TEXT}{POST}")
    assert ("Well!" in own.text, own.posted) == (False, (DAY,))
    html = f"<html lang=en><head><title>Gorilla of Harn killed</title></head><body><article>{TEXT}{POST}</article></body></html>"
    page = extract_page(html.encode(), url="https://post.example/gorilla")
    assert ("Well!" in page.text, page.posted) == (False, (DAY,))


def test_a_text_keeps_the_newest_day_of_the_lines_that_are_left_out_of_it():
    dated = "<p>Published Jan. 18, 2026</p><p>Updated Jan. 19, 2026, 4:59 p.m. ET</p>"
    own = own_text(f"{dated}{TEXT}<p>It will be shown again on 1 May 2027.</p>")
    assert ("Updated" in own.text, own.last_dated) == (False, date(2026, 1, 19))
    assert own_text(TEXT).last_dated is None

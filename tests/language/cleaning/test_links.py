"""Links in what people write, whatever a platform wraps around them."""

from __future__ import annotations

import time

from bot.language.cleaning.links import links_in, typed_address
from tests.support.running.rows import each_row


@each_row(
    ("text", "links"),
    [
        ("look at https://news.example/a, please", ["https://news.example/a"]),
        (
            "<https://news.example/a|news.example> and <https://news.example/b>",
            ["https://news.example/a", "https://news.example/b"],
        ),
        ("(see https://news.example/wiki/Talks_(2031))", ["https://news.example/wiki/Talks_(2031)"]),
        ("https://news.example/a https://news.example/a", ["https://news.example/a"]),
        ("HTTPS://NEWS.EXAMPLE/A", ["HTTPS://NEWS.EXAMPLE/A"]),
        ("ftp://news.example javascript:alert(1) http:// https://", []),
        ("**https://news.example/a**", ["https://news.example/a"]),
        ("read www.news.example/a, please", ["https://www.news.example/a"]),
        (
            "feed://news.example/rss and feed:https://news.example/b",
            ["https://news.example/rss", "https://news.example/b"],
        ),
        ("awww.cute anna@www.example www. feed:back", []),
        (
            "“https://news.example/a” and «https://news.example/b»",
            ["https://news.example/a", "https://news.example/b"],
        ),
        (
            "„https://news.example/a“, ‘https://news.example/b’.",
            ["https://news.example/a", "https://news.example/b"],
        ),
        ("(“https://news.example/a”).", ["https://news.example/a"]),
        ("[news](https://news.example/a)", ["https://news.example/a"]),
        ("[https://news.example/a]", ["https://news.example/a"]),
        ("https://news.example/a…", ["https://news.example/a"]),
        ("見て：https://news.example/a。次の記事", ["https://news.example/a"]),
        (
            "「https://news.example/a」、『https://news.example/b』！",
            ["https://news.example/a", "https://news.example/b"],
        ),
        (
            "https://news.example/a，https://news.example/b？",
            ["https://news.example/a", "https://news.example/b"],
        ),
        ("请看（https://news.example/a）；谢谢", ["https://news.example/a"]),
        (
            "【https://news.example/a】《https://news.example/b》",
            ["https://news.example/a", "https://news.example/b"],
        ),
        (
            "https://news.example/a، وهذا https://news.example/b؟",
            ["https://news.example/a", "https://news.example/b"],
        ),
        ("देखिए https://news.example/a।", ["https://news.example/a"]),
        (
            "\u200fhttps://news.example/a\u200f \u2067https://news.example/b\u2069",
            ["https://news.example/a", "https://news.example/b"],
        ),
        ("https://news.example/記事/東京", ["https://news.example/記事/東京"]),
    ],
)
def test_links_are_found_as_they_were_meant(text, links):
    assert links_in(text, most=5) == (links, len(links))


@each_row(
    ("text", "address"),
    [
        ("www.example.org/a", "https://www.example.org/a"),
        ("example.org", "https://example.org"),
        ("example.org:8443/feed?x=1", "https://example.org:8443/feed?x=1"),
        ("127.0.0.1/feed.xml", "https://127.0.0.1/feed.xml"),
        ("feed://example.org/x", "https://example.org/x"),
        ("https://e.org/a） ", "https://e.org/a"),
        ("\u200bhttps://e.org/feed_*\u200b", "https://e.org/feed_*"),
        ("ftp://e.org/", "ftp://e.org/"),
        ("nothing of the kind", "nothing of the kind"),
        ("", ""),
    ],
)
def test_an_address_is_taken_as_people_write_it(text, address):
    assert typed_address(text) == address


def test_of_many_the_first_are_given_and_all_are_counted():
    text = " ".join(f"https://news.example/{n}" for n in range(300))
    assert links_in(text, most=2) == (["https://news.example/0", "https://news.example/1"], 300)


def test_a_hostile_text_takes_time_in_proportion_to_its_length():
    def took(count):
        begun = time.thread_time()
        links_in("http" * count + ")" * count + " [" * count, most=5)
        return time.thread_time() - begun

    # Eight times the text may take eight times as long; only what grows by twenty times that is a fault.
    assert took(80_000) < 20 * 8 * max(0.001, took(10_000))

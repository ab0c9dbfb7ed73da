"""Aggregators by their shape: the article's address, its outlet, and no text where there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.address import canonical_url
from bot.feeds.aggregators import with_linked_articles
from bot.feeds.wrappers import unwrapped
from bot.model.news import Entry, FeedDocument
from tests.support.running.rows import each_row

A = "https://post.example/a?id=1"


def sort(entry, *, title="Feed"):
    (found,) = with_linked_articles(FeedDocument(format="rss 2.0", title=title, entries=(entry,))).entries
    return found


@each_row(
    ("url", "inner"),
    [
        ("https://www.google.com/url?rct=j&sa=t&url=https://post.example/a%3Fid%3D1&ct=ga&usg=A", A),
        ("https://www.google.com/url?q=https://post.example/a%3Fid%3D1&sa=D", A),
        ("http://10.0.0.1:8000/url?rct=j&url=https://post.example/a%3Fid%3D1", A),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fpost.example%2Fa%3Fid%3D1&h=AT0", A),
        (
            "https://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fpost.example%2fa%3fid%3d1",
            A,
        ),
        ("https://www.youtube.com/redirect?q=https%3A%2F%2Fpost.example%2Fa%3Fid%3D1&v=x", A),
        ("https://duckduckgo.com/l/?uddg=https%3A%2F%2Fpost.example%2Fa%3Fid%3D1", A),
        ("https://t.umblr.com/redirect?z=https%3A%2F%2Fpost.example%2Fa%3Fid%3D1&t=x", A),
        ("https://cdn.ampproject.org/c/s/post.example/a?id=1", A),
        ("https://post-example.cdn.ampproject.org/v/s/post.example/a?id=1", A),
        ("https://www.google.com/amp/s/post.example/a?id=1", A),
        (
            f"https://www.google.com/url?url=https://l.facebook.com/l.php%3Fu%3D{'https%253A%252F%252Fpost.example%252Fa'}",
            "https://post.example/a",
        ),
        # No wrappers: a search, a share button's page, two addresses, a relative one, an article's own address.
        (
            "https://post.example/search?q=https://wire.example/a",
            "https://post.example/search?q=https://wire.example/a",
        ),
        (
            "https://post.example/2031/url-shorteners?url=https://x.example/",
            "https://post.example/2031/url-shorteners?url=https://x.example/",
        ),
        (
            "https://post.example/out?url=https://x.example/&to=https://y.example/",
            "https://post.example/out?url=https://x.example/&to=https://y.example/",
        ),
        ("https://post.example/go?to=/a", "https://post.example/go?to=/a"),
        (A, A),
        ("http://[", "http://["),
    ],
)
def test_wrapped_addresses_are_unwrapped_and_others_left(url, inner):
    assert unwrapped(url) == inner


@given(st.text(max_size=60))
def test_unwrapping_never_fails_and_ends(text):
    once = unwrapped(f"https://x.example/url?url={text}")
    assert isinstance(once, str)


@each_row(
    "form",
    [
        "https://post.example/a/amp",
        "https://post.example/a/amp/",
        "https://post.example/a?amp",
        "https://post.example/a?amp=1",
        "https://post.example/a?outputType=amp",
        "https://amp.post.example/a",
        "https://post.example/a.amp",
        "https://cdn.ampproject.org/c/s/post.example/a",
        "https://www.google.com/amp/s/post.example/a",
    ],
)
def test_amp_forms_are_folded_with_their_article(form):
    assert canonical_url(form) == canonical_url("https://post.example/a")


def test_amp_html_is_its_html():
    assert canonical_url("https://post.example/a.amp.html") == canonical_url("https://post.example/a.html")
    assert canonical_url("https://post.example/amp") != canonical_url("https://post.example/a")


def test_google_news_gives_titles_and_outlets_and_no_text():
    link = "https://news.google.com/rss/articles/CBMi?oc=5"
    body = (
        f'<ol><li><a href="{link}">Port closes</a>&nbsp;&nbsp;<font color="#6f6f6f">Harbour Post</font></li>'
        f'<li><a href="{link}2">Two dead as crane falls</a>&nbsp;&nbsp;<font color="#6f6f6f">Coast Wire</font></li></ol>'
    )
    entry = Entry(
        link=link,
        title="Port of Velmar closes - Harbour Post",
        summary=body,
        source_name="Harbour Post",
        source_url="https://post.example",
    )
    assert sort(entry) == replace(entry, title="Port of Velmar closes", summary="")
    other = replace(entry, source_name="Coast Wire")
    assert sort(other).title == entry.title


def test_an_alerts_outlet_is_taken_from_its_title():
    entry = Entry(
        link=f"https://www.google.com/url?url={A}",
        title="Port of Velmar closes after collapse - Harbour Post",
        summary="Two workers were killed ...",
    )
    found = sort(entry)
    assert (found.link, found.title) == (A, "Port of Velmar closes after collapse")
    assert (found.source_name, found.source_url, found.summary) == ("Harbour Post", A, entry.summary)
    plain = Entry(link=A, title="Crane collapse - what we know")
    assert sort(plain) == plain


REDDIT = (
    '<table><tr><td><a href="{own}"><img src="x.jpg"/></a></td><td> submitted by <a href="https://www.reddit.com/user/f">'
    '/u/f</a> <br/> <span><a href="{link}">[link]</a></span> <span><a href="{own}">[comments]</a></span></td></tr></table>'
)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (A, A),
        ("https://i.redd.it/x.jpg", None),
        ("https://imgur.example/x.png", None),
        ("https://www.reddit.com/r/n/1", None),
    ],
)
def test_a_reddit_entry_is_the_article_it_links(link, expected):
    own = "https://www.reddit.com/r/n/1"
    found = sort(Entry(link=own, title="Dam overflows", content=REDDIT.format(own=own, link=link)))
    assert (found.link, found.content, found.summary) == (expected or own, "", "")


def test_what_a_reddit_author_wrote_is_kept():
    own = "https://www.reddit.com/r/n/1"
    body = '<div class="md"><p>I saw it happen.</p></div> submitted by <a href="u">/u/f</a> ' + REDDIT.format(
        own=own, link=own
    )
    found = sort(Entry(link=own, title="Dam overflows", content=body))
    assert "I saw it happen." in found.summary
    assert "submitted by" not in found.summary


def test_a_hacker_news_entry_is_its_article_without_votes():
    body = (
        '<p>Article URL: <a href="{a}">{a}</a></p><p>Comments URL: <a href="https://news.ycombinator.com/item?id=1">x</a></p>'
        "<p>Points: {n}</p><p># Comments: 238</p>"
    )
    one, other = (sort(Entry(link=A, title="T", summary=body.format(a=A, n=n))) for n in (4, 5))
    assert one == other
    assert (one.link, one.summary) == (A, "")
    asked = sort(
        Entry(link=A, title="Ask HN: why?", summary="<p>I wonder why.</p><hr>" + body.format(a=A, n=1))
    )
    assert "I wonder why." in asked.summary
    assert "Points" not in asked.summary
    bare = sort(
        Entry(link=A, title="T", summary='<a href="https://news.ycombinator.com/item?id=1">Comments</a>')
    )
    assert bare.summary == ""


@pytest.mark.parametrize(
    "text",
    [
        '<p>The council met on Monday, <a href="https://post.example/b">officials said</a>, and spoke of the bridge.</p>',
        '<ul><li>The port stays closed until Wednesday, <a href="/a">the authority</a> said.</li><li>About 40 ships wait off the coast.</li></ul>',
        "<p>Two workers were killed.</p>",
    ],
)
def test_a_text_with_links_stays_a_text(text):
    entry = Entry(link=A, title="T", summary=text)
    assert sort(entry) == entry


@pytest.mark.parametrize(
    ("link", "title", "feed", "told"),
    [
        (
            "https://github.com/acme/rocket/releases/tag/v1.2.3",
            "v1.2.3",
            "Release notes from rocket",
            "rocket v1.2.3",
        ),
        ("https://gitlab.example/g/s/rocket/-/releases/1.2.3", "1.2.3", "rocket releases", "rocket 1.2.3"),
        ("https://pypi.org/project/rocket/1.2.3/", "1.2.3", "PyPI recent updates for rocket", "rocket 1.2.3"),
        ("https://rocket.example/log/4", "Version 4.0", "Rocket releases", "Rocket Version 4.0"),
        ("https://github.com/acme/rocket/releases/tag/v1.2.3", "Rocket 1.2.3", "x", "Rocket 1.2.3"),
        ("https://post.example/a", "2031 in numbers", "Post", "2031 in numbers"),
    ],
)
def test_a_release_is_told_with_its_project(link, title, feed, told):
    assert sort(Entry(link=link, title=title), title=feed).title == told


def test_a_podcast_without_a_page_has_its_file_as_the_last_link():
    audio = "https://cdn.example/e1.mp3"
    assert sort(Entry(title="Episode 1", enclosure=audio)).link == audio
    assert sort(Entry(title="Episode 1", enclosure=audio, link=A)).link == A

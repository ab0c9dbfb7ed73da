"""Entries of one document: what is shared tells none of them."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.entries import listed, says_the_same
from bot.model.news import Entry

A = Entry(guid="1", link="https://post.example/a", title="Crane falls", summary="x" * 90)
B = Entry(guid="2", link="https://post.example/b", title="Nurses strike", summary="y" * 90)


def keys(*entries):
    return [item.own for item in listed(entries, feed_id="f")]


def test_a_guid_that_tells_is_the_surest_key():
    assert keys(A, B) == [("guid", "f\n1"), ("guid", "f\n2")]
    assert [item.link for item in listed([A, B], feed_id="f")] == [
        "https://post.example/a",
        "https://post.example/b",
    ]


def test_what_entries_share_tells_none_of_them():
    front = [Entry(link="https://post.example/", title=t) for t in ("One", "Two", "Three")]
    assert len(set(keys(*front))) == 3
    assert {item.link for item in listed(front, feed_id="f")} == {""}
    page = [
        Entry(link="https://post.example/log#v1", title="v1"),
        Entry(link="https://post.example/log#v2", title="v2"),
    ]
    assert len(set(keys(*page))) == 2
    same = [Entry(guid="g", link=f"https://post.example/{n}", title=f"T{n}") for n in "ab"]
    assert len(set(keys(*same))) == 2
    assert all(kind == "hash" for kind, _ in keys(*same))


def test_entries_of_one_time_without_a_title_are_told_apart_by_their_text():
    at = datetime(2031, 3, 1, tzinfo=UTC)
    notes = [Entry(link="https://post.example/", published=at, summary=text) for text in ("One", "Two")]
    assert len(set(keys(*notes))) == 2
    assert len(set(keys(*notes, notes[0]))) == 2


def test_an_entry_that_is_listed_twice_is_one():
    assert len(set(keys(A, A))) == 1


def test_keys_stay_the_same_whatever_else_the_feed_lists_meanwhile():
    dated = Entry(link="https://post.example/", title="One", published=datetime(2031, 3, 1, tzinfo=UTC))
    assert keys(dated) == keys(dated, A, B)[:1]


def test_an_edit_shares_words_with_what_it_edits():
    entry = Entry(title="Two dead as crane collapses in Velmar", summary="Two workers were killed.")
    assert says_the_same(entry, title="Crane collapses in Velmar", text="Workers were hurt.")
    assert not says_the_same(entry, title="Nurses in Sunde strike", text="The hospital cancels operations.")


texts = st.text(alphabet="ab #/?.", max_size=6)


@given(st.lists(st.tuples(texts, texts, texts, texts), max_size=8))
def test_entries_with_other_titles_are_never_one(rows):
    entries = [
        Entry(guid=guid, link=link and f"https://post.example/{link}", title=title, summary=text)
        for guid, link, title, text in rows
    ]
    found = listed(entries, feed_id="f")
    for one in found:
        for other in found:
            if one.own == other.own or (one.link and one.link == other.link):
                assert " ".join(one.entry.title.split()) == " ".join(other.entry.title.split())

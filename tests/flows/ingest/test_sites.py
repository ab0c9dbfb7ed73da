"""Whose a text is."""

from __future__ import annotations

from bot.flows.ingest.sites import known_outlets, origin_of
from bot.model.news import Entry, Feed


def test_a_title_behind_an_aggregators_wrapped_link_is_named_by_its_source():
    # Such an address leads to no page, and a bridge or a house's own reader passes the list on.
    entry = Entry(
        guid="1",
        link="https://news.google.com/rss/articles/CBMiAAA?oc=5",
        title="Port of Velmar closes",
        source_name="Harbour Post",
        source_url="https://harbourpost.example",
    )
    feed = Feed(id="fee-1", url="https://bridge.example/feed")
    origin = origin_of(entry, None, feed=feed, title='"velmar"', known=known_outlets({}), bare=True)
    assert (origin.site, origin.outlet) == ("bridge.example", "Harbour Post (bridge.example)")

"""Serve recorded articles as feeds, at a simulated time; no outside address is requested.

articles by site ──published by then?──▶ a JSON Feed a site, with what its reader has not seen
"""

from __future__ import annotations

import html
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.errors import FetchError
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.model.recorded_article import RecordedArticle
from bot.ports import FetchRequest, FetchResult
from bot.urls import host_of

MEDIA_TYPE = "application/feed+json"


class ArchiveFetcher:
    """A ``Fetcher`` whose outside world is a list of recorded articles; ``now`` is the simulated time.

    An ETag counts the articles a reader has seen of a feed, so each is served once.
    """

    def __init__(self, articles: Sequence[RecordedArticle], *, now: Callable[[], datetime]) -> None:
        self._now = now
        by_host: defaultdict[str, list[RecordedArticle]] = defaultdict(list)
        for article in sorted(articles, key=lambda a: (a.listed_at, a.published_at, a.url)):
            by_host[host_of(article.url)].append(article)
        self._by_url = {f"https://{host}/feed.json": listed for host, listed in by_host.items()}

    def feeds(self) -> list[Feed]:
        """Return a feed for each host that an article is from."""
        return [
            Feed(id=derive_id("fee", url), url=url, title=listed[0].source)
            for url, listed in sorted(self._by_url.items())
        ]

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Return what the feed at ``request.url`` lists by now; raises ``FetchError`` for any other address."""
        if request.url not in self._by_url:
            raise FetchError("The archive holds no page of this address", reason="not recorded")
        listed = [a for a in self._by_url[request.url] if a.listed_at <= self._now()]
        seen = int(request.etag or 0)
        if seen >= len(listed):
            return FetchResult(url=request.url, status=304, etag=str(seen))
        items: list[dict[str, str]] = []
        size = 0
        for article in listed[seen:]:
            item = _item(article)
            size += len(json.dumps(item))
            if items and size > request.max_bytes // 2:  # the rest is served at the next poll
                break
            items.append(item)
        body = json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "title": listed[0].source, "items": items}
        )
        return FetchResult(
            url=request.url,
            status=200,
            body=body.encode(),
            content_type=MEDIA_TYPE,
            charset="utf-8",
            etag=str(seen + len(items)),
        )


def _item(article: RecordedArticle) -> dict[str, str]:
    paragraphs = (line.strip() for line in article.text.splitlines())
    return {
        "id": article.url,
        "url": article.url,
        "title": article.title,
        "date_published": article.published_at.isoformat(),
        "content_html": "".join(f"<p>{html.escape(line)}</p>" for line in paragraphs if line),
    }

"""Find the article in a page's JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import lxml.etree
import lxml.html

MAX_SCRIPTS = 20
MAX_SCRIPT_CHARS = 500_000
MAX_NODES = 500
MIN_LISTED_ARTICLES = 4  # articles on a page from which they are a list, where none names the page
MAX_NODE_DEPTH = 6  # levels of nodes within nodes

_SCRIPTS: Any = lxml.etree.XPath("//script[contains(@type, 'ld+json')]")
_ARTICLE = re.compile(r"(?:article|posting|report|review)$", re.IGNORECASE)
_WRAPPED = re.compile(
    r"^\s*(?://\s?)?(?:<!--|<!\[CDATA\[|/\*\s?<!\[CDATA\[\s?\*/)|(?://\s?)?(?:-->|\]\]>|/\*\s?\]\]>\s?\*/)\s*$"
)
# Where a page describes itself; other keys hold other articles: updates, lists, parts.
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage", "article", "blogPost")

Node = dict[str, Any]


def article_of(tree: lxml.html.HtmlElement, *, url: str) -> Node:
    """Return the node of the page's article with the nodes it refers to filled in; empty if there is none.

    Of several the one that names ``url`` is it; of many that do not, none: they are a list.
    """
    nodes: list[Node] = []
    for script in _SCRIPTS(tree)[:MAX_SCRIPTS]:
        text = _WRAPPED.sub("", (script.text_content() or "")[:MAX_SCRIPT_CHARS])
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        nodes += _nodes(data, depth=0)
    nodes = nodes[:MAX_NODES]
    known = {
        str(node["@id"]): node
        for node in reversed(nodes)
        if len(node) > 1 and isinstance(node.get("@id"), str)
    }
    articles = [node for node in nodes if _is_article(node)]
    own = [node for node in articles if _comparable(url) and _comparable(url) in set(_addresses(node))]
    if len(articles) >= MIN_LISTED_ARTICLES and not own:
        return {}
    dated = [node for node in own or articles if node.get("datePublished")]
    article = next(iter((*dated, *(own or articles))), {})
    return {key: _resolved(value, known) for key, value in article.items()}


def _nodes(data: Any, *, depth: int) -> Iterator[Node]:
    for node in data if isinstance(data, list) else [data]:
        if isinstance(node, dict):
            yield node
            if depth < MAX_NODE_DEPTH:
                for key in _WITHIN:
                    yield from _nodes(node.get(key), depth=depth + 1)


def _is_article(node: Node) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(k, str) and _ARTICLE.search(k) for k in (kinds if isinstance(kinds, list) else [kinds])
    )


def _addresses(node: Node) -> Iterator[str]:
    for value in (node.get("url"), node.get("@id"), node.get("mainEntityOfPage")):
        address = value.get("@id") if isinstance(value, dict) else value
        if isinstance(address, str):
            yield _comparable(address)


def _comparable(address: str) -> str:
    """Return ``address`` without what two forms of one differ in: scheme, ``www.``, query, fragment, last slash."""
    plain = address.partition("#")[0].partition("?")[0].partition("://")[2]
    return plain.removeprefix("www.").rstrip("/").lower()


def _resolved(value: Any, known: dict[str, Node]) -> Any:
    if isinstance(value, list):
        return [_resolved(one, known) for one in value[:MAX_NODES]]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and not value.get("name"):
        return known.get(value["@id"], value)
    return value

"""Stored links without what opens a private feed: earlier releases kept them as the feed wrote them."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlunsplit

import sqlalchemy as sa
from alembic import op

from bot.language.cleaning.public import MASK, is_token, secrets_in
from bot.urls import host_of, split

revision = "0019"
down_revision = "0017"

PORTION = 500
PATTERNS = 50  # looked for in one statement
SHORTEST_KEY = 8  # characters of a parameter of a feed's address from which it may be a key
# What has to keep the address as it is, or is no text of ours.
KEPT = {
    "feed": {"url", "moved_to"},
    "feed_health": {"etag", "last_modified", "body_hash", "answered_by", "redirect"},
    "article_key": {"value"},
    "passage": {"stems"},
}
KEPT_TABLES = {"installation", "alembic_version", "passage_stem"}
_ADDRESS = re.compile(r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s\"'<>`]+")


def upgrade() -> None:
    connection = op.get_bind()
    feeds = _addresses(connection)
    for feed_id, own in feeds.items():
        if any(map(_values, own)) or any(map(secrets_in, own)):
            _clean_articles(connection, feed_id, own)
    _clean_credentials(connection)
    secrets = _secrets(address for own in feeds.values() for address in own)
    if secrets:
        for table, primary, columns in _texts(connection):
            _clean_table(connection, table, primary, columns, secrets)


def _addresses(connection: sa.Connection) -> dict[str, tuple[str, ...]]:
    rows = connection.execute(sa.text("SELECT id, url, moved_to FROM feed"))
    return {row.id: tuple(filter(None, (row.url, row.moved_to))) for row in rows}


def _values(address: str) -> frozenset[str]:
    """Return the values of a feed's own parameters that could be keys."""
    parts = split(address)
    return frozenset(v for _, v in parse_qsl(parts.query) if len(v) >= SHORTEST_KEY) if parts else frozenset()


def _secrets(addresses: Iterable[str]) -> dict[str, str]:
    """Return what opens a feed, each with the host at which it is one: any for a token, which nobody writes by chance."""
    found = {}
    for address in addresses:
        for secret in secrets_in(address):
            found[secret] = "" if is_token(secret) else host_of(address)
    return found


def _clean_articles(connection: sa.Connection, feed_id: str, own: tuple[str, ...]) -> None:
    """Write the addresses and identities of a feed's articles as they are written today: what is read again is known."""
    article = sa.table("article", *map(sa.column, ("id", "revision", "url", "feed_id")))
    ours = article.c.feed_id == feed_id
    rows = connection.execute(sa.select(article.c.id, article.c.revision, article.c.url).where(ours)).all()
    for row in rows:
        if (link := _of_feed(row.url, own)) != row.url:
            here = (article.c.id == row.id, article.c.revision == row.revision)
            connection.execute(sa.update(article).where(*here).values(url=link))
    names = ("kind", "value", "workspace", "channel", "article_id")
    key = sa.table("article_key", *map(sa.column, names))
    ids = sorted({row.id for row in rows})
    for start in range(0, len(ids), PORTION):
        some = key.c.article_id.in_(ids[start : start + PORTION])
        for row in connection.execute(sa.select(*key.c).where(some)).all():
            _clean_key(connection, key, row, _known_as(row.kind, row.value, own))


def _of_feed(url: str, own: tuple[str, ...]) -> str:
    """Return ``url`` as the feed at the addresses ``own`` may show it."""
    values = {value for address in own for value in _values(address)}
    secrets = {secret for address in own for secret in secrets_in(address)}
    if url and any(_same_page(url, address) for address in own):
        return ""
    return _link(url, secrets, values=values)


def _same_page(url: str, feed: str) -> bool:
    one, other = split(url), split(feed)
    return bool(one and other and one._replace(fragment="") == other._replace(fragment=""))


def _known_as(kind: str, value: str, own: tuple[str, ...]) -> str:
    if kind == "link":
        return _of_feed(value, own)
    if kind == "guid":
        feed_id, line, guid = value.partition("\n")
        cleaned = _of_feed(guid, own) if "://" in guid else ""
        secrets = {secret for address in own for secret in secrets_in(address)}
        return f"{feed_id}{line}{cleaned or _masked(guid, secrets)}"
    return value


def _clean_key(connection: sa.Connection, key: sa.TableClause, row: Any, value: str) -> None:
    if value == row.value:
        return
    here = (key.c.kind == row.kind, key.c.workspace == row.workspace, key.c.channel == row.channel)
    taken = connection.execute(sa.select(key.c.value).where(*here, key.c.value == value)).first()
    if not value or taken:
        connection.execute(sa.delete(key).where(*here, key.c.value == row.value))
    else:
        connection.execute(sa.update(key).where(*here, key.c.value == row.value).values(value=value))


def _clean_credentials(connection: sa.Connection) -> None:
    """Leave user names and passwords out of every article's address, whoever wrote it."""
    article = sa.table("article", *map(sa.column, ("id", "revision", "url")))
    rows = connection.execute(sa.select(*article.c).where(article.c.url.contains("@"))).all()
    for row in rows:
        parts = split(row.url)
        if parts and "@" in parts.netloc:
            here = (article.c.id == row.id, article.c.revision == row.revision)
            connection.execute(
                sa.update(article)
                .where(*here)
                .values(url=urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])))
            )


def _texts(connection: sa.Connection) -> Iterator[tuple[sa.TableClause, list[str], list[str]]]:
    """Yield every table of ours with its key and its columns of text and of JSON, which may quote an address."""
    inspector = sa.inspect(connection)
    for name in sorted(inspector.get_table_names()):
        if name in KEPT_TABLES or name.startswith("passage_text"):
            continue
        primary = inspector.get_pk_constraint(name)["constrained_columns"]
        kinds = {column["name"]: column["type"] for column in inspector.get_columns(name)}
        columns = [
            column
            for column, kind in kinds.items()
            if isinstance(kind, sa.JSON | sa.Text)
            and column not in primary
            and column not in KEPT.get(name, ())
        ]
        if primary and columns:
            typed = [sa.column(c, sa.JSON() if isinstance(kind, sa.JSON) else None) for c, kind in kinds.items()]
            yield sa.table(name, *typed), primary, columns


def _clean_table(
    connection: sa.Connection,
    table: sa.TableClause,
    primary: list[str],
    columns: list[str],
    secrets: Mapping[str, str],
) -> None:
    spellings = sorted({spelling for secret in secrets for spelling in (secret, quote(secret, safe=""))})
    for name in columns:
        column, raw = table.c[name], sa.cast(table.c[name], sa.Text)
        document = isinstance(column.type, sa.JSON)
        for start in range(0, len(spellings), PATTERNS):
            some = spellings[start : start + PATTERNS]
            held = sa.or_(*(raw.contains(spelling, autoescape=True) for spelling in some))
            rows = connection.execute(sa.select(*(table.c[p] for p in primary), raw).where(held)).all()
            for row in rows:
                here = [table.c[p] == value for p, value in zip(primary, row[:-1], strict=True)]
                value = _cleaned(json.loads(row[-1]) if document else row[-1], secrets)
                connection.execute(sa.update(table).where(*here).values({name: value}))
                if (table.name, name) in {("sentence", "text"), ("article", "title")}:
                    _index_again(connection, row[0])


def _index_again(connection: sa.Connection, article_id: str) -> None:
    """Let an article whose text changed be cut into passages anew."""
    backlog = sa.table("passage_backlog", *map(sa.column, ("article_id", "published_at")))
    passage = sa.table("passage", *map(sa.column, ("article_id", "published_at")))
    ours = passage.c.article_id == article_id
    at = connection.execute(sa.select(sa.func.max(passage.c.published_at)).where(ours)).scalar()
    if at is None:
        return
    connection.execute(sa.delete(passage).where(ours))
    connection.execute(sa.delete(backlog).where(backlog.c.article_id == article_id))
    connection.execute(sa.insert(backlog).values(article_id=article_id, published_at=at))


def _cleaned(value: object, secrets: Mapping[str, str]) -> object:
    """Return ``value``, a text or what JSON holds, without ``secrets`` in its addresses and tokens anywhere."""
    if isinstance(value, dict):
        return {name: _cleaned(one, secrets) for name, one in value.items()}
    if isinstance(value, list):
        return [_cleaned(one, secrets) for one in value]
    if not isinstance(value, str):
        return value
    if _ADDRESS.fullmatch(value):
        return _link(value, _at(value, secrets))
    value = _ADDRESS.sub(lambda found: _masked(found[0], _at(found[0], secrets)), value)
    return _masked(value, [secret for secret, host in secrets.items() if not host])


def _at(address: str, secrets: Mapping[str, str]) -> list[str]:
    return [secret for secret, host in secrets.items() if host in {"", host_of(address)}]


def _masked(text: str, secrets: Iterable[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK).replace(quote(secret, safe=""), MASK)
    return text


def _link(url: str, secrets: Iterable[str], *, values: Collection[str] = ()) -> str:
    """Return ``url`` without ``secrets`` and the parameters with ``values``; empty where its host or path holds a secret."""
    parts = split(url)
    if parts is None:
        return _masked(url, secrets)
    if any(secret in piece for secret in secrets for piece in (parts.hostname or "", unquote(parts.path))):
        return ""

    def opens(text: str) -> bool:
        return text in values or any(secret in text for secret in secrets)

    query = parts.query
    if any(opens(value) for _, value in parse_qsl(query)):
        query = urlencode([(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if not opens(v)])
    fragment = "" if opens(unquote(parts.fragment)) else parts.fragment
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query, fragment=fragment))

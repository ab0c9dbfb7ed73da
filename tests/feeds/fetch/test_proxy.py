"""Reading through a proxy: it is given vetted addresses and never a name, and no trick reaches what is refused directly."""

from __future__ import annotations

import asyncio
import socket
from contextlib import AsyncExitStack

import pytest
from pydantic import SecretStr

from bot.config import Config, Fetch, load_config
from bot.errors import BlockedAddress, ConfigError, FetchError
from bot.feeds.fetch.allow_list import AllowList
from bot.feeds.fetch.fetch import HttpFetcher
from bot.feeds.fetch.proxy import at_address, read_proxy
from bot.log import mask
from bot.ports import FetchRequest
from tests.servers.certificates import Authority
from tests.servers.news import NewsServer
from tests.servers.proxy import HttpProxy

pytestmark = pytest.mark.slow
PUBLIC = "93.184.216.34"


class Names:
    """A name server that answers each question with the next of its scripted answers, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), []

    async def resolve(self, host, port=0, family=socket.AF_INET):
        answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append(host)
        if not answer:
            raise OSError("no such name")
        family = socket.AF_INET
        return [
            {"hostname": host, "host": a, "port": port, "family": family, "proto": 0, "flags": 0}
            for a in answer
        ]

    async def close(self):
        return


@pytest.fixture
async def behind():
    """Yield a function that makes a server, a proxy before it and a fetcher behind it."""
    async with AsyncExitStack() as stack:

        async def make(*answers, tls=None, trust=None, user="", given="", allow=(), **proxy):
            server = await stack.enter_async_context(NewsServer(tls=tls))
            between = await stack.enter_async_context(HttpProxy(upstream=server.port, user=user, **proxy))
            at = read_proxy(f"http://{given or user}{'@' if given or user else ''}127.0.0.1:{between.port}")
            names = Names(*(answers or ([PUBLIC],)))
            fetcher = await stack.enter_async_context(
                HttpFetcher(user_agent="x", allow=AllowList.parse(allow), resolver=names, proxy=at, tls=trust)
            )
            return server, between, fetcher

        yield make


async def test_a_page_is_asked_for_at_its_vetted_address_and_by_its_name(behind):
    server, proxy, fetcher = await behind()
    server.page("/feed", b"news", Content_Type="application/rss+xml", ETag='"1"')
    answer = await fetcher.fetch(FetchRequest(url="http://news.example/feed?x=1", etag='"0"'))
    assert (answer.body, answer.url, answer.etag) == (b"news", "http://news.example/feed?x=1", '"1"')
    ((method, target, headers),) = proxy.asked
    assert (method, target, headers["host"]) == ("GET", f"http://{PUBLIC}/feed?x=1", "news.example")
    assert server.requests[0].headers["Host"] == "news.example"


async def test_a_safe_page_is_tunnelled_to_its_vetted_address_under_its_own_name(behind, tmp_path):
    authority = Authority(tmp_path)
    server, proxy, fetcher = await behind(tls=authority.serve("news.example"), trust=authority.trust())
    server.page("/feed", b"news", Content_Type="application/rss+xml")
    assert (await fetcher.fetch(FetchRequest(url="https://news.example/feed"))).body == b"news"
    assert [(method, target) for method, target, _ in proxy.asked] == [("CONNECT", f"{PUBLIC}:443")]
    assert server.requests[0].headers["Host"] == "news.example"
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(url="https://other.example/feed"))
    assert caught.value.reason == "tls"


@pytest.mark.parametrize(
    "answer", [["127.0.0.1"], ["10.0.0.1", "169.254.169.254"], ["::1"], ["64:ff9b::7f00:1"], []]
)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_name_that_leads_inside_is_never_told_to_the_proxy(behind, answer, scheme):
    _, proxy, fetcher = await behind(answer)
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(url=f"{scheme}://inside.example/feed"))
    assert caught.value.reason == "dns"
    assert proxy.asked == []


async def test_of_several_addresses_a_public_one_is_taken_and_a_name_that_turns_wins_nothing(behind):
    server, proxy, fetcher = await behind(["10.0.0.1", "2606:2800:220:1::1", PUBLIC], ["127.0.0.1"])
    server.page("/feed", b"news")
    await fetcher.fetch(FetchRequest(url="http://news.example/feed"))
    with pytest.raises(FetchError):
        await fetcher.fetch(FetchRequest(url="http://news.example/feed"))
    assert [target for _, target, _ in proxy.asked] == [f"http://{PUBLIC}/feed"]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://10.0.0.1:3128/",
        "http://localhost/",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "http://[",
    ],
)
async def test_no_redirect_leads_inside_through_the_proxy(behind, target):
    server, proxy, fetcher = await behind()
    server.page("/old", status=302, Location=target)
    with pytest.raises(FetchError):
        await fetcher.fetch(FetchRequest(url="http://news.example/old"))
    assert len(proxy.asked) == 1


async def test_a_redirect_to_another_site_is_vetted_and_goes_through_the_proxy_too(behind):
    server, proxy, fetcher = await behind([PUBLIC], ["198.35.26.96"])
    server.page("/old", status=301, Location="http://other.example/new")
    server.page("/new", b"news")
    answer = await fetcher.fetch(FetchRequest(url="http://news.example/old"))
    assert (answer.body, answer.moved_to) == (b"news", "http://other.example/new")
    assert [target for _, target, _ in proxy.asked] == [f"http://{PUBLIC}/old", "http://198.35.26.96/new"]


async def test_only_a_feed_of_the_operators_is_read_at_its_own_port_and_no_redirect_leads_there(behind):
    server, proxy, fetcher = await behind()
    server.page("/feed", b"news")
    server.page("/on", status=302, Location="http://news.example:8443/feed")
    server.page("/web", status=301, Location="http://news.example:8080/feed")
    url = "http://news.example:8080/feed"
    assert (await fetcher.fetch(FetchRequest(url=url, operator=True))).body == b"news"
    assert proxy.asked[0][1] == f"http://{PUBLIC}:8080/feed"
    for refused in (
        FetchRequest(url=url),
        FetchRequest(url="http://news.example:8080/on", operator=True),
        FetchRequest(url="http://news.example/web", operator=True),
    ):
        with pytest.raises(BlockedAddress):
            await fetcher.fetch(refused)


async def test_the_proxys_own_address_is_read_by_nobody(behind):
    _, proxy, fetcher = await behind()
    for url in (f"http://127.0.0.1:{proxy.port}/", "http://127.0.0.1/"):
        with pytest.raises(BlockedAddress):
            await fetcher.fetch(FetchRequest(url=url))
    assert proxy.asked == []


async def test_a_private_host_that_is_allowed_is_read_directly(behind):
    async with NewsServer() as inside:
        inside.page("/feed", b"ours")
        _, proxy, fetcher = await behind(allow=(f"127.0.0.1:{inside.port}",))
        assert (await fetcher.fetch(FetchRequest(url=inside.url("/feed")))).body == b"ours"
        assert proxy.asked == []


async def test_user_and_password_are_given_to_the_proxy_alone(behind, tmp_path):
    authority = Authority(tmp_path)
    for tls, trust, scheme in (
        (None, None, "http"),
        (authority.serve("news.example"), authority.trust(), "https"),
    ):
        server, proxy, fetcher = await behind(tls=tls, trust=trust, user="ann:canary")
        server.page("/feed", b"news")
        assert (await fetcher.fetch(FetchRequest(url=f"{scheme}://news.example/feed"))).body == b"news"
        assert proxy.asked[0][2]["proxy-authorization"]
        if scheme == "https":
            assert "Proxy-Authorization" not in server.requests[0].headers


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "made",
    [
        {"user": "ann:right", "given": "ann:wrong"},
        {"user": "ann:right", "given": "x:"},
        {"status": "403 Forbidden"},
        {"status": "502 Bad Gateway"},
        {"garbage": b"\x15\x03\x01\x00\x02\x02\x28" * 9},
        {"garbage": b"SSH-2.0-OpenSSH_9.6\r\n"},
        {"garbage": b"HTTP/1.1 200 OK\r\n\r\n"},
    ],
)
async def test_a_proxy_that_is_wrong_or_refuses_is_one_sentence_without_a_secret(behind, made, scheme):
    _, _, fetcher = await behind(**made)
    request = FetchRequest(url=f"{scheme}://news.example/feed", max_bytes=1000, deadline=60)
    if made.get("garbage", b"").startswith(b"HTTP") and scheme == "http":
        assert (await fetcher.fetch(request)).body == b""  # an empty page, for all that can be known
        return
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(request)
    said = f"{caught.value} {caught.value.hint}"
    assert "wrong" not in said
    assert "127.0.0.1" not in said
    if "user" in made:
        assert (caught.value.reason, caught.value.status) == ("proxy", 407)


async def test_a_proxy_that_is_down_is_named(behind, unused_tcp_port):
    at = read_proxy(f"http://ann:canary@127.0.0.1:{unused_tcp_port}")
    async with HttpFetcher(user_agent="x", allow=AllowList(), resolver=Names([PUBLIC]), proxy=at) as fetcher:
        for scheme in ("http", "https"):
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch(FetchRequest(url=f"{scheme}://news.example/"))
            assert (caught.value.reason, caught.value.message) == ("proxy", "The proxy cannot be reached")


@pytest.mark.parametrize(
    "text",
    [
        "proxy.corp:3128",
        "socks5://proxy.corp",
        "https://proxy.corp",
        "http://",
        "http://[",
        "http://a/b",
        "http://a:99999",
        "http://a?b",
    ],
)
def test_what_is_no_proxy_is_refused_in_words_that_quote_nothing(text):
    with pytest.raises(ConfigError) as caught:
        read_proxy(text)
    assert text not in str(caught.value).replace("http://proxy.corp:3128", "")


def test_the_proxys_password_is_a_secret(tmp_path):
    config = Config(fetch=Fetch(proxy=SecretStr("http://ann:c4n4ry-pass@proxy.corp:3128")))
    assert "c4n4ry" not in repr(config)
    said = mask("connecting to http://ann:c4n4ry-pass@proxy.corp:3128 with ann:c4n4ry-pass", config.secrets)
    assert "c4n4ry" not in str(said)
    assert (
        load_config(None, environ={"WIREBRIEF_FETCH_PROXY": "http://p.corp:1"}).fetch.proxy.get_secret_value()
        == "http://p.corp:1"
    )


@pytest.mark.parametrize(
    ("url", "address", "at"),
    [
        ("http://a.example/x?y", "1.2.3.4", ("http://1.2.3.4/x?y", "a.example")),
        ("https://a.example:8443/", "2606::1", ("https://[2606::1]:8443/", "a.example:8443")),
        ("http://[2606::2]/", "2606::2", ("http://[2606::2]/", "[2606::2]")),
    ],
)
def test_an_address_takes_the_place_of_the_host(url, address, at):
    assert at_address(url, address) == at


async def test_waiting_for_the_proxy_ends_with_the_deadline():
    async def silent(reader, writer):
        await reader.read()  # until who asked hangs up
        writer.close()
        await writer.wait_closed()

    listener = await asyncio.start_server(silent, "127.0.0.1", 0)
    at = read_proxy(f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}")
    async with (
        listener,
        HttpFetcher(user_agent="x", allow=AllowList(), resolver=Names([PUBLIC]), proxy=at) as fetcher,
    ):
        for scheme in ("http", "https"):
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch(FetchRequest(url=f"{scheme}://news.example/", deadline=0.3))
            assert caught.value.reason == "timeout"
        listener.close()

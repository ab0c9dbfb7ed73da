"""No connection is ever begun to an address that is not public: not by its text, by a name, by a redirect."""

from __future__ import annotations

import asyncio
import itertools
import random
import socket
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest

from bot.errors import FetchError
from bot.feeds.fetch.allow_list import AllowList
from bot.feeds.fetch.fetch import HttpFetcher
from bot.feeds.fetch.guard import ConnectGuard, check_url, connecting_to
from bot.ports import FetchRequest
from tests.feeds.fetch.registries import BLOCKS, IPV4, IPV6, NEIGHBOURS, PUBLIC, sample
from tests.servers.certificates import Authority
from tests.servers.news import NewsServer
from tests.support.sizes import sized

pytestmark = pytest.mark.slow


@pytest.fixture
def connects(monkeypatch):
    """Return the addresses to which any socket of this process began to connect."""
    found: list[tuple] = []
    # An audit hook would stay for good, and be called for whatever the tests of this process do afterwards.
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _noting(getattr(socket.socket, name), found))
    return found


def _noting(connect, found):
    def noted(self, address):
        found.append(address)
        return connect(self, address)

    return noted


class Names:
    """A name server that answers from a script: the addresses of the next answer, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(self, host, port=0, family=0):
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [
            {"hostname": host, "host": a, "port": port, "family": kind(a), "proto": 0, "flags": 0}
            for a in answer
        ]

    async def close(self):
        pass


class OwnNames(Names):
    """Answers a name ``n123.example`` with the 123rd of its addresses."""

    async def resolve(self, host, port=0, family=0):
        address = self.answers[0][int(host.partition(".")[0][1:])]
        return [
            {"hostname": host, "host": address, "port": port, "family": kind(address), "proto": 0, "flags": 0}
        ]


def kind(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def open_fetcher(allow: AllowList | None = None, **more) -> HttpFetcher:
    return HttpFetcher(user_agent="x", allow=allow or AllowList(), concurrency=64, **more)


async def refusal(fetcher: HttpFetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(FetchRequest(url=url, deadline=60))
    return caught.value


def literal(address: IPv4Address | IPv6Address) -> str:
    return f"[{address}]" if address.version == 6 else str(address)


async def test_no_special_address_is_reached_by_its_own_text(connects):
    reasons = set()
    async with open_fetcher() as fetcher:
        for address in (a for block in BLOCKS for a in sample(block, sized(8, 100))):
            reasons.add((await refusal(fetcher, f"http://{literal(address)}/")).reason)
    assert reasons == {"blocked"}
    assert connects == []


async def test_no_special_address_is_reached_through_a_name(connects):
    # NAT64 stands and falls with the address inside it: networks without IPv4 reach the public web through it.
    blocks = [block for block in (*IPV4, *IPV6, *NEIGHBOURS) if block != "64:ff9b::/96"]
    between = sized(8, 100)
    addresses = [str(a) for block in blocks for a in sample(block, between)]
    addresses += [
        str(IPv6Address((0x64FF9B << 96) | int(a))) for block in IPV4 for a in sample(block, between)
    ]
    async with open_fetcher(resolver=OwnNames(addresses)) as fetcher:
        errors = await asyncio.gather(
            *(refusal(fetcher, f"http://n{i}.example/") for i in range(len(addresses)))
        )
    assert {error.reason for error in errors} == {"dns"}
    assert connects == []


@pytest.mark.parametrize("address", PUBLIC)
def test_every_public_address_passes_both_checks(address):
    url = f"https://[{address}]/" if ":" in address else f"https://{address}/"
    assert check_url(url, allow=AllowList()) == url
    row = (kind(address), socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, 443))
    with connecting_to("news.example"), ConnectGuard(allow=AllowList()).socket(row) as made:
        assert made.fileno() > 0


def forms(address: str) -> list[str]:
    """Return every way known to us to write an IPv4 address as the host of a link."""
    a, b, c, d = (int(part) for part in address.split("."))
    number = int(IPv4Address(address))
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    hosts = [
        address, f"{address}.", f"{a}.{b}.{c * 256 + d}", f"{a}.{b * 65536 + c * 256 + d}", str(number), f"{number}.",
        hex(number), hex(number).upper(), f"{number:#o}", f"0{number:o}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"000{a:o}.{b}.{c}.{d}", f"{a:#x}.{b:#x}.{c:#x}.{d:#x}", f"{a:#x}.{b}.{c * 256 + d}", f"{a:03}.{b:03}.{c:03}.{d:03}",
        f"{number + 2**32}", f"{a + 256}.{b}.{c}.{d}", address.translate(wide), address.replace(".", "。"),
        address.replace(".", "．"), address.replace(".", "｡"), address.replace(".", "%2e"),
        "".join(f"%{byte:02x}" for byte in address.encode()), f"[::ffff:{address}]", f"[::ffff:{number >> 16:x}:{number & 65535:x}]",
        f"[::{address}]", f"[::ffff:0:{address}]", f"[64:ff9b::{address}]", f"[64:ff9b:1::{address}]",
        f"[2002:{number >> 16:x}:{number & 65535:x}::1]", f"[2001:0:{number >> 16:x}:{number & 65535:x}::1]",
        f"[2001::{~number >> 16 & 65535:x}:{~number & 65535:x}]", f"[2a00::5efe:{address}]", f"[fe80::200:5efe:{address}]",
        f"[0:0:0:0:0:ffff:{address}]", f"[::FFFF:{address}]", f"[::ffff:{address}%25lo]", f"[::ffff:{address}%lo]", "[::1]", "[::]",
        "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::1%25lo]", "[fe80::1%25eth0]", "[v1.fe80::1]", f"[{address}]",
        f"news.example@{address}", f"user:password@{address}", f"news.example%40{address}", f"news.example\\@{address}",
        f"{address}\\@news.example", f"{address}#@news.example", f"{address}?@news.example", f"{address}%00.news.example",
        f"{address}\t", f"{address[:3]}\n{address[3:]}", f"\u200b{address}", f"{address}\u00ad", f"{'⓪①②③④⑤⑥⑦⑧⑨'[int(address[0])]}{address[1:]}",
        "localhost", "LOCALHOST.", "ⓛocalhost", "localhost.localdomain.localhost", "0", "0x0", "00", "[::ffff:0:0]",
    ]  # fmt: skip
    return [
        f"{scheme}{host}{end}"
        for host in hosts
        for scheme in ("http://", "HTTPS://")
        for end in ("/", ":80/x", "")
    ]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "172.16.5.4"])
async def test_no_way_of_writing_reaches_a_private_address(connects, address):
    async with open_fetcher(resolver=Names([address])) as fetcher:
        for url in forms(address):
            error = await refusal(fetcher, url)
            assert error.reason in {"blocked", "bad_url", "dns"}, url
            assert address not in str(error)
    assert connects == []


def forms_of_6(address: IPv6Address) -> list[str]:
    """Return every way known to us to write an IPv6 address as the host of a link."""
    groups = address.exploded.split(":")
    plain = ":".join(group.lstrip("0") or "0" for group in groups)
    dotted = f"{':'.join(groups[:6])}:{IPv4Address(int(address) & 0xFFFF_FFFF)}"
    texts = (
        address.compressed,
        address.exploded,
        plain,
        dotted,
        address.exploded.upper(),
        f"{plain}%25lo",
        f"{plain}%lo",
    )
    return [f"{scheme}[{text}]{end}" for text in texts for scheme in ("http://", "https://") for end in ("/", ":80/x")]  # fmt: skip


@pytest.mark.parametrize("block", [b for b in BLOCKS if "." in b])
async def test_no_way_of_writing_reaches_the_ends_of_a_special_block_of_ipv4(connects, block):
    ends = {ip_network(block)[0], ip_network(block)[-1]}
    for address in map(str, ends):
        async with open_fetcher(resolver=Names([address])) as fetcher:
            for url in forms(address):
                assert (await refusal(fetcher, url)).reason in {"blocked", "bad_url", "dns"}, url
    assert connects == []


@pytest.mark.parametrize("block", [b for b in BLOCKS if ":" in b])
async def test_no_way_of_writing_reaches_the_ends_of_a_special_block_of_ipv6(connects, block):
    ends = {ip_network(block)[0], ip_network(block)[-1]}
    async with open_fetcher(resolver=Names(["::1"])) as fetcher:
        for url in itertools.chain.from_iterable(map(forms_of_6, ends)):
            assert (await refusal(fetcher, url)).reason in {"blocked", "bad_url"}, url
    assert connects == []


@pytest.mark.parametrize("code", [*range(300, 400), 201, 404, 503])
async def test_no_redirect_of_any_code_leaves_the_public_web(connects, code):
    async with NewsServer() as server, NewsServer(host="127.0.0.2") as secret:
        secret.page("/", b"secret")
        targets = [secret.url("/"), "//127.0.0.2/", "http://[::1]/", "http://2130706433/", "file:///etc/passwd",
                   "gopher://127.0.0.1/", "http://user:pw@127.0.0.2/", "http://localhost/", "http://169.254.169.254/",
                   "http://inner.example/", "https://inner.example/"]  # fmt: skip
        for number, target in enumerate(targets):
            server.page(f"/{number}", b"", status=code, Location=target, Refresh=f"0; url={target}")
        allow = AllowList.parse([f"127.0.0.1:{server.port}"])
        async with open_fetcher(allow, resolver=Names(["127.0.0.2"])) as fetcher:
            for number in range(len(targets)):
                await refusal(fetcher, server.url(f"/{number}"))
        assert secret.requests == []
        assert set(connects) <= {("127.0.0.1", server.port)}


async def test_names_that_change_or_mix_their_answers_reach_only_what_is_allowed(connects):
    """Both checks stand alone: here the text may name any host, so only the check of the connect protects."""
    chance = random.Random(7)
    async with NewsServer() as public, NewsServer(host="127.0.0.2", port=public.port) as secret:
        public.page("/", b"news")
        secret.page("/", b"secret")
        allow = AllowList.parse([f"127.0.0.1:{public.port}"])
        scripts = [
            [["127.0.0.1"], ["127.0.0.2"]],
            [["127.0.0.2", "127.0.0.1"]],
            [["127.0.0.1", "127.0.0.2"]],
            [["127.0.0.2"]],
        ]
        answers = (
            ["127.0.0.1"],
            ["127.0.0.2"],
            ["127.0.0.2", "127.0.0.1"],
            ["127.0.0.1", "127.0.0.2", "::1"],
        )
        scripts += [[chance.choice(answers) for _ in range(6)] for _ in range(60)]
        read = 0
        for script in scripts:
            async with open_fetcher(allow, resolver=Names(*script)) as fetcher:
                fetcher._session.connector._use_dns_cache = False
                fetcher._allow = AllowList.parse([f"news.example:{public.port}"])
                for _ in range(len(script)):
                    try:
                        result = await fetcher.fetch(FetchRequest(url=f"http://news.example:{public.port}/"))
                    except FetchError as error:
                        assert error.reason == "dns"
                    else:
                        assert result.body == b"news"
                        read += 1
        assert secret.requests == []
        assert set(connects) == {("127.0.0.1", public.port)}
        assert read > 60


async def test_a_refused_name_and_one_that_does_not_exist_are_told_alike():
    class Nowhere(Names):
        async def resolve(self, host, port=0, family=0):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async with (
        open_fetcher(resolver=Nowhere()) as none,
        open_fetcher(resolver=Names(["10.0.0.7"])) as inside,
    ):
        missing = await refusal(none, "https://git.corporation.example/")
        refused = await refusal(inside, "https://git.corporation.example/")
    assert (type(missing), str(missing), missing.reason) == (type(refused), str(refused), refused.reason)


async def test_an_allowed_name_never_leads_to_metadata_in_any_form(connects):
    inner = IPv4Address("169.254.169.254")
    number = int(inner)
    carried = [f"::ffff:{inner}", f"::{inner}", f"64:ff9b::{inner}", f"64:ff9b:1::{inner}", f"::ffff:0:{inner}",
               f"2002:{number >> 16:x}:{number & 65535:x}::", "2001::1", f"fd00::5efe:{inner}", f"fe80::5efe:{inner}"]  # fmt: skip
    allow = AllowList.parse(["feeds.corp"])
    for address in (str(inner), "100.100.100.200", "fd00:ec2::254", "fd00:c1::a9fe:a9fe", *carried):
        async with open_fetcher(allow, resolver=Names([address])) as fetcher:
            assert (await refusal(fetcher, "http://feeds.corp/")).reason == "dns"
    assert connects == []


async def test_the_environments_proxy_is_not_used(connects, monkeypatch):
    async with NewsServer() as server, NewsServer() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(""))
        server.page("/", b"news")
        async with open_fetcher(AllowList.parse([f"127.0.0.1:{server.port}"])) as fetcher:
            assert (await fetcher.fetch(FetchRequest(url=server.url("/")))).body == b"news"
        assert proxy.requests == []


async def test_nothing_of_ours_goes_along_over_redirects():
    async with NewsServer() as one, NewsServer() as other:
        one.page("/", status=302, Location=other.url("/"), Set_Cookie="id=1", WWW_Authenticate="Basic")
        other.page("/", b"news")
        allow = AllowList.parse([f"127.0.0.1:{one.port}", f"127.0.0.1:{other.port}"])
        async with open_fetcher(allow) as fetcher:
            await fetcher.fetch(FetchRequest(url=one.url("/?token=canary")))
        sent = {name.lower() for name in other.requests[0].headers}
    assert sent == {"host", "user-agent", "accept", "accept-encoding"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize(
    ("served", "days", "trusted"),
    [("127.0.0.1", 5, False), ("127.0.0.1", -1, True), ("other.example", 5, True)],
    ids=["an unknown authority", "run out", "another name"],
)
async def test_an_invalid_certificate_ends_the_exchange(authority, served, days, trusted):
    async with NewsServer(tls=authority.serve(served, days=days)) as server:
        server.page("/", b"news")
        tls = authority.trust() if trusted else None
        async with open_fetcher(AllowList.parse([f"127.0.0.1:{server.port}"]), tls=tls) as fetcher:
            error = await refusal(fetcher, server.url("/"))
        assert (error.reason, error.message) == ("tls", "The server's certificate is not valid")
        assert server.requests == []


async def test_a_step_from_https_to_http_is_followed_but_never_lasting(authority):
    async with NewsServer(tls=authority.serve("127.0.0.1")) as safe, NewsServer() as plain:
        plain.page("/feed", b"news")
        safe.page("/feed", status=301, Location=plain.url("/feed"))
        safe.page("/new", b"news")
        plain.page("/old", status=301, Location=safe.url("/new"))
        plain.page("/between", status=301, Location=safe.url("/new"))
        safe.page("/through", status=301, Location=plain.url("/between"))
        allow = AllowList.parse([f"127.0.0.1:{safe.port}", f"127.0.0.1:{plain.port}"])
        async with open_fetcher(allow, tls=authority.trust()) as fetcher:
            through = await fetcher.fetch(FetchRequest(url=safe.url("/through")))
            down = await fetcher.fetch(FetchRequest(url=safe.url("/feed")))
            up = await fetcher.fetch(FetchRequest(url=plain.url("/old")))
    assert (down.body, down.url, down.moved_to) == (b"news", plain.url("/feed"), "")
    assert (through.body, through.moved_to) == (b"news", "")
    assert (up.body, up.moved_to) == (b"news", safe.url("/new"))

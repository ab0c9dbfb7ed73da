"""The rows of the IANA special-purpose registries and their neighbours, written down apart from the guard's own table.

The first two tuples are the IPv4 and IPv6 Special-Purpose Address Registries row by row, nested blocks included; the
third holds multicast, retired and unassigned space and the addresses clouds document for their metadata.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_network

IPV4 = (
    "0.0.0.0/8", "0.0.0.0/32", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/32", "192.0.0.171/32",
    "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.88.99.2/32", "192.168.0.0/16",
    "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "255.255.255.255/32",
)  # fmt: skip
IPV6 = (
    "::1/128", "::/128", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23",
    "2001::/32", "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:2::/48", "2001:3::/32", "2001:4:112::/48",
    "2001:10::/28", "2001:20::/28", "2001:30::/28", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    "5f00::/16", "fc00::/7", "fe80::/10",
)  # fmt: skip
NEIGHBOURS = (
    "224.0.0.0/4", "ff00::/8", "fec0::/10", "::/96", "::ffff:0:0:0/96", "4000::/2", "8000::/1", "400::/6", "1000::/4",
    "169.254.169.254/32", "169.254.170.2/32", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32",
    "fd00:ec2::254/128", "fd00:ec2::23/128", "fd00:c1::a9fe:a9fe/128", "fd00:42::42/128", "fd20:ce::254/128",
    "fe80::a9fe:a9fe/128",
)  # fmt: skip
BLOCKS = (*IPV4, *IPV6, *NEIGHBOURS)
PUBLIC = (
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "93.184.216.34", "100.63.255.255", "100.128.0.0", "126.255.255.255",
    "128.0.0.0", "151.101.1.140", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255",
    "192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "203.0.112.255",
    "203.0.114.0", "223.255.255.255", "2001:200::1", "2001:4860:4860::8888", "2001:db7:ffff::1", "2001:db9::1",
    "2003::1", "2606:4700:4700::1111", "2620:4f:7fff::1", "2620:4f:8001::1", "2a00:1450:4001:81b::200e", "3ffe:ffff::1",
)  # fmt: skip


def sample(block: str, between: int = 100) -> Iterator[IPv4Address | IPv6Address]:
    """Yield the first and the last address of ``block`` and some between them, the same at every run."""
    network, chance = ip_network(block), random.Random(block)
    first, last = int(network.network_address), int(network.broadcast_address)
    kind = IPv4Address if network.version == 4 else IPv6Address
    for number in (first, last, *(chance.randint(first, last) for _ in range(between))):
        yield kind(number)

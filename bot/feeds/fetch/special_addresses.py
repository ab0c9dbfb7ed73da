"""The blocks of addresses that are never a public web server, from the IANA special-purpose registries.

Sources: the IANA IPv4 and IPv6 Special-Purpose Address Registries, the multicast registries, RFC 4291, RFC 5214
(ISATAP), RFC 6052 and RFC 8215 (NAT64), and the metadata addresses that cloud operators document. Blocks that
the registries call globally reachable (anycast relays, AS112 sinks) are here as well: no publisher serves news there.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

SPECIAL_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private use
        "100.64.0.0/10",  # carriers' shared space; holds a metadata address
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's host agent, in otherwise public space
        "169.254.0.0/16",  # link-local; holds most metadata addresses
        "172.16.0.0/12",  # private use
        "192.0.0.0/24",  # protocol assignments; holds a metadata address
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT relays
        "192.88.99.0/24",  # former 6to4 relays
        "192.168.0.0/16",  # private use
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)

GLOBAL_V6 = IPv6Network("2000::/3")
"""The only part of IPv6 from which global unicast addresses are given out."""

SPECIAL_V6 = tuple(
    IPv6Network(block)
    for block in (
        "::/128",  # unspecified
        "::1/128",  # loopback
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b:1::/48",  # NAT64 for local use
        "100::/64",  # discard only
        "100:0:0:1::/64",  # dummy prefix
        "2001::/23",  # protocol assignments, Teredo and ORCHID among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fc00::/7",  # unique local; holds metadata addresses
        "fe80::/10",  # link-local
        "fec0::/10",  # former site-local
        "ff00::/8",  # multicast
    )
)

NAT64 = IPv6Network("64:ff9b::/96")
"""Well-known NAT64 prefix: how networks without IPv4 reach it, so its last 32 bits decide."""

ISATAP_MARKS = (0x0000_5EFE, 0x0200_5EFE)
"""Upper half of an interface identifier whose lower half is an IPv4 address (RFC 5214)."""

CARRIERS_OF_V4 = tuple(
    IPv6Network(block)
    for block in (
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b:1::/48",  # NAT64 for local use
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
    )
)
"""Blocks whose addresses contain an IPv4 address; of the well-known NAT64 prefix that address is checked instead."""

NEVER_BY_NAME: tuple[IPv4Network | IPv6Network, ...] = (
    IPv4Network("169.254.0.0/16"),
    IPv4Network("100.100.100.200/32"),
    IPv4Network("168.63.129.16/32"),
    IPv4Network("192.0.0.192/32"),
    IPv6Network("fd00:ec2::/32"),
    IPv6Network("fd00:c1::a9fe:a9fe/128"),
    IPv6Network("fd00:42::42/128"),
    IPv6Network("fd20:ce::254/128"),
    IPv6Network("fe80::/10"),
    *CARRIERS_OF_V4,
)
"""Metadata and link-local addresses, and addresses that may contain one: allowing a host name does not allow these."""

PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa", ".lan", ".corp", ".intranet", ".onion")
"""Ends of names that mean something only inside a network."""

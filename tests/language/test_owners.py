"""Owners and outlets: a domain is who somebody is, a name is what he says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.language.outlets import bare_name, one_script, outlet_title, outlets
from bot.language.owners import owner_of
from tests.support.running.rows import each_row


@each_row(
    ("host", "owner"),
    [
        ("www.post.example", "post.example"),
        ("news.post.co.uk", "post.co.uk"),
        ("WWW.Post.COM.", "post.com"),
        ("jane.blogspot.com", "jane.blogspot.com"),
        ("www.jane.substack.com", "www.substack.com"),
        ("jane.substack.com", "jane.substack.com"),
        ("jane.github.io", "jane.github.io"),
        ("jane.wordpress.com", "jane.wordpress.com"),
        ("www.medium.com", "medium.com"),
        ("x.y.kobe.jp", "x.y.kobe.jp"),
        ("feeds.bbci.co.uk", "bbc.co.uk"),
        ("www.bbc.com", "bbc.co.uk"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("localhost", "localhost"),
        ("post.localhost", "post.localhost"),
        ("co.uk", "co.uk"),
        ("", ""),
    ],
)
def test_a_host_belongs_to_its_registrable_domain(host, owner):
    assert owner_of(host) == (owner if host != "www.jane.substack.com" else "jane.substack.com")


@given(st.text(max_size=300))
def test_any_host_has_an_owner_or_none(host):
    assert isinstance(owner_of(host), str)


@each_row(
    ("site", "own", "said", "shown"),
    [
        ("reuters.com", "World News", "", "Reuters"),
        ("evil.example", "", "Reuters", "Reuters (evil.example)"),
        ("evil.example", "", "The Associated Press", "The Associated Press (evil.example)"),
        ("evil.example", "BBC News", "", "BBC News (evil.example)"),
        ("evil.example", "bbc  news", "", "bbc  news (evil.example)"),
        ("evil.example", "Rеuters", "", "Rеuters (evil.example)"),  # its second letter is Cyrillic
        ("post.example", "Harbour Post", "", "Harbour Post"),
        ("post.example", "Harbour Post", "Reuters", "Harbour Post"),
        ("post.example", "", "Harbour Post", "Harbour Post (post.example)"),
        ("post.example", "", "post.example", "post.example"),
        ("post.example", "", "", "post.example"),
    ],
)
def test_a_name_stands_alone_only_where_it_is_its_domains(site, own, said, shown):
    assert outlets().shown(site, own=own, given=said) == shown


def test_the_operators_names_win_and_are_taken_by_nobody_else():
    known = outlets().pinned([("post.example", "The Post"), ("reuters.com", "Reuters World")])
    assert known.shown("post.example", own="Harbour Post") == "The Post"
    assert known.shown("reuters.com") == "Reuters World"
    assert known.shown("other.example", own="The Post") == "The Post (other.example)"


@each_row(
    ("title", "site", "beside", "name"),
    [
        ("World news | The Guardian", "theguardian.com", "", "The Guardian"),
        ("The Post - World", "post.example", "", "The Post"),
        ("World | Harbour Post", "harbour.example", "", "Harbour Post"),
        ("Selin – Harbour Post", "harbour.example", "Harbour Post", "Harbour Post"),
        ("Selin » harbourpost", "harbourpost.example", "", "harbourpost"),
        ("Harbour Post RSS Feed", "harbour.example", "", "Harbour Post"),
        ("RSS: Harbour Post", "harbour.example", "", "Harbour Post"),
        ("News", "harbour.example", "", "News"),
        ("https://harbour.example/feed", "harbour.example", "", ""),
        ("", "harbour.example", "", ""),
    ],
)
def test_a_title_names_the_outlet_and_not_its_section(title, site, beside, name):
    assert outlet_title(title, site=site, beside=beside) == name


def test_scripts_that_are_not_doubles_of_latin_mix_freely():
    assert one_script("NHK ニュース")
    assert one_script("Українська правда")
    assert not one_script("Pravdа News")  # its last letter is Cyrillic


def test_a_shown_name_without_its_domain_is_what_was_said():
    assert bare_name("Harbour Post (127.0.0.1)") == "Harbour Post"
    assert bare_name("Harbour Post (Selin edition)") == "Harbour Post (Selin edition)"


def test_no_domain_and_no_name_is_two_outlets():
    known = outlets()
    assert set(known.owners.values()) <= set(known.names)
    assert not set(known.owners) & set(known.names)
    assert set(known.domains.values()) == set(known.names)

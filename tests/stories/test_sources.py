"""Independent sources: domains and feeds are counted, never names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.model.news import Article, Sentence
from bot.stories.dedupe import originator
from bot.stories.sources import independent_sources
from tests.support.running.rows import each_row

NOW = datetime(2031, 3, 2, 8, tzinfo=UTC)


def article(name, *, site, outlet="", credit="", group="", hours=0, url=""):
    outlet = outlet or site
    return Article(
        id=name,
        title=name,
        site=site,
        url=url or f"https://{site}/{name}",
        outlet=outlet,
        originator=credit or outlet,
        text_group=group or name,
        published_at=NOW + timedelta(hours=hours),
        fetched_at=NOW,
    )


def test_four_names_of_one_domain_are_one_source():
    names = ("Reuters", "BBC News", "Associated Press", "AFP")
    articles = [
        article(n, site="evil.example", outlet=f"{n} (evil.example)", credit=n if n == "AFP" else "", hours=i)
        for i, n in enumerate(names)
    ]
    assert independent_sources(articles) == ("Reuters (evil.example)",)


names = st.sampled_from(["Reuters", "AFP", "AP", "dpa", "Evil Post", "BBC News", "x"])


@given(st.lists(st.tuples(names, names, st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12))
def test_however_the_pages_of_a_domain_call_themselves_and_others_they_are_one_source(pages):
    articles = [
        article(f"a{i}", site="evil.example", outlet=outlet, credit=credit, group=f"g{group}", hours=hours)
        for i, (outlet, credit, group, hours) in enumerate(pages)
    ]
    assert len(independent_sources(articles)) == 1


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), names, st.integers(0, 5), st.integers(0, 5)),
        min_size=1,
        max_size=12,
    )
)
def test_there_are_never_more_sources_than_domains(pages):
    articles = [
        article(f"a{i}", site=f"{site}.example", credit=credit, group=f"g{group}", hours=hours)
        for i, (site, credit, group, hours) in enumerate(pages)
    ]
    assert 1 <= len(independent_sources(articles)) <= len({a.site for a in articles})


def test_a_page_that_credits_agencies_adds_none_to_those_who_are_there():
    true = [article("t", site="reuters.com", outlet="Reuters"), article("u", site="post.example")]
    posing = [article(c, site="evil.example", credit=c, hours=3) for c in ("AFP", "AP", "dpa")]
    assert len(independent_sources([*true, *posing])) == 3
    assert len(independent_sources([*true, *posing[:1]])) == 3


def test_copies_of_one_text_are_one_source_and_who_prints_more_of_his_own_another():
    wire = [
        article("w1", site="one.example", outlet="One", credit="AP", group="w"),
        article("w2", site="two.example", outlet="Two", credit="AP", group="w", hours=1),
    ]
    assert independent_sources(wire) == ("AP",)
    own = article("o", site="two.example", outlet="Two", hours=2)
    assert independent_sources([*wire, own]) == ("AP", "Two")


def test_two_papers_that_credit_one_agency_are_one_source_whatever_they_cut():
    cut = [article(f"c{i}", site=f"{n}.example", credit="AFP", hours=i) for i, n in enumerate("ab")]
    assert independent_sources(cut) == ("AFP",)


def test_an_agency_that_one_paper_alone_credits_stands_behind_its_name():
    assert independent_sources([article("c", site="a.example", outlet="Post", credit="AFP")]) == ("Post/AFP",)
    own = article("c", site="afp.com", outlet="AFP", credit="AFP")
    assert independent_sources([own]) == ("AFP",)


def test_what_a_feed_says_of_anothers_page_is_no_source_beside_it():
    about = article("p", site="links.example", url="https://post.example/a", hours=1)
    assert independent_sources([about]) == ("links.example",)
    assert independent_sources([article("a", site="post.example"), about]) == ("post.example",)


def said(*lines):
    return [Sentence(number=i, text=text, paragraph=i) for i, text in enumerate(lines, 1)]


@each_row(
    ("lines", "author", "credit"),
    [
        (("PARIS (AFP) - The council met.", "It rained."), "", "AFP"),
        (("PARIS, Nov 28 (AFP) – The council met.", "It rained."), "", "AFP"),
        (("Berlin (dpa/lnw) - Der Rat tagte.", "Es regnete."), "", "dpa"),
        (("(Reuters) - The council met.", "It rained."), "", "Reuters"),
        (("ST. PETERSBURG, Russia (AP) — The council met.", "It rained."), "", "AP"),
        (("The council met.", "(AFP)"), "", "AFP"),
        (("The council met.", "Source: AFP"), "", "AFP"),
        (("The council met.", "© 2026 The Associated Press."), "", "AP"),
        (("The council met.", "It rained."), "Reuters", "Reuters"),
        (("The council met.", "It rained."), "By Jane Doe, Associated Press", "AP"),
        (("The council met.", "It rained."), "AFP and Jane Doe", "AFP"),
        (("The council met.", "It rained."), "Reuters Staff", "Reuters"),
        (("It rained.", "Джерело: Reuters"), "", "Reuters"),
        (("It rained.", "Źródło: AFP"), "", "AFP"),
        (("It rained.", "Quellen: dpa"), "", "dpa"),
        # No credits: a mention, a sentence that ends with one, a person of that name.
        (("A court fined Brask Telecom 40 million euros. (AFP)",), "", "Post"),
        (("It rained.", "A court in Halden fined Brask Telecom 40 million euros (AFP)."), "", "Post"),
        (("It rained.", "A court fined Brask Telecom, according to AFP."), "", "Post"),
        (("The agency (AFP) - which was founded in 1944 - met.", "It rained."), "", "Post"),
        (("Korvia closes the strait (Reuters)", "It rained."), "", "Post"),
        (("(AFP)",), "", "Post"),
        (("The council met.", "It rained."), "Tanaka Kyodo Smith", "Post"),
        (("The council met.", "It rained."), "A friend of AP Moller", "Post"),
    ],
)
def test_a_credit_credits_only_where_credits_stand(lines, author, credit):
    assert originator(said(*lines), author=author, outlet="Post") == credit

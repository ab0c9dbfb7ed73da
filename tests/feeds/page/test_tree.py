"""Small pages, and exactly the paragraphs that must come out of each."""

from __future__ import annotations

import pytest

from bot.feeds.page.extract import extract_page, own_text
from tests.support.running.rows import each_row

ONE = "Two workers were killed when a crane collapsed at the port of Velmar on Friday, the harbour authority said."
TWO = "The port stays closed until Monday, and about 40 ships are waiting off the coast, the spokeswoman Ida Renn said."
THREE = (
    "The crane had been inspected in March, and no faults were found, according to Nordkran, its operator."
)
LEAD = "A crane fell at the port of Velmar; two workers are dead and the port is closed."
NEWS = (ONE, TWO, THREE)
BODY = "".join(f"<p>{p}</p>" for p in NEWS)


def page(article: str, *, before: str = "", after: str = "", lang: str = "en") -> bytes:
    return (
        f"<!doctype html><html lang={lang}><head><meta charset=utf-8><title>Port of Velmar closes</title></head>"
        f"<body><nav><a href=/>Home</a></nav>{before}<main><article><h1>Port of Velmar closes</h1>{article}</article></main>"
        f"{after}<footer>© Harbour Post</footer></body></html>"
    ).encode()


WITHIN = {
    "figure": f"<p>{ONE}</p><figure><img src=a.jpg><figcaption>The crane on the quay. Lars Moe/AP</figcaption></figure><p>{TWO}</p><p>{THREE}</p>",
    "tweet": f'<p>{ONE}</p><blockquote class="twitter-tweet"><p lang=en>We will not be silenced by this.</p>&mdash; Harbour (@harbour) '
    f'<a href="https://twitter.com/harbour/status/1">May 3, 2031</a></blockquote><p>{TWO}</p><p>{THREE}</p>',
    "instagram": f'<p>{ONE}</p><blockquote class="instagram-media"><a href=x>View this post on Instagram</a><p>A post shared by Harbour (@harbour)</p></blockquote><p>{TWO}</p><p>{THREE}</p>',
    "aside": f"<p>{ONE}</p><aside><h3>More on this</h3><p>The dam near Osby overflowed after three days of rain.</p></aside><p>{TWO}</p><p>{THREE}</p>",
    "related links": f'<p>{ONE}</p><div class="related-stories"><ul><li><a href=/b>Dam near Osby overflows</a></li></ul></div><p>{TWO}</p><p>{THREE}</p>',
    "linked paragraph": f"<p>{ONE}</p><p><strong><a href=/b>Dam near Osby overflows, 900 people told to leave</a></strong></p><p>{TWO}</p><p>{THREE}</p>",
    "newsletter form": f"<p>{ONE}</p><form action=/s><p>Get the news of the coast every morning, free of charge.</p><input name=mail></form><p>{TWO}</p><p>{THREE}</p>",
    "share bar": f'<div class="share-bar"><a href=x>Facebook</a><a href=y>WhatsApp</a></div>{BODY}',
    "byline and date": f'<p class="byline">By Jan Olsen</p><p>3 May 2031</p>{BODY}<p>The post <a href=x>Port closes</a> appeared first on <a href=/>Harbour Post</a>.</p>',
    "comment in a paragraph": f"<p>{ONE.replace('a crane', '<!-- a --> a crane')}</p><p>{TWO}</p><p>{THREE}</p>",
    "containers parted by advertisements": f'<div class="body-part"><p>{ONE}</p></div><div class="ad-slot">Advertisement</div><div class="body-part"><p>{TWO}</p><p>{THREE}</p></div>',
    "scripted notices": f"<p>Please enable JavaScript to view the comments.</p>{BODY}<p>We use cookies to improve our site.</p><p>12 comments</p>",
    "german": f"{BODY}<p>Mehr zum Thema</p><ul><li><a href=/b>Damm bei Osby läuft über</a></li></ul><p>Bild: dpa</p>",
    "french": f"{BODY}<p>À lire aussi : Le barrage d’Osby déborde</p><p>Suivez-nous sur Facebook.</p>",
}  # fmt: skip


@each_row("name", WITHIN)
def test_of_a_page_only_the_report_comes_out(name):
    assert extract_page(page(WITHIN[name]), url="https://post.example/port").text == "\n".join(NEWS)


@pytest.mark.parametrize(
    "lead",
    [
        f'<div class="article__summary summary">{LEAD}</div><div class="article__text text">{BODY}</div>',
        f'<p class="standfirst">{LEAD}</p><div>{BODY}</div>',
        f'<h2 class="subtitle">{LEAD}</h2><div class="text">{BODY}</div>',
        f'<header><div class="dek"><p>{LEAD}</p></div></header><div class="text">{BODY}</div>',
        f'<div itemprop="description">{LEAD}</div><div itemprop="articleBody">{BODY}</div>',
        f"<p>{LEAD}</p>{BODY}",
    ],
)
def test_the_lead_is_told_once_and_first(lead):
    assert extract_page(page(lead), url="https://post.example/port").text.split("\n") == [LEAD, *NEWS]


def test_what_is_called_a_summary_and_is_of_another_story_is_no_lead():
    teaser = '<div class="summary">Nurses of the hospital in Sunde voted to strike over their wages in January.</div>'
    assert extract_page(page(BODY, before=teaser), url="https://post.example/port").text == "\n".join(NEWS)


def test_a_table_in_a_figure_and_an_article_called_promo_are_kept():
    found = extract_page(
        page(f'<div class="content-promo">{BODY}</div>'), url="https://post.example/port"
    ).text
    assert found == "\n".join(NEWS)
    assert "Velmar" in own_text(f"<figure><table><tr><td>Velmar</td></tr></table></figure>{BODY}").text


def test_a_correction_on_a_page_is_kept_beside_its_text():
    note = "Correction: An earlier version of this article said five workers were killed."
    found = extract_page(page(f"<p><em>{note}</em></p>{BODY}"), url="https://post.example/port")
    assert (found.text, found.correction) == ("\n".join(NEWS), note)


@pytest.mark.parametrize(
    ("markup", "cut"),
    [
        (f"{BODY}<p>The post <a href=x>Port closes</a> appeared first on <a href=/>Harbour Post</a>.</p>", False),
        (f'{BODY}<p><a href="x">Continue reading <span>Port closes</span> →</a></p>', True),
        (f'{BODY}<p>Photo: Lars Moe</p><div class="feedflare"><a href=x><img src=y></a></div><img width=1 height=1 src=z>', False),
        (f'{BODY}<blockquote class="twitter-tweet"><p>Closed!</p>— Harbour (@harbour)</blockquote>', False),
        (f"{BODY}<p>Sign up to our newsletter to get the news of the coast every morning.</p><p>This story has been updated.</p>", False),
    ],
)  # fmt: skip
def test_a_feeds_own_text_is_cleaned_alike(markup, cut):
    own = own_text(markup)
    assert (own.text, own.cut) == ("\n".join(NEWS), cut)


NOTE = "An earlier version of this article misstated the month of the inspection."


@pytest.mark.parametrize(
    ("markup", "note"),
    [
        (f'<aside class="correction"><h4>Correction</h4><p>{NOTE}</p></aside>', NOTE),
        (f"<footer><p>{NOTE}</p></footer>", NOTE),
        ('<div class="article-correction"><h4>Correction</h4><p>The crane was inspected in March.</p></div>', "The crane was inspected in March."),
        ('<div class="correction">The crane was inspected in March, not January.</div>', "The crane was inspected in March, not January."),
        (f'<div class="comments"><p>{NOTE}</p></div>', ""),
        (f'<div class="related"><p>{NOTE}</p></div>', ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_correction_is_found_where_it_stands_apart(markup, note):
    found = extract_page(page(BODY + markup), url="https://post.example/port")
    assert (found.text, found.correction) == ("\n".join(NEWS), note)

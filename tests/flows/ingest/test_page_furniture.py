"""Small pages in several languages through ingest, links and files, on both databases: what is told is the report."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.chat.document.message import to_message
from bot.chat.replies.link import link_message
from bot.model.chat import Channel
from tests.flows.talk import text_of
from tests.flows.world import item, rss, world_of_news

pytestmark = pytest.mark.slow
DESK = Channel(platform="slack", workspace="T1", id="C1").scope
MOMENT = datetime(2031, 3, 3, 10, 15, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class RequestContext:
    title: str
    report: tuple[str, ...]
    around: tuple[str, ...]  # markup of what is no report, spread between its paragraphs
    note: str = ""
    lead: str = ""
    junk: tuple[str, ...]  # must not be told

    def article(self) -> str:
        """Return the inside of the article's element."""
        parts = [f'<div class="article__summary">{self.lead}</div>'] if self.lead else []
        for number in range(max(len(self.report), len(self.around))):
            parts += [f"<p>{p}</p>" for p in self.report[number : number + 1]] + list(
                self.around[number : number + 1]
            )
        return "".join(parts) + (f"<p><em>{self.note}</em></p>" if self.note else "")

    def page(self, lang: str) -> str:
        """Return the page, with a giant tag, a double-escaped title and the site's name behind it."""
        title = html.escape(html.escape(self.title))
        return (
            f'<html lang={lang}><head><meta charset=utf-8><title>{title} | Küstenpost</title><meta property="og:site_name" content="Küstenpost">'
            f'<script type="application/ld+json">{{"@graph": [{{"@type": "NewsArticle", "datePublished": "{MOMENT.isoformat()}", '
            f'"author": {{"@id": "#a"}}}}, {{"@id": "#a", "name": "Ida Renn"}}]}}</script></head><body><nav><a href=/>Home</a></nav>'
            f'<main><article><h1>{html.escape(self.title)}</h1><img src="data:image/png;base64,{"A" * 70_000}">{self.article()}</article></main>'
            f'<aside><time datetime="2029-01-01">1 January 2029</time><a href=/x>Other story of the week</a></aside></body></html>'
        )

    def whole(self) -> list[str]:
        """Return exactly the paragraphs that must come out."""
        return [*([self.lead] if self.lead else []), *self.report]


CASES = {
    "en": RequestContext(
        title="Port of Velmar closes & reopens",
        lead="A crane fell at the port of Velmar; two workers are dead and the port is closed.",
        report=(
            "Two workers were killed when a crane collapsed at the port of Velmar on Monday, the harbour authority said.",
            "The port stays closed until Wednesday and about 40 ships are waiting off the coast.",
            "The crane had been inspected in March and no faults were found, its operator Nordkran said.",
        ),
        around=(
            "<figure><img src=a.jpg><figcaption>Rescuers at the quay of Velmar. Lars Moe/AP</figcaption></figure><p>By Jan Olsen</p>",
            '<blockquote class="twitter-tweet"><p>Fifty dead at the port!</p>&mdash; Velmar (@velmar) <a href=x>March 3, 2031</a></blockquote>'
            "<p>Read more: Ninety people leave Osby</p>",
            "<p>Sign up to our newsletter to get the news of the coast every morning.</p><p>The post <a href=x>Port closes</a> appeared first on "
            "<a href=/>Küstenpost</a>.</p><p>12 comments</p>",
        ),
        note="Correction: An earlier version of this article said that five workers were killed.",
        junk=("Rescuers at", "Fifty dead", "Ninety people", "newsletter", "appeared first", "Jan Olsen", "comments"),
    ),
    "de": RequestContext(
        title="Hafen von Velmar gesperrt",
        report=(
            "Zwei Arbeiter sind am Montag beim Einsturz eines Krans im Hafen von Velmar getötet worden, teilte die Hafenbehörde mit.",
            "Der Hafen bleibt bis Mittwoch geschlossen, und rund 40 Schiffe warten vor der Küste.",
            "Der Kran war im März geprüft worden, und es wurden keine Mängel gefunden, sagte der Betreiber Nordkran.",
        ),
        around=("<p>Foto: Lars Moe/dpa</p>", "<p>Lesen Sie auch: Neunzig Menschen verlassen Osby</p>", "<p>Mehr zum Thema</p><ul><li><a href=/x>Damm läuft über</a></li></ul>"),
        note="Anmerkung der Redaktion: In einer früheren Version dieses Artikels war von fünf Toten die Rede.",
        junk=("Lars Moe", "Neunzig", "Damm läuft"),
    ),
    "fr": RequestContext(
        title="Le port de Velmar fermé",
        report=(
            "Deux ouvriers ont été tués lundi dans l’effondrement d’une grue au port de Velmar, a annoncé l’autorité portuaire.",
            "Le port reste fermé jusqu’à mercredi et une quarantaine de navires attendent au large.",
            "La grue avait été contrôlée en mars sans qu’aucun défaut soit trouvé, a affirmé son exploitant Nordkran.",
        ),
        around=("<p>Crédit photo : AFP</p>", "<p>À lire aussi : Osby évacue neuf quartiers</p>", "<p>Inscrivez-vous à notre newsletter.</p>"),
        note="Cet article a été corrigé : deux ouvriers ont été tués, et non cinq.",
        junk=("Crédit", "Osby", "newsletter"),
    ),
    "es": RequestContext(
        title="Cierra el puerto de Velmar",
        report=(
            "Dos obreros murieron el lunes al caer una grúa en el puerto de Velmar, informó la autoridad portuaria.",
            "El puerto sigue cerrado hasta el miércoles y unos 40 barcos esperan frente a la costa.",
            "La grúa fue revisada en marzo y no se hallaron fallos, dijo su operador Nordkran.",
        ),
        around=("<p>Foto: EFE</p>", "<p>Lea también: Noventa personas dejan Osby</p>", "<p>Síguenos en Facebook.</p>"),
        note="Fe de errores: el puerto abre el miércoles y no el viernes.",
        junk=("Foto", "Noventa", "Facebook"),
    ),
    "ja": RequestContext(
        title="ベルマー港が閉鎖",
        report=(
            "ベルマー港で月曜日にクレーンが倒れ、作業員2人が死亡したと港湾当局が発表した。当局は事故の原因を調べており、港の入り口では警察が立ち入りを制限している。",
            "港は水曜日まで閉鎖され、沖合では約40隻の船が待っている。船会社は積み荷を別の港に回すことを検討しているが、鉄道で運べる量には限りがあるという。",
            "クレーンは3月に点検を受け、異常は見つかっていなかったと運営会社は述べた。遺族には会社の担当者が説明に当たっており、組合は安全対策の見直しを求めている。",
        ),
        around=("<p>写真：共同通信</p>", "<p>【関連記事】オスビーで避難</p>", "<p>無料会員登録はこちら</p>"),
        note="訂正：以前の記事では死者を5人としましたが、正しくは2人でした。",
        junk=("共同通信", "オスビー", "会員登録"),
    ),
    "ar": RequestContext(
        title="إغلاق ميناء فيلمار",
        report=(
            "قتل عاملان يوم الاثنين عندما انهارت رافعة في ميناء فيلمار، حسبما قالت سلطة الميناء في بيان لها.",
            "يبقى الميناء مغلقا حتى يوم الأربعاء وتنتظر نحو أربعين سفينة قبالة الساحل الشمالي للبلاد.",
            "فُحصت الرافعة في مارس ولم يُعثر على أي عيوب فيها، وفق ما قالته الشركة المشغلة نوردكران.",
        ),
        around=("<p>صورة أرشيفية</p>", "<p>اقرأ أيضا: إجلاء سكان أوسبي</p>", "<p>تابعونا على فيسبوك</p>"),
        note="تصحيح: ذكرت نسخة سابقة أن خمسة عمال قتلوا.",
        junk=("أرشيفية", "أوسبي", "فيسبوك"),
    ),
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
async def world(request):
    url = request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")
    async with world_of_news(url) as made:
        for lang, case in CASES.items():
            made.serve("post", f"/{lang}", case.page(lang))
        yield made


def texts(article):
    """Return the paragraphs of ``article`` as they were made of its sentences."""
    found: dict[int, list[str]] = {}
    for sentence in article.sentences:
        found.setdefault(sentence.paragraph, []).append(sentence.text)
    return ["".join("".join(parts).split()) for parts in found.values()]


def squeezed(paragraphs):
    return ["".join(p.split()) for p in paragraphs]


async def test_what_is_read_of_a_page_is_its_report_and_its_correction(world):
    world.serve(
        "post", "/feed", rss(*(item(f"{{post}}/{lang}", title="", date="", guid=lang) for lang in CASES))
    )
    await world.follow("post")
    await world.app.ingest()
    articles = {a.url.rpartition("/")[2]: a for a in await world.articles()}
    assert articles.keys() == CASES.keys()
    for lang, case in CASES.items():
        article = articles[lang]
        assert texts(article) == squeezed(case.whole())
        assert (article.correction, article.title, article.author) == (case.note, case.title, "Ida Renn")
        assert article.published_at == MOMENT


@pytest.mark.one_engine
async def test_a_feeds_own_text_is_read_alike(world):
    entries = (
        item(f"{{post}}/none/{lang}", title=case.title, guid=lang, text=html.escape(case.article()))
        for lang, case in CASES.items()
    )
    world.serve("post", "/feed", rss(*entries))
    await world.follow("post")
    await world.app.ingest()
    articles = {a.url.rpartition("/")[2]: a for a in await world.articles()}
    assert articles.keys() == CASES.keys()
    for lang, case in CASES.items():
        assert texts(articles[lang]) == squeezed(case.whole())
        assert articles[lang].correction == case.note


@pytest.mark.one_engine
async def test_a_pasted_link_tells_no_furniture_and_shows_the_correction(world):
    for lang, case in CASES.items():
        (brief,) = await world.app.link([world.sites["post"].url(f"/{lang}")], scope=DESK)
        assert brief.failure == ""
        told = text_of(link_message(brief))
        assert [word for word in case.junk if word in told] == []
        assert case.note in told


@pytest.mark.one_engine
async def test_a_file_tells_no_furniture_whether_page_or_text(world, tmp_path):
    for lang, case in CASES.items():
        plain = [case.title, *case.whole(), *(_plain(part) for part in case.around), case.note]
        for name, body in ((f"{lang}.html", case.page(lang)), (f"{lang}.txt", "\n\n".join(plain))):
            path = tmp_path / name
            path.write_text(body, encoding="utf-8")
            briefing = await world.app.brief_adhoc_articles([str(path)])
            (source,) = briefing.sources
            assert source.correction == case.note
            told = text_of(to_message(briefing))
            assert [word for word in case.junk if word in told and not _kept(word, name)] == []


def _plain(markup: str) -> str:
    import lxml.html  # noqa: PLC0415

    tree = lxml.html.fragment_fromstring(markup, create_parent="div")
    return "\n".join(" ".join(str(e.text_content()).split()) for e in tree)


def _kept(word: str, name: str) -> bool:
    """Tell whether nothing but its markup shows that ``word`` is of no report."""
    return name.endswith(".txt") and word in {"Fifty dead", "Rescuers at", "Damm läuft"}

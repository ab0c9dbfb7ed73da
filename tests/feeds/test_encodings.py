"""Encodings: those of the web are read, a name from outside never reaches one of Python's own codecs."""

from __future__ import annotations

import codecs
import pkgutil
from encodings import __path__ as folders
from encodings import aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bot.errors import ParseError
from bot.feeds.document.parse import parse_feed
from bot.feeds.encodings import codec_of, declares_entities, decoded, xml_in_utf8
from bot.feeds.opml import read_opml
from bot.feeds.page.documents import extract_document
from tests.support.running.rows import each_row

URL = "https://a.example/x"
WEB = (
    "utf-8", "utf-16le", "utf-16be", "ibm866", "iso-8859-2", "iso-8859-15", "koi8-r", "koi8-u", "macintosh", "windows-874", "windows-1250",
    "windows-1251", "windows-1252", "windows-1254", "windows-1256", "gbk", "gb18030", "big5", "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr",
)  # fmt: skip
WORDS = {
    "windows-1251": "Переговоры", "koi8-r": "Переговоры", "ibm866": "Переговоры", "gbk": "会谈继续进行", "gb18030": "会谈继续进行", "big5": "會談",
    "shift_jis": "協議は続いた", "euc-jp": "協議は続いた", "iso-2022-jp": "協議は続いた", "euc-kr": "회담이", "windows-1256": "المفاوضات", "iso-8859-2": "łódź",
    "windows-1252": "“Größe”", "utf-8": "Größe 会", "windows-1254": "değişti", "macintosh": "Größe", "koi8-u": "їжак", "windows-874": "การเจรจา",
}  # fmt: skip
# What escapes, shifts, packs or does something else than to read bytes as text, and names that no codec has.
FOREIGN = (
    "utf-7", "utf_7", "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape", "idna", "punycode", "undefined", "rot13", "rot_13",
    "base64", "base64_codec", "hex", "quopri", "uu", "zip", "zlib", "bz2", "mbcs", "oem", "charmap", "utf-32", "utf-8-sig", "cp037", "cp500", "utf-16-be-x",
    "replacement", "hz", "iso-2022-kr", "x-user-defined", "", " ", "x" * 5000, "ſhift_jis", "\u212aoi8-r", "../../etc", "a b",
)  # fmt: skip


def of_python() -> set[str]:
    """Return every codec name that Python knows."""
    found = {module.name for module in pkgutil.iter_modules(folders)}
    return found | set(aliases.aliases) | set(aliases.aliases.values())


def test_of_all_codecs_only_those_of_the_web_are_used():
    used = {codecs.lookup(codec_of(name)).name for name in of_python() if codec_of(name)}
    allowed = {codecs.lookup(codec_of(name)).name for name in WEB} | {
        codecs.lookup(name).name
        for name in ("cp1253", "cp1255", "cp1257", "cp1258", "mac-cyrillic", "big5hkscs", "cp932", "cp949")
    }
    allowed |= {codecs.lookup(f"iso8859-{n}").name for n in (3, 4, 5, 6, 7, 8, 10, 13, 14, 16)}
    assert used <= allowed
    assert len(used) > 20


@each_row("name", FOREIGN)
def test_a_name_that_is_none_of_the_web_is_no_encoding(name):
    assert codec_of(name) == ""
    assert decoded(b"caf\xc3\xa9 +ADw- \\u003c", names=(name,)) == "café +ADw- \\u003c"


@each_row(("name", "text"), WORDS.items())
def test_each_encoding_of_the_web_is_read(name, text):
    body = text.encode(codec_of(name))
    assert decoded(body, names=(name,)) == text
    assert decoded(body, names=("unicode_escape", name.upper().replace("-", "_"))) == text


@each_row(
    ("body", "names", "text"),
    [
        ("é日".encode("utf-16"), ("windows-1252",), "é日"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", ("windows-1251",), "café"),
        ("<p>日本".encode("utf-16-le"), (), "<p>日本"),
        ("<p>日本".encode("utf-16-be"), (), "<p>日本"),
        (b"plain", ("utf-16",), "plain"),  # what says so in ASCII is not written in it
        ("naïve".encode(), ("iso-8859-1",), "naïve"),
        ("ten “quotes” – and “more” of them".encode() + b"\x92", ("utf-8",), "ten “quotes” – and “more” of them\ufffd"),
        (b"it\x92s \x93so\x94", ("utf-8",), "it’s “so”"),
        (b"it\x92s \x93so\x94", ("us-ascii",), "it’s “so”"),
        (b"a\x81b", (), "a\ufffdb"),
        (b"NUL\x00s", (), "NULs"),
        (b"", ("utf-7",), ""),
    ],
)  # fmt: skip
def test_marks_and_bytes_count_more_than_names(body, names, text):
    assert decoded(body, names=names) == text


@given(st.binary(max_size=60), st.lists(st.sampled_from((*WEB, *FOREIGN)), max_size=3))
def test_any_bytes_under_any_name_are_a_text_that_can_be_kept(body, names):
    text = decoded(body, names=names)
    assert "\x00" not in text
    text.encode()
    xml_in_utf8(body, charset="".join(names[:1])).decode()


HIDDEN = "+ADw-script+AD4- \\x3cscript\\x3e \\ud83d \\udc00 \\u0000"
LONG = "The talks in Geneva went on for a second day, two officials said on Monday evening. " * 4


@each_row("name", [name for name in FOREIGN if name.strip() and len(name) < 40])
def test_no_document_is_read_in_an_encoding_that_is_none_of_the_web(name):
    said = name.encode("ascii", "replace").decode()
    page = f"<html><head><meta charset='{said}'><title>T</title></head><body><article><p>{HIDDEN} {LONG}</p></article></body></html>"
    feed = f"<?xml version='1.0' encoding='{said}'?><rss version='2.0'><channel><title>{HIDDEN}</title><item><title>{HIDDEN}</title></item></channel></rss>"
    opml = f"<?xml version='1.0' encoding='{said}'?><opml><body><outline text='{HIDDEN}' xmlUrl='https://a.example/f'/></body></opml>"
    read = [
        extract_document(page.encode(), url=URL, content_type="text/html", charset=charset).text
        for charset in ("", name)
    ]
    read.append(
        extract_document(
            f"{LONG} {HIDDEN} {LONG}".encode(), url=URL, content_type="text/plain", charset=name
        ).text
    )
    for charset in ("", name):
        document = parse_feed(feed.encode(), url=URL, charset=charset)
        read += [document.title, document.entries[0].title]
    read.append(read_opml(opml.encode()).feeds[0].title)
    json = f'{{"version":"https://jsonfeed.org/version/1","title":"x","items":[{{"id":"1","title":"{HIDDEN.replace(chr(92), chr(92) * 2)}"}}]}}'
    read.append(
        parse_feed(json.encode(), url=URL, content_type="application/json", charset=name).entries[0].title
    )
    assert [text for text in read if HIDDEN not in text] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", [0, 70_000, 3_000_000])
def test_entities_are_found_in_any_encoding_and_however_far_down(encoding, before):
    laughs = f"<?xml version='1.0'?><!--{'x' * before}--><!DOCTYPE r [<!ENTITY a 'b'>]>"
    with pytest.raises(ParseError, match=r"declares entities|too large"):
        parse_feed(
            f"{laughs}<rss version='2.0'><channel><title>&a;</title></channel></rss>".encode(encoding),
            url=URL,
        )
    if before < 2_000_000:
        with pytest.raises(ParseError, match="declares entities"):
            read_opml(f"{laughs}<opml><body/></opml>".encode(encoding))


SHAPES = (
    "<!DOCTYPE r [<!ENTITY a 'b'>]>", "<!doctype r [<!entity a 'b'>]>", "<!DOCTYPE r SYSTEM '<!--' [<!ENTITY a 'b'>]>", "<!DOCTYPE r SYSTEM '<r>' [<!ENTITY a 'b'>]>",
    "<!DOCTYPE r [<!NOTATION n SYSTEM '<!--'><!ENTITY a 'b'>]>", "<!DOCTYPE r [<!-- <r> --><!ENTITY a 'b'>]>", "<!DOCTYPE r [<?x <![CDATA[ ?><!ENTITY a 'b'>]>",
    "<!DOCTYPE r [<!ENTITY % p '<!ENTITY a \"b\">'>%p;]>", "<!DOCTYPE\nr\n[\n<!ENTITY\na\n'b'>]>", "<!DOCTYPE r [<![CDATA[<!ENTITY a 'b'>]]>]>",
)  # fmt: skip
BEFORE = (
    "",
    "<!-- x -->",
    "<!-- <![CDATA[ -->",
    "<?x <!-- ?>",
    "<!-- <?x -->",
    "<?x -->?>",
    "\n ",
    "<!-- <r> -->",
    "<!--->-->",
    "<?x?><?y <r> ?>",
    "junk ",
)
AFTER = ("", "<!-- ]]> -->", "<!-- --> -->")


@each_row("shape", SHAPES)
def test_whatever_makes_a_parser_know_an_entity_is_seen(shape):
    for before in BEFORE:
        for after in AFTER:
            xml = f"{before}{shape}<r>&a;</r>{after}".encode()
            root = etree.fromstring(
                xml, etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
            )
            dtd = root.getroottree().docinfo.internalDTD if root is not None else None
            if dtd is not None and list(dtd.iterentities()):
                assert declares_entities(xml)
    assert declares_entities(shape.encode())


@pytest.mark.parametrize(
    "xml",
    [
        "<r><![CDATA[<!DOCTYPE foo [<!ENTITY xxe SYSTEM 'file:///etc/passwd'>]>]]></r>",
        "<!-- <!DOCTYPE r [<!ENTITY a 'b'>]> --><r/>",
        "<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://my.netscape.com/publish/formats/rss-0.91.dtd'><rss/>",
        "<r>&lt;!ENTITY</r>",
        "",
    ],
)
def test_what_is_only_quoted_declares_nothing(xml):
    assert not declares_entities(xml.encode())

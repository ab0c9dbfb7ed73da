"""Spell out the initials that an article explains and a briefing does not: "NCW" of "the National Commission for Women (NCW)". Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.evidence.reading.short_names import is_short_for
from bot.language.rules import load_rules
from bot.language.sentences.quotations import is_quoted_behind
from bot.language.text_cache import text_cached
from bot.model.briefing import Statement, StoryBrief
from bot.model.news import Article

MAX_SPELLED_CHARS = 260  # of a line with a name spelled out; a longer one stays as it is
MAX_SPELLED_NAME_WORDS = 9  # of a name that is spelled out
# Read when the module is: briefings are made in the loop, where no file may be opened.
_KNOWN = load_rules("en", "short_forms").words["known initials"]
_INITIALS = re.compile(r"(?<![\w’'.&/(-])[A-Z][A-Z&]{1,6}(?![\w.&/)-]|[’']s)")
_EXPLAINED = re.compile(r"(?P<words>[^()]{4,200}?)\s\((?P<short>[A-Z][A-Z&]{1,6})\)")
_ARTICLES = frozenset({"The", "A", "An"})
_AN = re.compile(r"\b([Aa])n\s$")


def spelled_out(brief: StoryBrief, articles: Mapping[tuple[str, int], Article]) -> StoryBrief:
    """Return ``brief`` with the initials in its bullets spelled out at their first use, where an article that the bullet cites does so.

    Not those that every reader knows, or that another line of the story explains, and none in a quotation.
    """
    lines = [part for said in (brief.headline, *brief.bullets) for part in (said.text, said.said_by)]
    shown = " ".join([*lines, *((brief.status.line, brief.status.said_by) if brief.status else ())])
    explained = {match["short"] for match in _EXPLAINED.finditer(shown)} | _KNOWN
    bullets = tuple(_spelled(bullet, articles, explained) for bullet in brief.bullets)
    return replace(brief, bullets=bullets, changed=tuple(_renamed(c, brief, bullets) for c in brief.changed))


def _renamed(changed: Statement, brief: StoryBrief, bullets: tuple[Statement, ...]) -> Statement:
    return next((new for old, new in zip(brief.bullets, bullets, strict=True) if old == changed), changed)


def _spelled(
    bullet: Statement, articles: Mapping[tuple[str, int], Article], explained: set[str]
) -> Statement:
    text = bullet.text
    for short in dict.fromkeys(_INITIALS.findall(text)):
        if short in explained:
            continue
        names = (
            names_in(article)
            for c in bullet.citations
            if (article := articles.get((c.article_id, c.revision)))
        )
        long = next((name for each in names if (name := each.get(short))), "")
        if not long or long in text:
            continue
        at = next((found for found in _INITIALS.finditer(text) if found[0] == short), None)
        if at is None or is_quoted_behind(text[: at.start()]):
            continue
        before = text[: at.start()] if long[0] in "AEIO" else _AN.sub(r"\1 ", text[: at.start()])
        spelled = f"{before}{long} ({short}){text[at.end() :]}"
        if len(spelled) <= MAX_SPELLED_CHARS:
            text = spelled
            explained.add(short)
    return replace(bullet, text=text) if text != bullet.text else bullet


@text_cached(maxsize=256)
def names_in(article: Article) -> Mapping[str, str]:
    """Return the names that ``article`` spells out, by their initials."""
    found: dict[str, str] = {}
    for sentence in article.sentences:
        for match in _EXPLAINED.finditer(sentence.text) if "(" in sentence.text else ():
            words = match["words"].split()
            for start in range(max(0, len(words) - MAX_SPELLED_NAME_WORDS), len(words)):
                name = " ".join(words[start:]).strip("“”\"'‘’")
                if (
                    name[:1].isupper()
                    and words[start] not in _ARTICLES
                    and is_short_for(match["short"], name)
                ):
                    found.setdefault(match["short"], name)
                    break
    return found

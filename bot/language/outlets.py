"""Names of outlets by domain: a page can claim any name, but not a domain.

outlets.toml (well known), the operator's list, the feeds that are read ──▶ Outlets ──▶ the name a reader sees
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.language.rules import words_of_all
from bot.language.text_cache import text_cached
from bot.model.news import MAX_OUTLET_CHARS

SEPARATORS = (" | ", " - ", " – ", " — ", " » ", " :: ", " / ", " · ", " • ")
_FEED_WORDS = re.compile(
    r"^(?:RSS|Atom)(?:[ -]feed)?\s*[:–-]\s*|[\s(\[]*\b(?:RSS(?:[ -]?feed)?|Atom(?: feed)?|feed)[)\]]?$",
    re.IGNORECASE,
)
# Names of sections of a site, which alone are no outlet names.
SECTIONS = words_of_all("site", "section")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """Names by registrable domain (``names``), the main domain of each (``owners``), and whose a known name is.

    ``domains`` maps a name as compared (``plain_name``) to the main domain it belongs to, ``agencies`` a name as
    newspapers print it to the short one.
    """

    names: Mapping[str, str]
    owners: Mapping[str, str]
    domains: Mapping[str, str]
    agencies: Mapping[str, str]

    def pinned(self, pins: Iterable[tuple[str, str]]) -> Outlets:
        """Return these outlets with ``pins``, pairs of a main domain and its name, over them."""
        names, domains = dict(self.names), dict(self.domains)
        for domain, name in pins:
            if domain and name:
                names[domain] = name
                domains[plain_name(name)] = domain
        return replace(self, names=names, domains=domains)

    def shown(self, site: str, *, own: str = "", given: str = "") -> str:
        """Return the name readers see of what lies on ``site``, a main domain.

        ``own`` is the title of a feed that lies there, ``given`` what a page or an aggregator says. A name that
        only the site itself uses is shown with its domain, and so is the known name of another outlet.
        """
        pinned = self.names.get(site)
        if pinned:
            return pinned
        for name, vouched in ((own, True), (given, False)):
            if not name or plain_name(name) in {plain_name(site), plain_name(f"www.{site}")}:
                continue
            theirs = self.domains.get(plain_name(name), site)
            return name if vouched and theirs == site and one_script(name) else f"{name} ({site})"
        return site


@functools.cache
def outlets() -> Outlets:
    """Return the outlets that are known by name."""
    names: dict[str, str] = {}
    owners: dict[str, str] = {}
    domains: dict[str, str] = {}
    agencies: dict[str, str] = {}
    for one in tomllib.loads(Path(__file__).with_name("outlets.toml").read_text("utf-8"))["outlet"]:
        spelled = (one["name"], *one.get("also", ()))
        agencies |= dict.fromkeys(spelled if one.get("agency") else (), one["name"])
        if one["domains"]:
            main, *others = one["domains"]
            names[main] = one["name"]
            owners |= dict.fromkeys(others, main)
            domains |= {plain_name(name): main for name in spelled}
    return Outlets(names=names, owners=owners, domains=domains, agencies=agencies)


@text_cached(maxsize=256)  # the title of a feed is read with each of its entries
def outlet_title(title: str, *, site: str = "", beside: str = "") -> str:
    """Return the outlet's name in the title of a feed or a page: of "World news | The Post" the post.

    Of several pieces it is the one that ``site`` (its domain) or ``beside`` (what a page calls its site) is called by,
    else the first that is no section's. Empty where nothing could be a name.
    """
    pieces = _pieces(_FEED_WORDS.sub("", " ".join(title.split())).strip(" :-"))
    named = [
        p for p in pieces if 1 < len(p) <= MAX_OUTLET_CHARS and not p.lower().startswith(("http:", "https:"))
    ]
    alike = [p for p in named if plain_name(p) == plain_name(beside) or _labelled(p, site)]
    proper = [p for p in named if p.casefold() not in SECTIONS]
    return next(iter((*alike, *proper, *named)), "")


def bare_name(outlet: str) -> str:
    """Return what is shown of an outlet without the domain that stands behind a name of its own choice."""
    return re.sub(r" \([\w.:-]{1,253}\)$", "", outlet)


@text_cached(maxsize=1_000)  # the few names of outlets are compared with each article's
def plain_name(name: str) -> str:
    """Return ``name`` as names are compared: its letters and digits, without case, accents and articles."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    words = re.findall(r"\w+", "".join(c for c in letters if not unicodedata.combining(c)))
    return "".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def one_script(name: str) -> bool:
    """Tell whether the letters of ``name`` are of one script: Latin mixed with its doubles poses as another name."""
    scripts = {unicodedata.name(c, "").split(" ")[0] for c in name if c.isalpha()}
    return not ("LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


def _pieces(title: str) -> list[str]:
    pieces = [title]
    for separator in SEPARATORS:
        pieces = [part.strip(" :-") for piece in pieces for part in piece.split(separator)]
    return [piece for piece in pieces if piece]


def _labelled(piece: str, site: str) -> bool:
    """Tell whether the first label of ``site`` is the name ``piece`` or carries it: "theguardian" and "The Guardian"."""
    label = re.sub(r"[^\w]", "", site.split(".", maxsplit=1)[0])
    plain = plain_name(piece)
    return len(plain) > 2 and bool(label) and (plain in {label, label.removeprefix("the")})

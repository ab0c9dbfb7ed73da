"""Tells who stands behind a statement: an official body, one party to the story, or the press. Pure, English."""

from __future__ import annotations

import re

from bot.model.story import Authority, StoryKind

_PRESS = re.compile(
    r"\b(?:news agency|newspaper|reporters?|correspondent|broadcaster|Reuters|AFP|AP|BBC|CNN|dpa|Bloomberg|media|TV|Times"
    r"|Post|Journal|website|magazine)\b"
)
_UNNAMED = re.compile(
    r"^(?:an?|one|two|three|several|some|another|unnamed|sources?|officials?|diplomats?|people)\b.*"
    r"|\b(?:sources?|familiar with|close to|on condition of anonymity|briefed on)\b",
    re.IGNORECASE,
)
_BYSTANDER_BODIES = re.compile(
    r"\b(?:UN|U\.N\.|United Nations|Red Cross|ICRC|WHO|IAEA|mediators?|mediation|monitors?|observers?|envoy|court|police"
    r"|commission|regulators?|authority|hospital)\b",
    re.IGNORECASE,
)
_OFFICIAL = re.compile(
    r"\b(?:officials?|ministry|minister|department|government|police|sheriff|prosecutors?|court|judge|authorit(?:y|ies)"
    r"|governor|mayor|president|parliament|senate|commission|commissioner|regulators?|(?:space|health|intelligence|weather|emergency|disaster|police|federal|state) agency|military|army|embassy"
    r"|firefighters?|fire (?:chief|service|department)|coast guard|weather service|hospital|white house|kremlin|council"
    r"|secretary|chancellor|prime minister|administration|federal|united nations|UN|NASA|FBI|FAA|NTSB|bureau)\b",
    re.IGNORECASE,
)
_TWO_SIDED = {StoryKind.NEGOTIATION, StoryKind.CONFLICT}
_PARTY_OF_LAW = re.compile(
    r"\b(?:lawyers?|attorneys? for|defen[cs]e|spokes\w+ for|family|counsel)\b", re.IGNORECASE
)


def authority_of(speaker: str, *, kind: StoryKind) -> Authority:
    """Return who ``speaker`` (as printed) speaks for; "" is the press.

    Where two sides face each other, a government or army is a side: only courts, mediators, police and
    international bodies count as official there.
    """
    if not speaker:
        return Authority.PRESS
    if kind in _TWO_SIDED:
        if _BYSTANDER_BODIES.search(speaker):
            return Authority.OFFICIAL
        return Authority.PRESS if _PRESS.search(speaker) else Authority.PARTY
    if kind is StoryKind.LEGAL and _PARTY_OF_LAW.search(speaker):
        return Authority.PARTY
    if _OFFICIAL.search(speaker) and not (kind is StoryKind.DEAL and _UNNAMED.search(speaker)):
        return Authority.OFFICIAL
    return Authority.PRESS if _PRESS.search(speaker) else Authority.PARTY

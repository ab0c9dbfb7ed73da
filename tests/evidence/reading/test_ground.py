"""Which countries words name."""

from __future__ import annotations

from bot.evidence.reading.ground import countries, country_named


def test_a_country_is_named_whole():
    assert countries(("north", "korea")) != countries(("korea",))
    assert countries(("in", "north", "korea")) == {country_named(("north", "korea"))}
    assert countries(("the", "french", "met", "italy")) == {
        country_named(("france",)),
        country_named(("italy",)),
    }

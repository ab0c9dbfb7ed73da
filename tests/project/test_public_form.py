"""The public JSON form of a briefing gains keys and loses none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.codec import from_plain, to_plain
from bot.model.briefing import Briefing, Coverage, Statement, StoryBrief
from bot.model.news import Citation
from bot.model.story import Corroboration, Status, StorySupport
from tests.support.briefing_schema import briefing_schema

ROOT = Path(__file__).parents[2]
# Those of release 0.3, which has all that earlier ones had; only kinds of story became data. A key stays for ever.
RELEASED = ROOT / "tests" / "golden" / "briefing_keys.txt"


def keys(schema) -> Iterator[str]:
    """Yield every key of ``schema`` by its place, and each value of those that have few."""

    def walk(node, place):
        node = schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
        for value in (*node.get("enum", ()), *([node["const"]] if "const" in node else [])):
            yield f"{place} = {value}"
        for other in node.get("anyOf", ()):
            yield from walk(other, place)
        if "items" in node:
            yield from walk(node["items"], f"{place}[]")
        for key, value in node.get("properties", {}).items():
            inner = f"{place}.{key}" if place else key
            yield inner
            yield from walk(value, inner)

    yield from walk(schema, "")


def test_the_json_form_of_a_briefing_has_every_key_and_value_that_was_ever_published():
    released = set(RELEASED.read_text("utf-8").splitlines())
    assert released
    assert released - set(keys(briefing_schema())) == set()


def released_part(value, released, place=""):
    """Return the JSON ``value`` as the release with the keys ``released`` wrote it."""
    if isinstance(value, list):
        return [released_part(one, released, f"{place}[]") for one in value]
    if not isinstance(value, dict):
        return value
    places = {key: f"{place}.{key}" if place else key for key in value}
    return {key: released_part(value[key], released, at) for key, at in places.items() if at in released}


def test_a_briefing_that_a_release_before_made_is_read():
    at = datetime(2025, 7, 7, 7, tzinfo=UTC)
    cited = Citation(article_id="art-1", sentences=(1,))
    story = StoryBrief(
        story_id="sto-1",
        headline=Statement(text="Talks open", citations=(cited,)),
        bullets=(Statement(text="Talks opened in Osby.", citations=(cited,)),),
        status=Status(
            kind="negotiation", state="talking", line="Talks go on", as_of=at, since=at, citation=cited
        ),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Post",)),
    )
    made = Briefing(
        id="bri-1", title="Morning", made_at=at, coverage=Coverage(until=at, articles=2), stories=(story,)
    )
    released = set(RELEASED.read_text("utf-8").splitlines())
    then = released_part(to_plain(made), released)
    assert "followed" not in then["coverage"]
    assert from_plain(Briefing, then) == made

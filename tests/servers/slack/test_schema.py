"""The schema of Slack's blocks refuses what Slack would."""

from __future__ import annotations

from tests.servers.slack.schema import schema_faults
from tests.support.running.rows import each_row

TEXT = {"type": "text", "text": "x"}


def rich(*elements):
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def test_known_blocks_pass():
    header = {"type": "header", "text": {"type": "plain_text", "text": "x", "emoji": False}}
    assert (
        schema_faults([header, {"type": "divider"}, rich(TEXT, {"type": "link", "url": "https://a.example"})])
        == []
    )


@each_row(
    "block",
    [
        {"type": "marquee"},
        {},
        {"type": "header"},
        {"type": "divider", "colour": "red"},
        rich({"type": "text"}),
        rich(TEXT | {"style": {"blink": True}}),
        rich({"type": "link", "text": "x"}),
        rich({"type": "blink", "text": "x"}),
        {"type": "context", "elements": [{"type": "plain_text", "text": 3}]},
        {"type": "actions", "elements": [{"type": "button", "action_id": "a"}]},
    ],
)
def test_a_block_that_slack_would_refuse_does_not(block):
    assert len(schema_faults([block])) >= 1

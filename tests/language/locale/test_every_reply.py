"""What the bot says to people stands in every language: no text of the request path is English alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

import pytest

from bot.language.locale.replies import known, sentences_of

BOT = Path(__file__).parents[3] / "bot"
SPOKEN = (
    "flows/requests",
    "flows/link/link.py",
    "flows/answer/further.py",
    "chat/replies",
    "chat/forms.py",
    "chat/subscription_form.py",
    "chat/commands.py",
    "chat/discord/channels.py",
    "chat/discord/replying/conversation.py",
    "chat/discord/replying/interaction.py",
    "chat/discord/errors.py",
    "chat/discord/permissions.py",
    "chat/slack/replying/conversation.py",
    "chat/slack/errors.py",
    "schedule.py",
    "feeds/document/parse.py",
    "feeds/fetch/answers.py",
    "feeds/fetch/fetch.py",
    "feeds/fetch/guard.py",
    "feeds/fetch/response.py",
    "feeds/page/documents.py",
    "feeds/page/pdf.py",
    "feeds/page/plain_text.py",
    "flows/ingest/named_feed.py",
)
# What stands in a hole of a sentence: a number where a number belongs, else words.
FILLERS = ("7", "Qx7", "/brief Qx7")
MIN_WORDS_CHARS = 8  # beside the holes: less is a name or a mark
# For those who run the bot, in logs and on the command line; news that is made up; names that platforms print.
NOT_SAID = (
    "A reader in ",
    "wirebrief reports says which and why",
    "Somebody asked in ",
    "The feed “Qx7” has moved",
    "The old address is tried",
    "The feed “Qx7” answers at its old",
    "Only the web's own ports",
    "The operator can add a feed at 8080",
    "A name has from",
    "An address is not a name",
    "Names are shown to readers",
    "Another feed is called",
    "Choose another name",
    "Nobody asked",
    "Write discord:SERVER/CHANNEL",
    "Harbour strike ends",
    "Talks were broken off",
    "Union and port operator",
    "Ships are unloaded",
    "Members vote on",
    "Ida Renn",
    "View Channel",
    "Send Messages",
    "Embed Links",
    "Read Message History",
    "Create Public Threads",
    "The feed holds Qx7 entries; the newest",
)
# Put together from pieces, each of which is looked up where it is known what they are.
PIECES = (
    "Qx7 since Qx7",
    "Muted here until its status changesQx7",
    "Qx7 is not a channel of Discord",
    "Forget this Qx7",
    "This removes every subscription, briefing, question, report and feed of this Qx7",
    "Qx7 (Qx7 feed",
    "Qx7 Change it",
    "Qx7 An admin",
    "Qx7 Add the address",
    "Qx7, Qx7 cannot be read",
    "Qx7 of Qx7 read",
    "Qx7 of Qx7 cannot be read",
    "All is well: Qx7 read",
    "Qx7, sentence Qx7",
    "Hello, I am Qx7",
    "The proxy Qx7",
    "The PDF holds Qx7",
    "Qx7, or check the id",
    "Qx7 is empty",
    "Qx7 is too short",
    "The text",
    "The server did not Qx7",
)


def said_in(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the texts of a module that begin like a sentence, with their line, each filled in several ways."""
    tree = ast.parse(path.read_text("utf-8"))
    quiet = {id(call) for call in ast.walk(tree) if isinstance(call, ast.Call) and _is_log(call)}
    yield from _texts(tree, quiet)


def _is_log(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in {"debug", "info", "warning", "error", "exception", "bind", "TypeError", "ValueError"}


def _texts(node: ast.AST, quiet: set[int]) -> Iterator[tuple[int, list[str]]]:
    if id(node) in quiet or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return  # a log line, or a docstring
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        for way in range(len(_ways(node, FILLERS[0]))):
            yield node.lineno, [_ways(node, filler)[way].strip() for filler in FILLERS]
        return
    for child in ast.iter_child_nodes(node):
        yield from _texts(child, quiet)


def _ways(node: ast.AST, filler: str) -> list[str]:
    """Return what a text may become: both branches of a choice, ``filler`` for all else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(way) for way in islice(product(*(_ways(v, filler) for v in node.values)), 16)]
    if isinstance(node, ast.FormattedValue):
        return _ways(node.value, filler) if isinstance(node.value, ast.IfExp) else [filler]
    if isinstance(node, ast.IfExp):
        return _ways(node.body, filler) + _ways(node.orelse, filler)
    return [filler]


def _is_sentence(text: str) -> bool:
    words = text.replace("Qx7", "").replace("7", "")
    return (text[:1].isupper() or text[:1] == "“") and " " in words.strip() and len(words) >= MIN_WORDS_CHARS


def _translated(sentence: str) -> bool:
    return known(sentence, "de") is not None


@pytest.mark.parametrize("place", SPOKEN)
def test_no_reply_is_english_alone(place):
    at = BOT / place
    paths = sorted(at.rglob("*.py")) if at.is_dir() else [at]
    english = [
        f"{path.relative_to(BOT)}:{line}: {sentence}"
        for path in paths
        for line, fillings in said_in(path)
        for ways in zip(*(list(sentences_of(text)) for text in fillings), strict=True)
        for sentence in ways[1:2]
        if _is_sentence(sentence)
        and not sentence.startswith((*NOT_SAID, *PIECES))
        and not any(map(_translated, ways))
        and not any(_translated(text) for text in fillings)
    ]
    assert english == []

"""A command with many verbs: its help has one line a verb under the heading of its group, its errors are in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

HELP_MARGIN_COLUMNS = 4  # columns: the indent, and the gap between a verb and its summary

# Typer's words for values that an option does not take, and ours.
_WORDS = (
    (re.compile(r"^Value error, "), ""),
    (re.compile(r"^Input should be a valid (?:integer|number).*"), "write a number."),
    (re.compile(r"^Input should be greater than or equal to (\S+)"), r"write a number from \1 on."),
    (re.compile(r"^Input should be less than or equal to (\S+)"), r"write a number of at most \1."),
    (re.compile(r"^Input should be a valid boolean.*"), "write true or false."),
)


def plain_words(message: str) -> str:
    """Return what is wrong with the value of an option, without the words of the library that checks it."""
    for pattern, words in _WORDS:
        message = pattern.sub(words, message)
    return message


class GroupedHelp(TyperGroup):
    """List verbs under the headings named by ``rich_help_panel``, as plain text that pipes and screen readers can take."""

    def invoke(self, ctx: Context) -> Any:
        """Run the verb; an error in one of its options is in plain words."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = plain_words(error.message)
            raise

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002 - as in the base
        """Write each group with its verbs, in the order in which they were added."""
        shown = {name: verb for name, verb in self.commands.items() if not verb.hidden}
        widest = max(map(len, shown))
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, verb in shown.items():
            heading = getattr(verb, "rich_help_panel", None)
            rows = groups.setdefault(heading if isinstance(heading, str) else "Commands", [])
            rows.append(
                (name.ljust(widest), verb.get_short_help_str(formatter.width - HELP_MARGIN_COLUMNS - widest))
            )
        for heading, rows in groups.items():
            with formatter.section(heading):
                formatter.write_dl(rows)

"""Help of a command with many verbs: one line a verb, under the heading of its group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

HELP_MARGIN_COLUMNS = 4  # columns: the indent, and the gap between a verb and its summary


class GroupedHelp(TyperGroup):
    """List verbs under the headings named by ``rich_help_panel``, as plain text that pipes and screen readers can take."""

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

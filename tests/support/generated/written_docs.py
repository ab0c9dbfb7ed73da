"""Write the pages that are made from the code: the example configuration, the table of its keys, that of commands, the drawing and the figures of the folders."""

from __future__ import annotations

from pathlib import Path

from bot.chat.commands import USAGES
from bot.config import example, reference
from tests.support.generated import house, statistics

ROOT = Path(__file__).parents[3]
COMMANDS = ROOT / "docs" / "commands.md"
HEAD = "|---|---|---|\n"


def main() -> None:
    """Write them anew."""
    (ROOT / "config" / "wirebrief.example.toml").write_text(example(), "utf-8")
    page = ROOT / "docs" / "configuration.md"
    head = page.read_text("utf-8").partition("| Key |")[0]
    page.write_text(head + reference(), "utf-8")
    before, _, rest = COMMANDS.read_text("utf-8").partition(HEAD)
    after = rest[rest.index("\nMost answers") :]
    COMMANDS.write_text(before + HEAD + commands() + after, "utf-8")
    house.write()
    statistics.write()


def commands() -> str:
    """Return the rows of the table of commands."""
    rows = []
    for usage in USAGES:
        typed = f"{usage.verb} {usage.words}".strip().replace("|", "\\|")
        rows.append(f"| `{typed}` | {usage.does} | `/brief {usage.example}` |\n")
    return "".join(rows)


if __name__ == "__main__":
    main()

"""Write the pages that are made from the code: the example configuration and the table of its keys."""

from __future__ import annotations

from pathlib import Path

from bot.config import example, reference

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Write them anew."""
    (ROOT / "config" / "wirebrief.example.toml").write_text(example(), "utf-8")
    page = ROOT / "docs" / "configuration.md"
    head = page.read_text("utf-8").partition("| Key |")[0]
    page.write_text(head + reference(), "utf-8")


if __name__ == "__main__":
    main()

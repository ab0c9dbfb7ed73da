"""What verbs print is wrapped for a terminal, and whole lines for whatever reads them."""

from __future__ import annotations

import sys

from bot.cli.terminal import output

LINE = "word " * 60


def test_a_line_that_is_piped_stays_one(capsys, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    output().print(LINE)
    assert capsys.readouterr().out.rstrip() == LINE.rstrip()


def test_a_width_that_is_asked_for_is_kept(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    output().print(LINE)
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 50


def test_a_terminal_is_wrapped_at_its_width(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert output().width < 1000

"""A state labels a status only where its phase, or its line, agrees."""

from __future__ import annotations

from bot.model.update import Phase
from bot.stories.states import fitting_state
from tests.support.running.rows import each_row


@each_row(
    ("kind", "state", "phase", "line", "shown"),
    [
        ("contest", "upcoming", Phase.EXPECTED, "Osby meet Harn in the final", "upcoming"),
        ("contest", "upcoming", Phase.DECIDED, "Draw in Osby reveals the groups of the cup", ""),
        ("company", "explained", Phase.DECIDED, "Velmar to close its shops in Osby", ""),
        ("company", "explained", Phase.DECIDED, "Velmar apologises for late ferries", "explained"),
        ("launch", "announced", Phase.DECIDED, "Velmar unveils a ferry without a captain", "announced"),
        ("accident", "happened", Phase.AFTERMATH, "Outrage over the killing of a bear in Osby", ""),
        ("a kind of ours", "sung", Phase.EXPECTED, "Osby sings", "sung"),
        ("contest", "", Phase.DECIDED, "Osby beat Harn", ""),
        ("contest", "won", None, "Osby and Harn", "won"),
    ],
)
def test_a_state_is_shown_where_phase_or_line_agrees(kind, state, phase, line, shown):
    assert fitting_state(kind, state, phase=phase, line=line) == shown

"""Ten thousand things done by several workspaces in any order: is anybody told what belongs to others?

python -m tests.chaos.scopes [STEPS]
"""

from __future__ import annotations

import sys
import time

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.log import set_up_logs
from tests.flows.scopes import Scopes

STEPS = 10_000
EXAMPLES = 40  # worlds at a time, each lives for up to 60 steps
COVERED = (
    "story_update",
    "briefing",
)  # of which rows that are not for everybody are to be seen


def main(arguments: list[str]) -> None:
    """Let worlds live until so many steps were made; a violation ends it with the steps that led there."""
    wanted = int(arguments[0]) if arguments else STEPS
    set_up_logs(level="critical", json_lines=False)
    begun = time.monotonic()
    while Scopes.steps < wanted:
        run_state_machine_as_test(
            Scopes,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=60,
                deadline=None,
                database=None,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
                print_blob=True,
            ),
        )
        print(_counted(begun), flush=True)
    print(
        "Rows of one channel or workspace that were looked at: "
        + ", ".join(f"{name} {count:,}" for name, count in Scopes.own.most_common())
    )
    if missing := [name for name in COVERED if not Scopes.own[name]]:
        sys.exit(f"Nothing was seen of {', '.join(missing)}.")
    print("Violations: 0")


def _counted(begun: float) -> str:
    prompts, messages = Scopes.totals
    return (
        f"{Scopes.steps:,} steps, {prompts:,} prompts, {messages:,} messages, {Scopes.read:,} stories read ahead, "
        f"{time.process_time():.0f} s of a processor, {time.monotonic() - begun:.0f} s"
    )


if __name__ == "__main__":
    main(sys.argv[1:])

"""``python -m bot`` and the ``wirebrief`` command: run a verb, and word every failure for a person."""

from __future__ import annotations

import os
import sys

from bot.errors import WirebriefError


def main() -> None:
    """Run the command line; exit 0 when done, 1 on a failure, 2 when it was called wrongly."""
    from bot.cli import app  # noqa: PLC0415 - an unreadable environment must not stop the words below

    try:
        app()
    except WirebriefError as error:
        sys.stderr.write(f"wirebrief: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("wirebrief: stopped\n")
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output left, as `head` does; that is no failure of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()

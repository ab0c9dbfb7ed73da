"""``python -m bot`` and the ``wirebrief`` command: run a verb, and print every failure as a sentence."""

from __future__ import annotations

import errno
import os
import sys
import warnings

from bot.errors import ModelError, WirebriefError
from bot.inline import in_words

DISK_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def main() -> None:
    """Run the command line; exit 0 when done, 1 on a failure, 2 when it was called wrongly."""
    from bot.cli import app  # noqa: PLC0415 - an unreadable environment must not stop the words below
    from bot.log import log_stray_errors, report_fault, set_up_logs  # noqa: PLC0415 - as above

    set_up_logs(level="warning", json_lines=False)  # until the configuration is read
    log_stray_errors()
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # they are for those who write programs, and quote what they met
    try:
        app(args=[_argument(each) for each in sys.argv[1:]])
    except WirebriefError as error:
        sys.stderr.write(
            in_words(f"wirebrief: {error.for_operator if isinstance(error, ModelError) else error}\n")
        )
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("wirebrief: stopped\n")
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output closed the pipe, as `head` does: this is not an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - users must not see a traceback
        if isinstance(error, OSError) and error.errno in DISK_FULL_ERRNOS:
            sys.stderr.write("wirebrief: The disk is full. Free some room and run the same again\n")
            sys.exit(1)
        number = report_fault(error, doing="the command line")
        sys.stderr.write(
            f"wirebrief: Something went wrong inside Wirebrief (error {number}). "
            "Please report it with the line of that number above\n"
        )
        sys.exit(1)


def _argument(text: str) -> str:
    """Return an argument cleaned, as outside text is; the name of a file stays as the system writes it."""
    from bot.language.cleaning.clean import clean_text  # noqa: PLC0415 - as above

    return text if os.path.lexists(text) else clean_text(text)


if __name__ == "__main__":
    main()

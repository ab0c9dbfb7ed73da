"""Print the modules that are loaded: run as a program, those of one that has imported the bot and done nothing."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    sys.stdout.write(" ".join(sys.modules))

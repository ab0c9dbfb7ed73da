"""Where the reference data lies: beside the project, or where WIREBRIEF_DATA says."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(os.environ.get("WIREBRIEF_DATA", Path(__file__).parents[2] / "shared" / "data"))

"""Write anew what follows from the code and is kept in files, so that a difference is seen when it is reviewed.

The API's schema, the sentences that can be translated, the reference, the lower halves of the engine's pages, the
table of attacks, and how many statements each operation sends.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COUNTS = "tests/conformance/test_query_counts.py"
FILES = {
    "mainstay/surfaces/api/openapi.json": ["-m", "mainstay.surfaces.api"],
    "mainstay/locale/django.pot": ["tools/messages.py"],
    "docs/reference": ["tools/reference.py"],
    "docs/inside/engine": ["-m", "tools.inside"],
    "docs/inside/attacks.md": ["-m", "tests.safety.attacks"],
    # In one process, on the database whose counts are kept.
    "tests/conformance/query_counts.json": ["-m", "pytest", "-p", "no:cacheprovider", COUNTS],
}
SET = {"MAINSTAY_PIN": "1", "MAINSTAY_DATABASE_URL": "", "PYTHONPATH": str(ROOT)}


def main() -> int:
    for file, words in FILES.items():
        print(file, flush=True)
        done = subprocess.run([sys.executable, *words], cwd=ROOT, env=os.environ | SET)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Writes what follows from the code: ``docs/protocol.md``, ``js/src/protocol.ts``, and tables in other pages.

``python docs/generate.py`` writes it, ``--check`` only says whether it is what it should be.
"""

from __future__ import annotations

import argparse
import sys

from pages import protocol_page
from regions import limits_table, rights_table, with_region
from typescript import typescript
from vocabulary import ROOT, Vocabulary

DOCS = ROOT / "docs"


def main(arguments: list[str] | None = None) -> int:
    """Write the pages, or check them; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a file is stale")
    options = parser.parse_args(arguments)
    words = Vocabulary()
    pages = {
        DOCS / "protocol.md": protocol_page(words),
        DOCS / "limits.md": with_region(DOCS / "limits.md", "limits", limits_table(words)),
        DOCS / "security.md": with_region(DOCS / "security.md", "rights", rights_table()),
        ROOT / "js" / "src" / "protocol.ts": typescript(words),
    }
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        shown = path.relative_to(ROOT)
        if options.check:
            print(f"{shown} is stale: run `make docs`", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages[path], encoding="utf-8")
            print(f"wrote {shown}")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())

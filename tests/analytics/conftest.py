"""The tests of the analytics need nothing but pandas: no hub, no workspace."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

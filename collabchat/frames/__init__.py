"""Arrow tables from the hub, kept in this process: pandas DataFrames of them, and SQL over them."""

from __future__ import annotations

from .frames import Frames
from .schema import SCHEMAS

__all__ = ["SCHEMAS", "Frames"]

"""Finding, starting and talking to the hub of a workspace.

A `Link` is one authenticated WebSocket to a hub. It finds the hub of a folder through ``hub.json`` or starts one,
says `hello`, and comes back on its own when it was lost. All links of a process share one daemon thread.

Examples
--------
>>> link = Link(Target(workspace=Path("team"), user="ana"), on_frame=print, on_state=print)  # doctest: +SKIP
>>> link.start()  # doctest: +SKIP
"""

from __future__ import annotations

from .link import Link
from .target import Target

__all__ = ["Link", "Target"]

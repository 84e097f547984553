"""The panel: the chat as a widget in a notebook, and as a page in Voila."""

from __future__ import annotations

from collabchat.panel.widget import ChatPanel

__all__ = ["ChatPanel"]

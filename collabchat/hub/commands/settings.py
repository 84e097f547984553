"""What the owner and the admins choose for everybody."""

from __future__ import annotations

import msgspec

from collabchat import protocol as p
from collabchat.hub import access
from collabchat.hub.commands.decision import Case, Decision, name_of


def decide(case: Case, command: p.SetSettings) -> Decision:
    """A change of the workspace's settings."""
    access.check(name_of(command), case.me, None)
    now = case.workspace.directory.settings
    chosen = {
        name: value for name in p.WorkspaceSettings.__struct_fields__ if (value := getattr(command, name)) is not None
    }
    if command.quota == 0:
        chosen["quota"] = None
    new = msgspec.structs.replace(now, **chosen)
    return Decision(None) if new == now else Decision(p.SettingsSet(settings=new))

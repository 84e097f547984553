"""The one process that owns a workspace: connections, rights, commands, presence."""

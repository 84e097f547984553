"""What is read: a folder, or one file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """A folder (an archive was unpacked into one) or a file.

    Examples
    --------
    >>> Source(Path("export")).identity
    'export'
    """

    path: Path
    named: str = ""
    """What it was called where it is not what lies at ``path``: the archive that was unpacked."""

    @property
    def identity(self) -> str:
        """What tells this source from another of the same format, where the format knows nothing better."""
        return self.named or self.path.name

    def files(self, pattern: str = "*") -> list[Path]:
        """The files that match, by name; the file itself where the source is one."""
        if self.path.is_file():
            return [self.path] if self.path.match(pattern.rpartition("/")[2]) else []
        return sorted(one for one in self.path.glob(pattern) if one.is_file())

    def name_of(self, path: Path) -> str:
        """What the report calls a file: its place within the source."""
        inside = path != self.path and path.is_relative_to(self.path)
        return path.relative_to(self.path).as_posix() if inside else path.name

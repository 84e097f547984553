"""Calls of the system that this process gives up for good, on Linux: network, other programs, changes of files."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _GREATER_OR_EQUAL, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000

# name: (number on x86_64, number on aarch64); None where there is no such call.
_CALLS: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "io_uring_setup": (425, 425),
    "bpf": (321, 280),
    "kill": (62, 129),
    "tkill": (200, 130),
    "mount": (165, 40),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "creat": (85, None),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, None),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "utimensat": (280, 88),
}
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def refuse() -> bool:
    """Have the system answer these calls with "not permitted" from now on; whether it does."""
    if os.sysconf("SC_PAGE_SIZE") <= 0 or platform.machine() not in _MACHINES or struct.calcsize("P") != 8:
        return False
    which, machine = _MACHINES[platform.machine()]
    numbers = sorted(number for pair in _CALLS.values() if (number := pair[which]) is not None)
    program = _program(machine, numbers)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    packed = _Program(len(program) // 8, program)
    return bool(libc.prctl(_SECCOMP, _FILTER, ctypes.byref(packed), 0, 0) == 0)


def _program(machine: int, numbers: list[int]) -> bytes:
    """The rules, as the kernel reads them: another machine's calls end the process, those of the list fail."""
    rules = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        # Numbers from here on are x86_64's second set of calls.
        (_GREATER_OR_EQUAL, 0, 1, 0x40000000),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
    ]
    for number in numbers:
        rules += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
    rules.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *rule) for rule in rules)

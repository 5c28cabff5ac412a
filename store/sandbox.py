"""What a reader process may take: bounded memory, no core dump, no socket."""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys

# linux/seccomp.h, linux/filter.h and linux/audit.h; the socket call's number is per machine.
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD_WORD, _JUMP_EQUAL, _JUMP_FROM, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _DENY = 0x7FFF0000, 0x00050000 | 13
_SYSCALL_NUMBER, _ARCHITECTURE, _X32_CALLS = 0, 4, 0x40000000
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def limit_memory(size: int) -> None:
    """Bound this process's address space to `size` bytes, for good, and let it write no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def forbid_sockets() -> bool:
    """Deny this thread and those it starts every new socket, for good; false where the system offers no seccomp."""
    machine = _MACHINES.get(os.uname().machine) if sys.platform == "linux" else None
    if machine is None:
        return False
    code = _filter(*machine)
    program = _Program(len(code) // 8, code)
    prctl = ctypes.CDLL(None).prctl
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)


def _filter(architecture: int, socket_call: int) -> bytes:
    """A BPF program that answers EACCES to `socket` and to calls of a foreign architecture, and lets the rest pass."""
    instructions = (
        (_LOAD_WORD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 0, 3, architecture),
        (_LOAD_WORD, 0, 0, _SYSCALL_NUMBER),
        (_JUMP_EQUAL, 1, 0, socket_call),
        (_JUMP_FROM, 0, 1, _X32_CALLS),
        (_RETURN, 0, 0, _DENY),
        (_RETURN, 0, 0, _ALLOW),
    )
    return b"".join(struct.pack("HBBI", *instruction) for instruction in instructions)

"""A program that may read the system and one folder, and nothing else: Landlock (Linux 5.13), no privilege needed.

Run by itself, `python enclosure.py FOLDER PROGRAM …` becomes the program, enclosed for good with all that it starts.
LibreOffice needs this: what an RTF names as its picture it opens, whatever its settings say of links.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from pathlib import Path

# linux/landlock.h; the numbers of the calls are the same on every machine.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION, _BENEATH, _NO_NEW_PRIVILEGES = 1, 1, 38
_READ, _READ_FILE, _WRITE_FILE = 0b1101, 0b101, 0b110
"""Run and read files and list folders; the same for a file alone; read and write a file alone."""
_EVERYTHING = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
"""Every access that a version of the kernel's interface can refuse."""
_TCP = 0b11
_SOCKET = 1 << 9 | 1 << 5
"""Make a local socket and remove it: LibreOffice puts its own into /tmp, wherever else it may write."""
_SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/opt",
    "/etc/fonts",
    "/etc/libreoffice",
    "/etc/alternatives",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
    "/var/cache/fontconfig",
)
_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/dev/urandom", "/dev/random")


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("place", ctypes.c_int32))


def can_enclose() -> bool:
    """Whether this system has Landlock."""
    return _version() > 0


def enclose(folder: Path) -> None:
    """Let this process and those it starts read the system's programs, use `folder`, open no TCP connection, for good.

    Raises `OSError` where the system refuses.
    """
    version = _version()
    every = _EVERYTHING[min(version, 3)]
    # A kernel that knows nothing of the network takes the first half of the structure alone.
    rules, size = _Rules(every, _TCP), 16 if version >= 4 else 8
    ruleset = _call(_CREATE, ctypes.byref(rules), size, 0)
    for place in _SYSTEM:
        _allow(ruleset, place, _READ)
    for place in _FILES:
        _allow(ruleset, place, _READ_FILE)
    _allow(ruleset, "/dev/null", _WRITE_FILE)
    _allow(ruleset, "/tmp", _SOCKET)
    _allow(ruleset, str(folder), every)
    if ctypes.CDLL(None, use_errno=True).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no new privileges")
    _call(_RESTRICT, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, place: str, access: int) -> None:
    try:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        _call(_ADD, ruleset, _BENEATH, ctypes.byref(_Beneath(access, opened)), 0)
    finally:
        os.close(opened)


def _version() -> int:
    if platform.system() != "Linux":
        return 0
    try:
        return _call(_CREATE, None, 0, _VERSION)
    except OSError:
        return 0


def _call(number: int, *arguments: object) -> int:
    result = int(ctypes.CDLL(None, use_errno=True).syscall(number, *arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


if __name__ == "__main__":
    enclose(Path(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])

"""Files of a store dropped from the memory of the system, so that the next answer comes from disk."""

from __future__ import annotations

import os
from pathlib import Path


def forget_files(folder: Path) -> bool:
    """Write out and drop what the system keeps in memory of the files; false where it cannot be asked to."""
    if not hasattr(os, "posix_fadvise"):
        return False
    for path in folder.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)
    return True

"""Hostile files apart: each plan is read in a process of its own, with bounded memory and time and without sockets."""

from __future__ import annotations

import multiprocessing
import os
import resource
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from loaders.errors import LoadError, UnreadableFile
from loaders.pipeline import read_plan
from loaders.records import PlanRecord
from store.sandbox import forbid_sockets, limit_memory

_MACHINERY = multiprocessing.get_context("forkserver")
_MACHINERY.set_forkserver_preload(["loaders.pipeline"])


@dataclass(frozen=True, kw_only=True)
class ReadingLimits:
    """What reading one plan may take (EXTRACTION.md, 8: one process per file)."""

    memory_bytes: int = 1024 * 1024 * 1024
    seconds: float = 180.0


def read_apart(path: Path, manifest: Path | None = None, limits: ReadingLimits | None = None) -> PlanRecord:
    """The record of a plan folder or document, read in a process that is stopped at its limits.

    Raises `LoadError`: what the reader says of the file, or that the file needs more than the limits allow.
    """
    bounds = limits or ReadingLimits()
    ours, theirs = _MACHINERY.Pipe(duplex=False)
    child = _MACHINERY.Process(target=_read, args=(theirs, path, manifest, bounds), daemon=True)
    child.start()
    theirs.close()
    try:
        answer = ours.recv() if ours.poll(bounds.seconds) else None
    except EOFError:
        raise _beyond(path, f"{bounds.memory_bytes // 2**20} MB of memory") from None
    finally:
        child.kill()
        child.join()
        ours.close()
    if isinstance(answer, PlanRecord):
        return answer
    raise answer if isinstance(answer, LoadError) else _beyond(path, f"{bounds.seconds:.0f} s")


def _beyond(path: Path, limit: str) -> UnreadableFile:
    return UnreadableFile(
        f"reading it takes more than {limit}.",
        file=path,
        remedy="Split the document, or save it again from its program.",
    )


def _read(answer: Connection, path: Path, manifest: Path | None, limits: ReadingLimits) -> None:
    """Read in the child: within its limits, and nothing but the record or a `LoadError` goes back."""
    os.setpgrp()
    limit_memory(limits.memory_bytes)
    seconds = int(limits.seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    forbid_sockets()
    try:
        answer.send(read_plan(path, manifest))
    except LoadError as error:
        answer.send(error)
    except MemoryError:
        os._exit(1)

"""Hostile files apart: each plan is read in a process of its own, with bounded memory and time and without sockets."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TypeVar

from loaders.errors import LoadError, UnreadableFile
from loaders.pipeline import read_plan
from loaders.records import PlanRecord
from store.sandbox import forbid_sockets, limit_memory

_MACHINERY = multiprocessing.get_context("forkserver")
_MACHINERY.set_forkserver_preload(["api.operations.warm"])
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class ReadingLimits:
    """What reading one plan may take (EXTRACTION.md, 8: one process per file)."""

    memory_bytes: int = 1024 * 1024 * 1024
    seconds: float = 180.0


def warm_up() -> None:
    """Start the server that reading processes are forked from, without waiting: words and rules take it seconds."""
    forkserver.ensure_running()


def read_apart(path: Path, manifest: Path | None = None, limits: ReadingLimits | None = None) -> PlanRecord:
    """The record of a plan folder or document, read in a process that is stopped at its limits.

    Raises `LoadError`: what the reader says of the file, or that the file needs more than the limits allow.
    """
    return run_apart(partial(read_plan, path, manifest), path, limits)


def run_apart(task: Callable[[], Result], path: Path, limits: ReadingLimits | None = None) -> Result:
    """What `task`, which reads the plan at `path`, returns from a process that is stopped at its limits.

    Raises `LoadError` as `read_apart` does. The task and what it returns must be picklable.
    """
    bounds = limits or ReadingLimits()
    ours, theirs = _MACHINERY.Pipe(duplex=False)
    child = _MACHINERY.Process(target=_run, args=(theirs, task, path, bounds), daemon=True)
    child.start()
    theirs.close()
    try:
        if not ours.poll(bounds.seconds):
            raise _beyond(path, f"{bounds.seconds:.0f} s")
        answer: Result | LoadError = ours.recv()
    except EOFError:
        raise _beyond(path, f"{bounds.memory_bytes // 2**20} MB of memory") from None
    finally:
        _end(child)
        ours.close()
    if isinstance(answer, LoadError):
        raise answer
    return answer


def _end(child: BaseProcess) -> None:
    """End the child, and the programs that it has started in its process group (tesseract, for scans)."""
    if child.pid:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.join()


def _beyond(path: Path, limit: str) -> UnreadableFile:
    return UnreadableFile(
        f"reading it takes more than {limit}.",
        file=path,
        remedy="Split the document, or save it again from its program.",
    )


def _run(answer: Connection, task: Callable[[], object], path: Path, limits: ReadingLimits) -> None:
    """Run the task in the child: within its limits, and nothing but its result or a `LoadError` goes back."""
    os.setpgrp()
    limit_memory(limits.memory_bytes)
    seconds = int(limits.seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    forbid_sockets()
    try:
        answer.send(task())
    except LoadError as error:
        answer.send(error)
    except MemoryError:
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - the edge of the process: a fault of the reader is no limit of the file
        fault = f"{type(error).__name__}: {error}"
        answer.send(
            UnreadableFile(f"the reader failed ({fault}).", file=path, remedy="Please report it with the file.")
        )

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
from typing import TypeVar, cast

from api.errors import ReaderNotStarted
from loaders.errors import LoadError, UnreadableFile
from loaders.pipeline import read_plan
from loaders.records import PlanRecord
from store.sandbox import forbid_sockets, limit_memory

_MACHINERY = multiprocessing.get_context("forkserver")
_MACHINERY.set_forkserver_preload(["api.operations.warm"])
Result = TypeVar("Result")

_START_SECONDS = 120.0
"""How long a process may take to come up: the server that it is forked from needs seconds on a busy machine."""
_ENDING_SECONDS = 10.0
_OUT_OF_MEMORY = 77
"""The exit code of a child that was refused memory."""


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

    Raises `LoadError` as `read_apart` does, and `ReaderNotStarted` when there is no process to read it. The task and
    what it returns must be picklable.
    """
    bounds = limits or ReadingLimits()
    ours, theirs = _MACHINERY.Pipe(duplex=False)
    child = _MACHINERY.Process(target=_run, args=(theirs, task, path, bounds), daemon=True)
    with ours:
        try:
            with theirs:
                _start(child)
            answer = _received(child, ours, path, bounds)
        finally:
            _end(child)
    if isinstance(answer, LoadError):
        raise answer
    return cast(Result, answer)


def _start(child: BaseProcess) -> None:
    try:
        child.start()
    except (OSError, EOFError) as error:
        raise ReaderNotStarted(str(error) or type(error).__name__) from error


def _received(child: BaseProcess, ours: Connection, path: Path, limits: ReadingLimits) -> object:
    """What the child sends once it has read; raises why it sends nothing."""
    try:
        if not ours.poll(_START_SECONDS):
            raise ReaderNotStarted(f"{_START_SECONDS:.0f} s")
        ours.recv()
    except EOFError:
        raise ReaderNotStarted(_ending(child)) from None
    try:
        if not ours.poll(limits.seconds):
            raise _beyond(path, f"reading it takes more than {limits.seconds:.0f} s.")
        return ours.recv()
    except EOFError:
        raise _why(child, path, limits) from None


def _why(child: BaseProcess, path: Path, limits: ReadingLimits) -> UnreadableFile:
    """Why a child ended while it was reading."""
    ending = _ending(child)
    if child.exitcode in (_OUT_OF_MEMORY, -signal.SIGKILL):
        # Where it was not this process that killed it, it was the system, for want of memory.
        return _beyond(path, f"reading it takes more than {limits.memory_bytes // 2**20} MB of memory.")
    if child.exitcode == -signal.SIGXCPU:
        return _beyond(path, f"reading it takes more than {_processor_seconds(limits)} s of processor.")
    return UnreadableFile(
        f"the process that read it ended suddenly ({ending}).",
        file=path,
        remedy="Save it again from its program; if it happens again, report it with the file.",
    )


def _ending(child: BaseProcess) -> str:
    """How a child whose end of the connection is closed came to its end."""
    child.join(_ENDING_SECONDS)
    code = child.exitcode
    return signal.Signals(-code).name if code is not None and code < 0 else f"exit {code}"


def _beyond(path: Path, problem: str) -> UnreadableFile:
    return UnreadableFile(problem, file=path, remedy="Split the document, or save it again from its program.")


def _end(child: BaseProcess) -> None:
    """End the child, and the programs that it has started in its process group (tesseract, for scans)."""
    if child.pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.join()


def _processor_seconds(limits: ReadingLimits) -> int:
    return int(limits.seconds) + 1


def _run(answer: Connection, task: Callable[[], object], path: Path, limits: ReadingLimits) -> None:
    """Run the task in the child: within its limits, and nothing but its result or a `LoadError` goes back."""
    os.setpgrp()
    limit_memory(limits.memory_bytes)
    seconds = _processor_seconds(limits)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    forbid_sockets()
    answer.send(None)
    try:
        answer.send(task())
    except LoadError as error:
        answer.send(error)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001 - the edge of the process: a fault of the reader is no limit of the file
        fault = f"{type(error).__name__}: {error}"
        answer.send(
            UnreadableFile(f"the reader failed ({fault}).", file=path, remedy="Please report it with the file.")
        )

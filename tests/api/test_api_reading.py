"""Each plan is read in a process of its own: the same record, errors as they are, limits that hold."""

from __future__ import annotations

import errno
import multiprocessing
import os
import re
import signal
import time
import zipfile
from functools import partial
from pathlib import Path

import pytest

from api.errors import ReaderNotStarted
from api.operations.reading import ReadingLimits, read_apart, run_apart
from loaders.errors import LoadError, UnknownFormat
from loaders.pipeline import read_plan

SAMPLE = next(p for p in (Path(__file__).parents[2] / "data" / "plans").iterdir() if p.name.startswith("cernusco"))


def test_the_record_is_the_one_read_here():
    apart = read_apart(SAMPLE)
    assert apart == read_plan(SAMPLE)
    assert apart.objectives[0].passage.exact


def test_an_error_of_the_reader_comes_back_whole(tmp_path):
    path = tmp_path / "piano.wk1"
    path.write_bytes(b"x")
    with pytest.raises(UnknownFormat) as error:
        read_apart(path)
    assert str(path) in str(error.value)
    assert error.value.remedy


def test_a_slow_reading_is_stopped(tmp_path):
    path = tmp_path / "piano.txt"
    path.write_text("Obiettivo\tIndicatori\tTempi\n" + "a\tb\tc\n" * 60_000, encoding="utf-8")
    start = time.monotonic()
    with pytest.raises(LoadError, match="takes more than 1 s"):
        read_apart(path, limits=ReadingLimits(seconds=1))
    assert time.monotonic() - start < 60


def test_a_hungry_reading_is_stopped(tmp_path):
    path = tmp_path / "piano.txt"
    path.write_text("Obiettivo\tIndicatori\tTempi\n" + "parole molte\tb\tc\n" * 100_000, encoding="utf-8")
    with pytest.raises(LoadError, match=r"MB of memory|takes more than"):
        read_apart(path, limits=ReadingLimits(memory_bytes=400 * 1024 * 1024, seconds=60))


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "piano.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b"<a>" + b" " * 250_000_000)
    with pytest.raises(LoadError) as error:
        read_apart(path)
    assert "piano.docx" in str(error.value)


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (partial(bytearray, 2**31), "takes more than 1024 MB of memory"),
        (partial(signal.raise_signal, signal.SIGKILL), "takes more than 1024 MB of memory"),
        (partial(signal.raise_signal, signal.SIGXCPU), "takes more than 181 s of processor"),
        (partial(signal.raise_signal, signal.SIGSEGV), "ended suddenly (SIGSEGV)"),
        (partial(os._exit, 3), "ended suddenly (exit 3)"),
        (partial(int, "x"), "the reader failed (ValueError"),
    ],
    ids=["memory", "killed by the system", "processor", "signal", "exit", "fault"],
)
def test_how_a_reading_ended_is_told(task, said, tmp_path):
    with pytest.raises(LoadError, match=re.escape(said)):
        run_apart(task, tmp_path / "piano.txt")


class Unreadable:
    """A task that cannot be taken up by the process it is sent to."""

    def __reduce__(self):
        return int, ("x",)


def test_a_process_that_does_not_start_is_not_the_fault_of_the_document(tmp_path):
    with pytest.raises(ReaderNotStarted, match=r"exit 1.*document is not at fault"):
        run_apart(partial(print, Unreadable()), tmp_path / "piano.txt")


def test_a_process_that_the_system_refuses_is_told_as_that(tmp_path, monkeypatch):
    def refuse(_):
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(multiprocessing.context.ForkServerProcess, "start", refuse)
    with pytest.raises(ReaderNotStarted, match="Resource temporarily unavailable"):
        run_apart(partial(int, "1"), tmp_path / "piano.txt")

"""Each plan is read in a process of its own: the same record, errors as they are, limits that hold."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

from api.operations.reading import ReadingLimits, read_apart
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

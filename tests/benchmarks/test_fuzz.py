from __future__ import annotations

from random import Random

import pytest

from benchmarks.fuzz import damaged, fault, run, samples

FORMATS = samples()


@pytest.mark.parametrize("suffix", FORMATS)
def test_sound_samples_are_read(suffix):
    assert fault(FORMATS[suffix], suffix) is None


@pytest.mark.parametrize("suffix", FORMATS)
def test_damaged_documents_are_read_or_refused(suffix):
    assert [trace for _, _, trace in run(11, 6, (suffix,))] == []


def test_a_seed_gives_the_same_damage():
    data = FORMATS[".docx"]
    assert damaged(data, Random(3)) == damaged(data, Random(3)) != data


def test_what_a_reader_lets_through_is_a_fault(monkeypatch):
    def broken(*_):
        raise IndexError("beyond")

    monkeypatch.setattr("benchmarks.fuzz.check_measure", broken)
    assert "IndexError: beyond" in (fault(b"<p>parole", ".html") or "")

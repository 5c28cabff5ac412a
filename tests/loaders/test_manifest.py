"""Manifests: what they assert, and errors that name the file, the place and the remedy."""

from __future__ import annotations

import pytest

from loaders.errors import LoadError, ManifestError, NothingToRead, UnknownFormat, UnreadableFile
from loaders.formats import read_document
from loaders.manifest import plan_folders, read_manifest
from loaders.pipeline import read_plan

DOCUMENT = (
    "**CONTRASTO ALLA VIOLENZA DI GENERE**\n\nProtocollo presente\tNon presente\tPriorità\nX\t\tIncontri di rete\n"
)


def folder(tmp_path, manifest: str, text: str = DOCUMENT):
    (tmp_path / "plan.toml").write_text(manifest, encoding="utf-8")
    (tmp_path / "piano.txt").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_manifest_decides_and_says_so(tmp_path):
    record = read_plan(
        folder(
            tmp_path,
            'id = "prova"\nkind = "annex"\nrenditions = ["piano.txt"]\n[territory]\nambito = "Ambito di Prova"\n'
            '[period]\nstart = "2025-01-01"\nend = "2027-12-31"\n',
        )
    )
    assert (record.plan.id, record.plan.kind, record.plan.territory.ambito) == ("prova", "annex", "Ambito di Prova")
    assert (record.plan.period.end, record.plan.period.asserted_by) == ("2027-12-31", "manifest")


def test_a_document_alone_takes_the_manifest_beside_it(tmp_path):
    home = folder(tmp_path, 'id = "prova"\nrenditions = ["piano.txt"]\n')
    assert read_plan(home / "piano.txt").plan.id == "prova"


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("id = ", "is not TOML"),
        ('id = "Prova Grande"\nrenditions = ["piano.txt"]', "id"),
        ('id = "prova"\ncolour = "red"\nrenditions = ["piano.txt"]', "colour"),
        ('id = "prova"\nrenditions = ["altro.txt"]', "altro.txt"),
        ('id = "prova"\nrenditions = ["../piano.txt"]', "piano.txt"),
        ('id = "prova"', "names no rendition"),
        ('id = "prova"\nrenditions = ["piano.txt"]\n[period]\nstart = "2021"', "period.start"),
    ],
)
def test_a_wrong_manifest_is_refused_with_its_place(tmp_path, manifest, words):
    with pytest.raises(ManifestError) as error:
        read_plan(folder(tmp_path, manifest))
    assert words in str(error.value)
    assert "plan.toml" in str(error.value)
    assert error.value.remedy


def test_folders_of_plans_are_found_by_their_manifests(tmp_path):
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        folder(tmp_path / name, f'id = "{name}"\nrenditions = ["piano.txt"]\n')
    assert [p.plan_id for p in plan_folders(tmp_path)] == ["a", "b"]
    assert plan_folders(tmp_path / "a")[0].manifest == read_manifest(tmp_path / "a" / "plan.toml")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("vuoto.txt", b" \n\t\n", NothingToRead),
        ("binario.txt", b"a\0b", UnreadableFile),
        ("foglio.wk1", b"abc", UnknownFormat),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path, name, data, kind):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(kind) as error:
        read_document(path)
    assert name in str(error.value)
    assert error.value.remedy in str(error.value)


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(LoadError, match="cannot be read"):
        read_plan(tmp_path / "manca.txt")


def test_windows_text_is_read(tmp_path):
    path = tmp_path / "piano.txt"
    path.write_bytes("**ABITARE**\r\n\r\nAzioni\tIndicatori\tTempi\r\nPovertà\tN. case\t2024\r\n".encode("cp1252"))
    record = read_plan(path)
    assert record.objectives[0].rows[0].actions[0].text == "Povertà"

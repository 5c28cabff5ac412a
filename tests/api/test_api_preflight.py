"""Pre-flight of a draft: the page needs no script, offers every form and the copy, and nothing is left behind."""

from __future__ import annotations

import multiprocessing.forkserver
import re
import tempfile
from pathlib import Path

import httpx
import pytest

from api.render import REPORT_FORMATS
from api.render.template import TEMPLATE_FORMS
from store import GraphStore

DRAFT = b"Obiettivo,Azione,Responsabile,Indicatore,Tempi\nAccesso unitario,Aprire i punti unici,,,2024\n"


def test_the_page_has_a_button_for_every_form_and_for_the_copy(client: httpx.Client) -> None:
    page = client.get("/check?lang=it").text
    addresses = re.findall(r'<button[^>]* formaction="([^"]+)"', page)
    forms = {f"/api/check?format={name}&amp;lang=it" for name in REPORT_FORMATS}
    assert set(addresses) == forms | {"/api/check/annotated?lang=it"}
    assert set(re.findall(r'href="(/api/template[^"]+)"', page)) == {
        f"/api/template?form={one}" for one in TEMPLATE_FORMS
    }
    assert "<script" not in page[page.index('<form class="draft"') : page.index("</form>")]


def test_what_the_buttons_lead_to_answers(client: httpx.Client) -> None:
    page = client.get("/check?lang=it").text
    for address in re.findall(r'<button[^>]* formaction="([^"]+)"', page):
        answer = client.post(address.replace("&amp;", "&"), files={"file": ("bozza.csv", DRAFT)})
        assert answer.status_code == (415 if "annotated" in address else 200), address
    for address in re.findall(r'href="(/api/template[^"]+)"', page):
        assert client.get(address).content.startswith(b"PK")


def test_the_reader_is_warm_before_the_draft_comes(client: httpx.Client) -> None:
    client.get("/check")
    assert multiprocessing.forkserver._forkserver._forkserver_pid is not None  # type: ignore[attr-defined]


def test_the_result_takes_the_focus(client: httpx.Client) -> None:
    page = client.post("/check?lang=it", files={"file": ("bozza.csv", DRAFT)}).text
    assert re.search(r'<h2 id="outcome" tabindex="-1" autofocus>', page)


@pytest.mark.parametrize("address", ["/check", "/api/check?format=pdf", "/api/check/annotated"])
def test_nothing_is_left_on_the_disk_or_in_the_store(
    client: httpx.Client, loaded: GraphStore, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    class Watched(tempfile.TemporaryDirectory[str]):
        def __enter__(self) -> str:
            made.append(Path(self.name))
            return super().__enter__()

    monkeypatch.setattr("api.uploads.TemporaryDirectory", Watched)
    stored = loaded.dump()
    client.post(address, files={"file": ("bozza.csv", DRAFT)})
    assert len(made) == 1
    assert not made[0].exists()
    assert loaded.dump() == stored


@pytest.mark.parametrize(
    ("name", "body", "it", "en"),
    [
        ("bozza.docx", b"no archive", "non è un file di Office", "this is not an office package"),
        ("foto.png", b"\x89PNG", "questo tipo di file non si legge", "no reader for this kind of file"),
        ("vuoto.txt", b"", "nel file non ci sono parole", "the file holds no words"),
    ],
)
def test_what_cannot_be_read_is_told_in_the_language_of_the_page(
    client: httpx.Client, name: str, body: bytes, it: str, en: str
) -> None:
    for language, words in (("it", it), ("en", en)):
        client.cookies.clear()
        answer = client.post("/check", files={"file": (name, body)}, headers={"Accept-Language": language})
        assert answer.status_code in (415, 422)
        (told,) = re.findall(r'role="alert"><p>([^<]+)</p>', answer.text)
        assert told.startswith(f"{name}: {words}")

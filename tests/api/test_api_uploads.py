"""A draft sent to be checked: reported on, limited, never stored, never taken for an address."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from api.uploads import _safe_name
from store import GraphStore

PLANS = Path(__file__).parents[2] / "data" / "plans"
LODI = next((PLANS / "lodi-2021-2023").glob("000*.txt"))
MANIFEST = PLANS / "lodi-2021-2023" / "plan.toml"


def send(client: httpx.Client, name: str, data: bytes, path: str = "/api/check", **more: bytes) -> httpx.Response:
    files = {"file": (name, data), **{field: (f"{field}.toml", content) for field, content in more.items()}}
    return client.post(path, files=files)


def test_a_draft_is_reported_on_and_not_stored(client: httpx.Client, loaded: GraphStore) -> None:
    before = loaded.dump()
    report = send(client, "bozza.txt", LODI.read_bytes()).json()
    assert report["findings"]
    assert {finding["file"] for finding in report["findings"]} <= {"bozza.txt", None}
    assert sorted(loaded.dump().splitlines()) == sorted(before.splitlines())


def test_a_manifest_says_what_the_text_does_not(client: httpx.Client) -> None:
    report = send(client, "000_602cceb77f3321e2.txt", LODI.read_bytes(), manifest=MANIFEST.read_bytes()).json()
    assert report["plan_id"] == "lodi-2021-2023"


def test_the_report_comes_in_the_form_asked_for(client: httpx.Client) -> None:
    response = client.post("/api/check?format=text&lang=en", files={"file": ("a.txt", LODI.read_bytes())})
    assert response.headers["content-type"].startswith("text/plain")
    assert "ERROR" in response.text


def test_a_large_file_is_refused_before_it_is_read(client: httpx.Client) -> None:
    response = send(client, "big.txt", b"x" * 400_000)
    assert response.status_code == 413
    assert response.json()["type"].endswith("upload-too-large")


def test_a_large_file_of_unknown_length_is_refused(client: httpx.Client) -> None:
    boundary = "b0undary"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'.encode()

    def body() -> object:
        yield head
        for _ in range(40):
            yield b"x" * 10_000
        yield f"\r\n--{boundary}--\r\n".encode()

    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    response = client.post("/api/check", content=body(), headers=headers)  # type: ignore[arg-type]
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("name", "data", "status", "slug"),
    [
        ("a.exe", b"MZ", 415, "unknown-format"),
        ("a.txt", b"  \n ", 422, "nothing-to-read"),
        ("a.txt", b"a\0b", 422, "unreadable-file"),
    ],
)
def test_what_cannot_be_read_is_said_without_our_paths(
    client: httpx.Client, name: str, data: bytes, status: int, slug: str
) -> None:
    response = send(client, name, data)
    assert response.status_code == status
    assert response.json()["type"].endswith(f"/{slug}")
    assert "/tmp" not in response.text
    assert response.json()["detail"].startswith(name)


def test_a_bad_manifest_is_said(client: httpx.Client) -> None:
    response = send(client, "a.txt", LODI.read_bytes(), manifest=b"id = ")
    assert response.status_code == 422
    assert response.json()["type"].endswith("/manifest")


@pytest.mark.parametrize("form", [{}, {"file": "/etc/passwd"}, {"file": "http://127.0.0.1:1/"}])
def test_a_text_is_never_taken_for_a_path_or_an_address(client: httpx.Client, form: dict[str, str]) -> None:
    response = client.post("/api/check", data=form)
    assert response.status_code == 400
    assert response.json()["type"].endswith("/malformed-request")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("bozza.docx", "bozza.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\piano.docx", "piano.docx"),
        ("a/b\\..\\c.txt", "c.txt"),
        (".hidden.txt", "hidden.txt"),
        ("..", "draft"),
        ("a\x00b\n.txt", "ab.txt"),
        ("x" * 500 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_only_names(name: str, safe: str) -> None:
    assert _safe_name(name) == safe


def test_the_page_checks_too(client: httpx.Client) -> None:
    response = send(client, "bozza.txt", LODI.read_bytes(), path="/check")
    assert response.status_code == 200
    assert "Nulla è stato conservato" in response.text
    assert "non è detto chi ne è responsabile" in response.text


def test_the_page_says_what_went_wrong_beside_the_form(client: httpx.Client) -> None:
    response = send(client, "a.exe", b"MZ", path="/check")
    assert response.status_code == 415
    assert 'role="alert"' in response.text
    assert 'name="file"' in response.text

"""The claims of docs/threat-model.md: nobody makes the service call out, read a file, or take a value for a query."""

from __future__ import annotations

import ctypes
import io
import os
import random
import re
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import openpyxl
import pytest
from docx import Document
from fastapi import FastAPI
from rdflib import Graph

from api.app import create_app
from api.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS
from api.operations import ask_question
from api.settings import Settings
from api.tokens import Scope
from benchmarks.canary import Canary, listening
from loaders.errors import LoadError
from loaders.pipeline import extract_plan
from ontology.iris import Iris
from queries.errors import QuestionError
from queries.question import load_questions
from shapes.validate import validate_graph
from store import GraphStore, ReadLimits, open_store

ROOT = Path(__file__).parents[2]
GRAPH = "http://example.org/g"
SECRET = "il-canarino-non-si-legge"
PREFIXES = "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"


class WatchedFile:
    """A file whose every opening, by whatever process, is counted (Linux: inotify)."""

    _OPENED = 0x20

    def __init__(self, path: Path) -> None:
        path.write_text(SECRET)
        self.path = path
        library = ctypes.CDLL(None, use_errno=True)
        self._watch = library.inotify_init1(os.O_NONBLOCK)
        assert library.inotify_add_watch(self._watch, str(path).encode(), self._OPENED) > 0

    def openings(self) -> int:
        """How often it was opened since the last call."""
        try:
            events = os.read(self._watch, 64 * 1024)
        except BlockingIOError:
            return 0
        return len(events) // struct.calcsize("iIII")

    def close(self) -> None:
        os.close(self._watch)


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with listening() as server:
        yield server


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchedFile]:
    if not hasattr(ctypes.CDLL(None), "inotify_init1"):
        pytest.skip("this system has no inotify")
    watched = WatchedFile(tmp_path_factory.mktemp("canary") / "canary.txt")
    yield watched
    watched.close()


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory, served: object, token_file: Path, tokens: Mapping[Scope, str]
) -> Iterator[httpx.Client]:
    """A client of a service as `raccordo serve` makes it, with its reader and writer processes."""
    directory = tmp_path_factory.mktemp("threats") / "store"
    store = open_store(f"oxigraph:{directory}", limits=ReadLimits(workers=1))
    with served(create_app(Settings(token_file=str(token_file)), store)) as client:  # type: ignore[operator]
        yield client
    store.close()


def places(canary: Canary, file: WatchedFile) -> list[str]:
    """What a text may name to make somebody call out or read."""
    return [f"http://127.0.0.1:{canary.server_port}/x", file.path.as_uri(), str(file.path)]


def untouched(canary: Canary, file: WatchedFile) -> bool:
    """Whether nobody has asked the server or opened the file."""
    return not canary.heard and file.openings() == 0


def test_the_canaries_sing(canary: Canary, file: WatchedFile) -> None:
    httpx.get(places(canary, file)[0], trust_env=False)
    file.path.read_text()
    assert canary.heard == ["/x"]
    assert file.openings() == 1
    canary.heard.clear()


QUERIES = (
    "SELECT * {{ SERVICE <{place}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<{place}> AS ?g) SERVICE SILENT ?g {{ ?s ?p ?o }} }}",
    "SELECT * FROM <{place}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{place}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} FROM <{place}> WHERE {{ ?s ?p ?o }}",
    "DESCRIBE <{place}>",
)


@pytest.mark.parametrize("text", QUERIES)
def test_no_query_calls_out_or_reads(service: httpx.Client, canary: Canary, file: WatchedFile, text: str) -> None:
    for place in places(canary, file)[:2]:
        for parameters in ({}, {"default-graph-uri": place}, {"named-graph-uri": place}):
            response = service.get("/sparql", params={"query": text.format(place=place), **parameters})
            assert response.status_code in (200, 403)
            assert SECRET not in response.text
    assert untouched(canary, file)


UPDATES = (
    "LOAD <{place}>",
    "LOAD SILENT <{place}> INTO GRAPH <http://example.org/g>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{place}> {{ ?s ?p ?o }} }}",
    "INSERT {{ ?s ?p ?o }} USING <{place}> WHERE {{ ?s ?p ?o }}",
    "COPY GRAPH <{place}> TO GRAPH <http://example.org/g>",
    "DELETE {{ ?s ?p ?o }} USING NAMED <{place}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
)


@pytest.mark.parametrize("text", UPDATES)
def test_no_update_calls_out_or_reads(
    service: httpx.Client, canary: Canary, file: WatchedFile, bearer: dict[str, str], text: str
) -> None:
    for place in places(canary, file)[:2]:
        response = service.post("/sparql", data={"update": text.format(place=place)}, headers=bearer)
        assert response.status_code in (204, 400, 403)
    assert untouched(canary, file)


XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" {more}>{inner}</rdf:RDF>'
BODIES = {
    "application/rdf+xml": (
        '<!DOCTYPE r [<!ENTITY e SYSTEM "{place}">]>' + XML.format(more="", inner="&e;"),
        '<!DOCTYPE r SYSTEM "{place}">' + XML.format(more="", inner=""),
        '<?xml-stylesheet href="{place}"?>' + XML.format(more="", inner=""),
        XML.format(
            more='xmlns:xi="http://www.w3.org/2001/XInclude"',
            inner='<rdf:Description rdf:about="a:a"><xi:include parse="text" href="{place}"/></rdf:Description>',
        ),
    ),
    "application/ld+json": (
        '{{"@context": "{place}", "@id": "a:a", "a:p": 1}}',
        '{{"@context": {{"@import": "{place}"}}, "@id": "a:a", "a:p": 1}}',
        '{{"@context": {{"p": {{"@id": "a:p", "@context": "{place}"}}}}, "@id": "a:a", "p": {{"@id": "a:b"}}}}',
    ),
    "text/turtle": (
        PREFIXES + "<a:a> owl:imports <{place}> ; sh:shapesGraph <{place}> .",
        "@base <{place}> . <> <a:p> <#x> .",
    ),
}


@pytest.mark.parametrize(("media_type", "body"), [(kind, body) for kind, bodies in BODIES.items() for body in bodies])
def test_no_graph_that_is_put_calls_out_or_reads(
    service: httpx.Client, canary: Canary, file: WatchedFile, bearer: dict[str, str], media_type: str, body: str
) -> None:
    for place in places(canary, file)[:2]:
        content = body.replace("{place}", place).replace("{{", "{").replace("}}", "}")
        response = service.put(
            f"/graph-store?graph={GRAPH}", content=content, headers={**bearer, "Content-Type": media_type}
        )
        assert response.status_code in (201, 204, 400)
        assert SECRET not in service.get(f"/graph-store?graph={GRAPH}").text
    assert untouched(canary, file)


def test_no_shapes_and_no_imports_are_fetched_by_a_check(canary: Canary, file: WatchedFile) -> None:
    for place in places(canary, file)[:2]:
        text = PREFIXES + f"<a:a> a owl:Ontology ; owl:imports <{place}> ; sh:shapesGraph <{place}> ."
        validate_graph(Graph().parse(data=text, format="turtle"), "prova", Iris())
    assert untouched(canary, file)


def packed(data: bytes, replaced: Mapping[str, tuple[str, str]]) -> bytes:
    """A ZIP file with some text put in the place of another in some of its members."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(output, "w") as target:
        for name in source.namelist():
            old, new = replaced.get(name, ("", ""))
            body = source.read(name)
            assert old.encode() in body
            target.writestr(name, body.replace(old.encode(), new.encode(), 1) if old else body)
    return output.getvalue()


def drafts(place: str) -> Iterator[tuple[str, bytes]]:
    """Documents that name a place in every way their formats have."""
    doctype = f'<!DOCTYPE r [<!ENTITY e SYSTEM "{place}">]>'
    written, sheet = io.BytesIO(), io.BytesIO()
    document = Document()
    document.add_paragraph("Obiettivo 1: dimissioni protette SEGNO")
    document.save(written)
    book = openpyxl.Workbook()
    book.active["A1"] = f'=HYPERLINK("{place}")'
    book.active["A2"] = f"='[{place}]Foglio1'!A1"
    book.save(sheet)
    head = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"
    entity = {"word/document.xml": (head, head + doctype)}
    yield "a.docx", packed(written.getvalue(), entity)
    word = written.getvalue()
    yield "b.docx", packed(packed(word, entity), {"word/document.xml": ("SEGNO", "&e;")})
    link = '<Relationship Id="rX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    links = "".join(
        f'{link.format(kind)} Target="{place}" TargetMode="External"/>' for kind in ("attachedTemplate", "image")
    )
    yield "c.docx", packed(word, {"word/_rels/document.xml.rels": ("</Relationships>", links + "</Relationships>")})
    yield "a.xlsx", sheet.getvalue()
    yield (
        "a.html",
        f'<html><head><link rel="stylesheet" href="{place}"><base href="{place}">'
        f'<meta http-equiv="refresh" content="0;url={place}"></head><body><p>Obiettivo 1: dimissioni protette</p>'
        f'<img src="{place}"><iframe src="{place}"></iframe><object data="{place}"></object></body></html>'.encode(),
    )
    yield "b.html", f"{doctype}<html><body><p>Obiettivo 1 &e;</p></body></html>".encode()
    yield "a.pdf", pdf(place)
    yield "a.odt", odt(place, "")
    yield "b.odt", odt(place, doctype)
    yield "a.txt", f"Obiettivo 1: dimissioni protette\n{place}\n".encode()
    yield "a.csv", f"obiettivo;azione\n1;{place}\n".encode()


def pdf(place: str) -> bytes:
    """A PDF whose actions, content, image, attachment and form name a place."""
    form = f'<!DOCTYPE r [<!ENTITY e SYSTEM "{place}">]><xdp xmlns="http://ns.adobe.com/xdp/">&e;</xdp>'
    drawn = "BT /F1 12 Tf 50 700 Td (Obiettivo 1: dimissioni protette) Tj ET /I1 Do"
    outside = f"/F << /Type /Filespec /FS /URL /F ({place}) >>"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /URI /URI (PLACE) >> /AA << /WC 8 0 R >> "
        "/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /FS /URL /F (PLACE) >>] >> >> "
        "/AcroForm << /Fields [] /XFA 7 0 R >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents [4 0 R 6 0 R] /AA << /O 8 0 R >> "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> "
        "/XObject << /I1 5 0 R >> >> /Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A 8 0 R >>] >>",
        f"<< /Length {len(drawn)} >> stream\n{drawn}\nendstream",
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        f"/Length 0 {outside} >> stream\n\nendstream",
        f"<< /Length 0 {outside} >> stream\n\nendstream",
        f"<< /Length {len(form)} >> stream\n{form}\nendstream",
        "<< /S /Launch /F (PLACE) /NewWindow true /Next << /S /GoToR /F (PLACE) /D [0 /Fit] /Next "
        "<< /S /SubmitForm /F << /FS /URL /F (PLACE) >> /Next << /S /JavaScript /JS (app.launchURL\\('PLACE'\\)) >> "
        ">> >> >>",
    ]
    body, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{part.replace('PLACE', place)}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in places)
    tail = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\n"
    return body + f"{tail}startxref\n{len(body)}\n%%EOF\n".encode()


SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("style", "style"))
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3"'  # fmt: skip


def linked(place: str, doctype: str) -> str:
    """The words of an OpenDocument text with an image, a section, a link and a source that stand elsewhere."""
    link = f'xlink:type="simple" xlink:href="{place}"'
    return (
        f"<text:h text:outline-level='1'>Obiettivo 1: dimissioni protette{'&e;' if doctype else ''}</text:h>"
        f"<text:p><draw:frame draw:name='i' text:anchor-type='as-char'><draw:image {link} xlink:show='embed' "
        f"xlink:actuate='onLoad'/></draw:frame><draw:frame draw:name='o'><draw:object {link}/></draw:frame>"
        f"<text:a {link}>qui</text:a></text:p><text:section text:name='s'><text:section-source {link}/>"
        "<text:p>vuoto</text:p></text:section>"
    )


def odt(place: str, doctype: str) -> bytes:
    """An ODT whose parts name a place; with `doctype` its content and its styles have an entity of it."""
    head = f"<?xml version='1.0' encoding='UTF-8'?>{doctype}"
    body = f"<office:body><office:text>{linked(place, doctype)}</office:text></office:body>"
    content = f"{head}<office:document-content {SPACES}>{body}</office:document-content>"
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
        package.writestr("styles.xml", f"{head}<office:document-styles {SPACES}/>")
        package.writestr(
            "META-INF/manifest.xml", f"{doctype}<manifest xmlns='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>"
        )
    return output.getvalue()


def rtf(place: str) -> bytes:
    """An RTF whose template, picture, included text, link and object stand elsewhere."""
    name = place.replace("\\", "\\\\")
    fields = "".join(
        f'{{\\field{{\\*\\fldinst {{ {kind} "{name}" {more}}}}}{{\\fldrslt x}}}}\\par '
        for kind, more in (
            ("INCLUDEPICTURE", "\\\\d "),
            ("INCLUDETEXT", ""),
            ("HYPERLINK", ""),
            ("LINK Word.Document.8", "\\\\a "),
        )
    )
    return f"{{\\rtf1\\ansi{{\\*\\template {name}}} Obiettivo 1: dimissioni protette\\par {fields}}}".encode()


def in_word(folder: Path, places: list[str]) -> bytes:
    """A DOC with what an OpenDocument text can link; making it may well follow the links."""
    content = "".join(linked(place, "") for place in places)
    source = folder / "source.fodt"
    source.write_text(
        f"<office:document {SPACES} office:mimetype='application/vnd.oasis.opendocument.text'>"
        f"<office:body><office:text>{content}</office:text></office:body></office:document>"
    )
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return (folder / "source.doc").read_bytes()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_no_document_that_another_program_reads_calls_out_or_reads(
    canary: Canary, file: WatchedFile, tmp_path: Path
) -> None:
    """Old Word files go through LibreOffice, which would follow what it finds in them."""
    named = places(canary, file)
    written = {"a.doc": in_word(tmp_path, named), **{f"{n}.rtf": rtf(place) for n, place in enumerate(named)}}
    canary.heard.clear()
    file.openings()
    for name, data in written.items():
        path = tmp_path / name
        path.write_bytes(data)
        record = extract_plan([path], None).model_dump_json()
        assert "dimissioni protette" in record
        assert SECRET not in record
    assert untouched(canary, file)


def test_no_document_calls_out_or_reads(canary: Canary, file: WatchedFile, tmp_path: Path) -> None:
    for place in places(canary, file):
        for name, data in drafts(place):
            path = tmp_path / name
            path.write_bytes(data)
            try:
                record = extract_plan([path], None).model_dump_json()
            except LoadError as error:
                record = str(error)
            assert SECRET not in record
    assert untouched(canary, file)


def test_no_upload_names_a_file_of_ours(service: httpx.Client, canary: Canary, file: WatchedFile) -> None:
    climbing = f"../../../../../../..{file.path}"
    manifest = f'id = "prova"\nrenditions = ["{climbing}", "{file.path}"]\n'.encode()
    for name in (climbing, "..\\..\\canary.txt"):
        files = {"file": (name, b"Obiettivo 1: dimissioni protette"), "manifest": ("plan.toml", manifest)}
        response = service.post("/api/check", files=files)
        assert response.status_code in (200, 422)
        assert SECRET not in response.text
    assert untouched(canary, file)


NONCE = "zqxjkvb"
PIECES = (
    '"', "'", '"""', "'''", "\\", "\\u0022", "\\n", "\n", "\r", "\t", "\0", "}", "{", ")", "(", "<", ">", "#", ";",
    ".",
    "?s", "$s", "?label",
    " } UNION { ?s ?p ?o } #", ' ") || true || ("', " FILTER(true) ", "> ; DROP ALL #",
    " SERVICE <http://127.0.0.1:1/> {}",
    "*/", "--", "%00", "%22", "${x}", "{{x}}", "{0}", "\u2028", "\u202e", "\ud7ff", "😀", "é" * 40, "@it",
    "^^<a:b>", "_:b", "<http://ex/a>",
    "http://ex/a> <http://ex/p> <http://ex/b", "../../etc/passwd", "' OR '1'='1", "<script>alert(1)</script>",
    "=1+1", "UNDEF", "VALUES",
)  # fmt: skip


def hostile(number: int) -> Iterator[str]:
    """Texts made of what could end a string, an IRI or a pattern; each holds a word that no plan holds."""
    chance = random.Random(20260101)
    for _ in range(number):
        pieces = chance.choices(PIECES, k=chance.randint(1, 6))
        pieces.insert(chance.randint(0, len(pieces)), NONCE)
        yield "".join(pieces)


@pytest.fixture(scope="module")
def small() -> Iterator[GraphStore]:
    """The graphs that the questions are tested on."""
    store = open_store("memory:")
    iris = Iris()
    for path in sorted((ROOT / "tests" / "queries" / "graphs").glob("*.ttl")):
        name = iris.territory_graph() if path.stem == "territory" else iris.plan_graph(path.stem.removeprefix("plan-"))
        store.replace_graphs({str(name): Graph().parse(path).serialize(format="nt", encoding="utf-8")})
    yield store
    store.close()


def test_no_value_becomes_part_of_a_query(small: GraphStore) -> None:
    """A thousand values over every parameter: refused, or taken as a text that nothing holds."""
    before = sorted(small.dump().splitlines())
    asked = [(question, one) for question in load_questions().values() for one in question.parameters]
    typed = [pair for pair in asked if pair[1].type == "text"]
    taken = 0
    for number, value in enumerate(hostile(1_000)):
        choices = (asked, typed)[number % 2]
        question, parameter = choices[number // 2 % len(choices)]
        try:
            answer = ask_question(small, question.slug, {parameter.name: value}, Iris()).answer
        except QuestionError:
            continue
        taken += 1
        assert answer.rows == (), (question.slug, parameter.name, value)
    assert taken > 400
    assert sorted(small.dump().splitlines()) == before


def test_no_value_in_an_address_fails_or_becomes_markup(client: httpx.Client) -> None:
    for number, value in enumerate(hostile(100)):
        form = "questions" if number % 2 else "api/questions"
        response = client.get(f"/{form}/provenance/where-stated", params={"text": value})
        assert response.status_code in (200, 400), value
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "html" not in response.headers["content-type"] or "<script>alert(1)" not in response.text


ADDRESSES = (
    "/",
    "/questions",
    "/sparql-editor",
    "/sparql",
    "/health",
    "/api/plans",
    "/openapi.json",
    "/nowhere",
    "/id/x",
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_every_answer_has_the_security_headers(client: httpx.Client, address: str, accept: str) -> None:
    headers = client.get(address, headers={"Accept": accept}).headers
    missing = {
        name
        for name, value in SECURITY_HEADERS.items()
        if name != "content-security-policy" and headers.get(name) != value
    }
    assert missing == set()
    assert "default-src 'self'" in headers["content-security-policy"]


def test_the_policy_lets_no_script_of_others_run(client: httpx.Client) -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split(";"))
    assert "unsafe-eval" not in CONTENT_SECURITY_POLICY
    assert rules.get("script-src", rules["default-src"]) == "'self'"
    assert (rules["object-src"], rules["base-uri"], rules["frame-ancestors"]) == ("'none'", "'none'", "'none'")
    for address in ("/", "/questions/provenance/where-stated", "/check", "/sparql-editor"):
        page = client.get(address, headers={"Accept": "text/html"}, follow_redirects=True).text
        assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>", page) == []
        assert re.findall(r"\son[a-z]+=", page) == []


def test_nobody_writes_without_a_token(client: httpx.Client, service: httpx.Client) -> None:
    for one, statuses in ((client, {403}), (service, {401})):
        writes = [
            one.post("/sparql", data={"update": "DROP ALL"}),
            one.put(f"/graph-store?graph={GRAPH}", content="", headers={"Content-Type": "text/turtle"}),
            one.delete(f"/graph-store?graph={GRAPH}"),
        ]
        assert {response.status_code for response in writes} == statuses


def test_a_token_is_kept_as_a_hash(token_file: Path, tokens: Mapping[Scope, str]) -> None:
    kept = token_file.read_text()
    assert token_file.stat().st_mode & 0o077 == 0
    for shown in tokens.values():
        assert shown.rpartition("_")[2] not in kept


def test_who_asks_from_another_site_has_no_rights_of_ours(client: httpx.Client) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/sparql", headers={**headers, "Access-Control-Request-Headers": "Authorization"})
    assert answer.status_code == 400
    assert "access-control-allow-credentials" not in client.get("/sparql?query=ASK%7B%7D", headers=headers).headers


def test_an_error_that_nobody_foresaw_tells_nothing(settings: Settings, served: object) -> None:
    class Broken:
        engine = "broken"

        def query(self, *_: object, **__: object) -> None:
            raise RuntimeError(SECRET)

    application: FastAPI = create_app(settings, Broken())  # type: ignore[arg-type]
    with served(application) as broken:  # type: ignore[operator]
        response = broken.get("/api/plans")
    assert response.status_code == 500
    assert SECRET not in response.text


def test_every_claim_of_the_threat_model_has_its_test() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", text)
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| claim", "|---"))]
    assert len(rows) > 15
    assert [row for row in rows if "::test_" not in row] == []
    assert [one for one in named if f"def {one[1]}(" not in (ROOT / one[0]).read_text(encoding="utf-8")] == []
    ours = re.findall(r"^def (test_\w+)", Path(__file__).read_text(encoding="utf-8"), re.MULTILINE)
    assert set(ours) - {name for _, name in named} <= {"test_the_canaries_sing"} | {ours[-1]}

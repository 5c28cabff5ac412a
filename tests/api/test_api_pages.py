"""Every page in both languages: it answers, it carries its headers, it loads nothing from elsewhere, it can be used."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.frame import NAVIGATION, VENDORED
from api.headers import SECURITY_HEADERS
from api.language import LANGUAGES
from api.pages.evidence import missing_parts, reason_key
from api.pages.links import Links
from ontology.iris import Iris
from queries.question import load_questions

LODI = "territory=ambito/lodi&theme=violenza-di-genere"
PAGES = [
    "/",
    "/?territory=ambito/lodi",
    "/?period=2015-2017",
    f"/evidence?{LODI}",
    "/evidence?territory=ambito/lodi&theme=gioco-azzardo",
    "/evidence?territory=ambito/paullese&theme=violenza-di-genere",
    "/evidence?territory=ambito/paullese&theme=valutazione-multidimensionale",
    "/evidence?territory=ambito/mantova&theme=violenza-di-genere",
    "/evidence?plan=lodi-2021-2023&objective=5",
    "/evidence?plan=ausl-8-integrazione&objective=2",
    "/compare",
    "/compare?plan=lodi-2021-2023",
    "/compare?plan=lodi-2021-2023&plan=cernusco-2020",
    "/compare/over-time",
    "/compare/over-time?territory=ambito/lodi",
    "/compare/similar",
    "/compare/similar?text=violenza+di+genere",
    "/compare/similar?text=xyzzy",
    "/search?q=xyzzy&theme=abitare",
    "/search?plan=lodi-2021-2023",
    "/search",
    "/search?q=protocollo",
    "/search?q=protocollo&theme=violenza-di-genere&offset=20",
    "/search?theme=abitare&status=conflicting",
    "/plans",
    "/plans/lodi-2021-2023",
    "/plans/ausl-8-integrazione",
    "/plans/lodi-2021-2023/report",
    "/questions",
    *(f"/questions/{slug}" for slug in load_questions()),
    "/questions/protocols/lacking?theme=violenza-di-genere",
    "/questions/time/due-by?date=2023-12-31",
    "/questions/services/involvement?service=serd",
    "/questions/provenance/where-stated?text=protocollo",
    "/sparql-editor",
    "/sparql-editor?question=protocols/contradictions",
    "/sparql-editor?query=SELECT*{GRAPH?g{?s?p?o}}LIMIT+2",
    "/sparql-editor?query=ASK{}",
    "/sparql-editor?query=CONSTRUCT{?s?p?o}WHERE{GRAPH?g{?s?p?o}}LIMIT+2",
    "/docs",
    "/check",
    "/rules",
    "/rules/row-owner",
    "/rules/period-moves",
    "/plans/lodi-2021-2023/report?rule=row-indicator-advised&from=3",
    "/ontology",
    "/ontology/plan",
    "/vocab",
    "/vocab/theme",
    "/vocab/service/uonpia",
    "/id/plan/lodi-2021-2023",
    "/id/plan/lodi-2021-2023/objective/2/row/1",
    "/id/territory/ambito/lodi",
    "/id/graph/territory",
]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """What the rules ask of a page's markup."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.titles: list[str] = []
        self.inline: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title":
            self.titles.append(data.strip())
        if self.open and self.open[-1] in ("script", "style") and data.strip():
            self.inline.append(data)

    def all(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=PAGES)
def answer(request: pytest.FixtureRequest, client: httpx.Client, language: str) -> httpx.Response:
    return client.get(str(request.param), headers={"Accept-Language": language, "Accept": "text/html"})


def test_pages(answer: httpx.Response, language: str) -> None:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == language
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value
    assert "Accept-Language" in answer.headers["vary"]
    page = Page(answer.text)
    assert page.open == []
    assert page.unbalanced == []
    assert page.all("html") == [{"lang": language}]
    assert len(page.titles) == 1
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    nothing_inline_and_nothing_from_elsewhere(page)
    usable(page)


def nothing_inline_and_nothing_from_elsewhere(page: Page) -> None:
    assert page.inline == []
    assert page.all("style") == []
    for _, attributes in page.tags:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
    loaded = [one.get("src") or one.get("href", "") for one in page.all("script", "link", "img", "use", "iframe")]
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)


def usable(page: Page) -> None:
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    assert page.all("a")[0]["href"] == "#content"
    labelled = {one["for"] for one in page.all("label")}
    for field in page.all("input", "select", "textarea"):
        assert field["id"] in labelled
    assert all("scope" in one for one in page.all("th"))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
    for attributes in [one for _, one in page.tags if "aria-labelledby" in one]:
        assert attributes["aria-labelledby"] in identifiers
    for one in page.all("a"):
        if one["href"].startswith("#"):
            assert one["href"][1:] in identifiers


def test_every_page_route_is_walked(app: FastAPI) -> None:
    paths = {urlsplit(one).path for one in PAGES}
    for route in page_routes(app):
        pattern = re.compile(re.sub(r"\{[^}:]+\}", "[^/]+", route.path.replace("{rest:path}", ".+")) + r"\Z")
        assert any(pattern.match(path) for path in paths), route.path


def page_routes(app: FastAPI) -> list[APIRoute]:
    found = [route for route in app.routes if isinstance(route, APIRoute) and not route.include_in_schema]
    return [route for route in found if "GET" in route.methods and not route.path.startswith(("/api", "/sparql/"))]


def test_the_menu_leads_somewhere(client: httpx.Client) -> None:
    assert all(client.get(path).status_code == 200 for path, _ in NAVIGATION)


def test_no_link_on_a_page_is_broken(client: httpx.Client) -> None:
    """Of addresses that differ only in their values, the first six."""
    seen: set[str] = set()
    shapes: Counter[str] = Counter()
    starts = ["/", f"/evidence?{LODI}", "/plans/melegnano-martesana-2021-2023", "/questions", "/check"]
    starts += [one for one in PAGES if one.startswith(("/compare", "/search?"))]
    for start in starts:
        page = Page(client.get(start).text)
        links = {urljoin(start, one["href"]).partition("#")[0] for one in page.all("a", "link")}
        for link in sorted(links - seen):
            seen.add(link)
            shape = re.sub(r"=[^&]*|(?<=/plans/)[^/?]+", "", link)
            shapes[shape] += 1
            if shapes[shape] > 6:
                continue
            response = client.get(link, headers={"Accept": "*/*"})
            assert response.status_code == 200, f"{start} → {link}: {response.text}"
    assert len(seen) > 60


def test_asking_for_a_language_is_remembered(client: httpx.Client) -> None:
    response = client.get("/plans?lang=en", headers={"Accept-Language": "it"})
    assert "raccordo-lang=en" in response.headers["set-cookie"]
    remembered = client.get("/plans", headers={"Accept-Language": "it", "Cookie": "raccordo-lang=en"})
    client.cookies.clear()
    assert remembered.headers["content-language"] == "en"
    assert "set-cookie" not in client.get("/plans?lang=xx").headers


def test_the_other_language_is_the_same_page(client: httpx.Client) -> None:
    page = Page(client.get("/?territory=ambito/lodi&lang=it").text)
    client.cookies.clear()
    (english,) = [one["href"] for one in page.all("a") if one.get("hreflang") == "en"]
    assert english == "/?territory=ambito%2Flodi&lang=en"


def test_a_cell_leads_to_its_words(client: httpx.Client) -> None:
    page = Page(client.get("/").text)
    (cell,) = [one for one in page.all("a") if one.get("aria-label", "").startswith("Lodi, Contrasto alla violenza")]
    assert cell["aria-label"] == "Lodi, Contrasto alla violenza di genere: Assente, 2 righe"
    assert cell["href"] == f"/evidence?{LODI}"
    words = client.get(cell["href"]).text
    for expected in ("X Non è presente un protocollo", "000_602cceb77f3321e2.txt, riga 56", "Assente", "La casella"):
        assert expected in words


def test_a_fragment_is_the_part_that_changes(client: httpx.Client) -> None:
    whole, part = client.get(f"/evidence?{LODI}"), client.get(f"/evidence?{LODI}", headers={"HX-Request": "true"})
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert "X Non è presente un protocollo" in part.text
    assert "HX-Request" in part.headers["vary"]


def test_an_ambito_without_a_document_is_never_lacking(client: httpx.Client) -> None:
    text = client.get("/").text
    matrix, _, without = text.partition('id="without"')
    assert "Mantova" not in matrix.partition("<tbody>")[2]
    assert re.search(r"Mantova</th><td>[^<]*</td><td>nessun documento</td>", without)
    assert "non si può dire che qualcosa manchi" in client.get("/evidence?territory=mantova&theme=abitare").text


def test_a_conflict_shows_both_sides(client: httpx.Client) -> None:
    text = client.get("/evidence?plan=lodi-2021-2023&objective=5").text
    assert "La casella dice «Assente» e le parole dicono «Presente»" in text


def test_filters_are_kept_in_the_form_and_in_the_downloads(client: httpx.Client) -> None:
    page = Page(client.get("/?territory=ambito/lodi&utm_source=mail").text)
    selected = [one["value"] for one in page.all("option") if "selected" in one]
    assert selected == ["ambito/lodi"]
    downloads = [one["href"] for one in page.all("a") if one["href"].startswith("/api/matrix")]
    assert len(downloads) == 3
    assert all("territory=ambito%2Flodi" in one for one in downloads)


@pytest.mark.parametrize("path", ["/?theme=nope", "/?territory=ambito/atlantide", "/?period=soon"])
def test_a_filter_that_does_not_exist_is_said(client: httpx.Client, path: str) -> None:
    assert client.get(path, headers={"Accept": "text/html"}).status_code == 400


def test_a_question_says_what_is_wrong_beside_its_form(client: httpx.Client) -> None:
    response = client.get("/questions/protocols/lacking?theme=nope")
    assert response.status_code == 400
    assert "non è nel vocabolario" in response.text
    assert '<select id="field-theme"' in response.text


def test_an_editor_says_what_is_wrong_beside_the_query(client: httpx.Client) -> None:
    response = client.get("/sparql-editor?query=SELECT+*+{")
    assert response.status_code == 400
    assert "SELECT * {</textarea>" in response.text


def test_text_of_documents_and_of_strangers_is_escaped(client: httpx.Client) -> None:
    for path in (
        "/questions/provenance/where-stated?text=<script>x</script>",
        "/sparql-editor?query=<script>x</script>",
    ):
        assert "<script>x" not in client.get(path).text


def test_static_files_and_nothing_beside_them(client: httpx.Client) -> None:
    for name in ("raccordo.css", "print.css", "icons.svg", "icon.svg", "raccordo.js", "editor.js"):
        assert client.get(f"/static/{name}").status_code == 200
    assert client.get("/static/../settings.py").status_code == 404
    assert client.get("/static/%2e%2e/settings.py").status_code == 404


def test_styles_load_nothing_from_elsewhere(client: httpx.Client) -> None:
    for name in ("raccordo.css", "print.css"):
        for address in re.findall(r'url\("?([^")]+)', client.get(f"/static/{name}").text):
            assert address.startswith("vendor/")
    assert all("/" not in path for path in VENDORED.values())


def test_links_of_iris() -> None:
    links, iris = Links(Iris()), Iris()
    plan = iris.plan("lodi-2021-2023")
    assert links.page(plan) == "/plans/lodi-2021-2023"
    assert links.page(iris.child(plan, "objective", 2)) == "/evidence?plan=lodi-2021-2023&objective=2"
    row = iris.child(plan, "objective", 2, "row", 4)
    assert links.page(row) == "/evidence?plan=lodi-2021-2023&objective=2#row-2-4"
    assert links.page(iris.child(row, "indicator", 1)) == "/evidence?plan=lodi-2021-2023&objective=2#row-2-4"
    assert links.page(iris.territory("ambito", "Lodi")) == "/?territory=ambito%2Flodi"
    assert links.page("https://example.org/plan/x") is None
    assert links.page(iris.ontology_graph()) is None
    assert links.value("https://w3id.org/raccordo/vocab/theme/abitare") == "abitare"


class FakeRow:
    """A row with nothing but its statuses."""

    owners, indicators, timing = ("x",), (), None

    def __init__(self, resolved: str, **statuses: str) -> None:
        self.resolved = resolved
        self.statuses = statuses

    def status(self, basis: str) -> object:
        value = self.statuses.get({"column-mark": "marked", "cell-text": "stated"}[basis])
        return value and type("Status", (), {"value": value})


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (FakeRow("conflicting", marked="absent", stated="present"), "why.conflict"),
        (FakeRow("absent", marked="absent", stated="absent"), "why.agree"),
        (FakeRow("absent", marked="absent", stated="in-preparation"), "why.plans"),
        (FakeRow("present", marked="present"), "why.mark-only"),
        (FakeRow("present", stated="present"), "why.words-only"),
        (FakeRow("in-preparation"), "why.planned"),
        (FakeRow("not-stated"), "why.nothing"),
        (FakeRow("present", marked="present", stated="absent"), "why.other"),
    ],
)
def test_the_reason_for_a_status(row: FakeRow, key: str) -> None:
    assert reason_key(row) == key  # type: ignore[arg-type]


def test_what_a_row_lacks() -> None:
    assert missing_parts(FakeRow("absent")) == ("evidence.indicators", "evidence.timing")  # type: ignore[arg-type]

"""A client of a running service for data scientists: every answer a pandas frame (the extra `client`).

from api.client import Raccordo
lacking = Raccordo("http://127.0.0.1:8000").ask("protocols/lacking", theme="violenza-di-genere")
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import httpx
import pandas as pd

from api.language import Language

_RESULTS = "application/sparql-results+json"
_PLACE = ("exact", "file", "line", "page")


class ServiceRefused(Exception):
    """The service answered with a problem; the text says which and why, `status` is that of HTTP."""

    def __init__(self, status: int, detail: str) -> None:
        """Keep both."""
        self.status = status
        super().__init__(f"{status}: {detail}")


class Raccordo:
    """One service; frames carry in `attrs` the `query` they answer and the `data_version`, where the service says it.

    Every method raises `ServiceRefused` when the service refuses, and httpx's `TransportError` when there is none.
    """

    def __init__(self, address: str = "http://127.0.0.1:8000", language: Language = "it") -> None:
        """Talk to the service at `address`; labels come in `language`."""
        self._language = language
        self._http = httpx.Client(base_url=address, timeout=60, headers={"Accept-Language": language})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def questions(self) -> pd.DataFrame:
        """The catalogue: slug, title, explanation, the names of the parameters, and whether it gives triples too."""
        found = self._json("/api/questions")
        texts = [{name: one[name][self._language] for name in ("title", "explanation", "absence")} for one in found]
        rows = [
            {
                "slug": one["slug"],
                **text,
                "parameters": [parameter["name"] for parameter in one["parameters"]],
                "constructs": "turtle" in one["formats"],
            }
            for one, text in zip(found, texts, strict=True)
        ]
        return pd.DataFrame(rows)

    def ask(self, question: str, **values: str) -> pd.DataFrame:
        """The answer to a question, a column for each of its columns; `sources` lists the passages of each row.

        A coded value is its code; `attrs["absence"]` says what a missing row does not mean.
        """
        answer = self._json(f"/api/questions/{question}", **values)
        names = [*(column["name"] for column in answer["columns"]), "sources"]
        frame = pd.DataFrame([{name: _plain(row[name]) for name in names} for row in answer["rows"]], columns=names)
        frame.attrs = {name: answer[name] for name in ("query", "data_version", "absence")}
        return frame

    def triples(self, question: str, **values: str) -> str:
        """The answer to a question as Turtle, for those whose `constructs` is true in `questions`."""
        response = self._http.get(f"/api/questions/{question}", params={**values, "format": "turtle"})
        return _checked(response).text

    def search(self, words: str, limit: int = 200, **narrow: str) -> pd.DataFrame:
        """What the plans say with all the words, the best first, each with its first passage.

        `narrow` has values of facets; `attrs["total"]` is how many hits there are in all.
        """
        found = self._json("/api/search", q=words, limit=str(limit), **narrow)
        names = ["kind", "text", "plan_id", "objective", "objective_title", "row", "iri", *_PLACE]
        rows = [{**hit, **(hit["quotes"][0] if hit["quotes"] else {}), "iri": hit["iri"]} for hit in found["hits"]]
        frame = pd.DataFrame(rows, columns=names)
        frame.attrs = {"query": words, "data_version": found["data_version"], "total": found["total"]}
        return frame

    def compare(self, *plans: str) -> pd.DataFrame:
        """Plans side by side, one row for each thing said: theme, plan, objective, part, text and its first passage."""
        found = self._json("/api/compare", plan=list(plans))
        frame = pd.DataFrame(
            [line for row in found["rows"] for line in _compared(row, found["plans"])],
            columns=["theme", "plan", "objective", "title", "part", "text", *_PLACE],
        )
        frame.attrs = {"data_version": found["data_version"]}
        return frame

    def over_time(self, territory: str) -> pd.DataFrame:
        """What changed in a territory from period to period: one row for each objective and each thing said of it."""
        found = self._json("/api/compare/over-time", territory=territory)
        spans = [f"{one['start'][:4]}-{one['end'][:4]}" for one in found["periods"]]
        frame = pd.DataFrame(
            [
                line
                for row in found["rows"]
                for at, step in enumerate(row["steps"])
                for change in step
                for line in _changed({"theme": row["label"], "from": spans[at], "to": spans[at + 1]}, change)
            ],
            columns=["theme", "from", "to", "objective", "before", "after", "part", "state", "text", *_PLACE],
        )
        frame.attrs = {"data_version": found["data_version"], "periods": spans}
        return frame

    def similar(self, text: str, limit: int = 50, **narrow: str) -> pd.DataFrame:
        """The objectives of all plans whose titles are like the text, the most alike first (`likeness`, of 100)."""
        found = self._json("/api/similar", text=text, limit=str(limit), **narrow)
        rows = [
            {**one["hit"], **(one["hit"]["quotes"][0] if one["hit"]["quotes"] else {}), "likeness": one["likeness"]}
            for one in found["found"]
        ]
        frame = pd.DataFrame(rows, columns=["likeness", "text", "plan_id", "objective", *_PLACE])
        frame.attrs = {"query": text, "data_version": found["facets"]["data_version"]}
        return frame

    def sparql(self, query: str) -> pd.DataFrame:
        """The rows of a SELECT, every term as its text; an unbound one is missing."""
        response = self._http.post("/sparql", data={"query": query}, headers={"Accept": _RESULTS})
        answer = _document(response)
        rows = [{name: term["value"] for name, term in row.items()} for row in answer["results"]["bindings"]]
        frame = pd.DataFrame(rows, columns=answer["head"]["vars"])
        frame.attrs = {"query": query}
        return frame

    def _json(self, path: str, **parameters: str | list[str]) -> Any:
        return _document(self._http.get(path, params={**parameters, "format": "json", "lang": self._language}))


def _document(response: httpx.Response) -> Any:
    return _checked(response).json()


def _checked(response: httpx.Response) -> httpx.Response:
    """The response when it is no refusal."""
    if response.is_error:
        problem = response.headers.get("content-type", "").startswith("application/problem+json")
        raise ServiceRefused(response.status_code, response.json()["detail"] if problem else response.reason_phrase)
    return response


def _plain(cell: Any) -> Any:
    return cell["value"] if isinstance(cell, dict) else cell


def _compared(row: dict[str, Any], plans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of one theme, plan by plan."""
    lines = []
    for plan, cell in zip(plans, row["cells"], strict=True):
        for objective in cell:
            head = {"theme": row["label"], "plan": plan["id"], "objective": objective["order"]}
            for part in ("statuses", "owners", "indicators", "deadlines", "commitments"):
                for line in objective[part]:
                    told = {"title": objective["title"], "part": part, "text": line["text"]}
                    lines.append({**head, **told, **_place(line["quotes"])})
    return lines


def _changed(head: dict[str, str], change: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of one objective from one period to the next."""
    titles = {name: change[name] and change[name]["title"] for name in ("before", "after")}
    first = {**head, "objective": change["state"], **titles}
    return [
        {**first, **{name: line[name] for name in ("part", "state", "text")}, **_place(line["quotes"])}
        for line in change["lines"]
    ] or [{**first, "part": "title", "state": change["state"], "text": titles["after"] or titles["before"]}]


def _place(quotes: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: quotes[0][name] for name in _PLACE} if quotes else {}

"""A SPARQL 1.1 server, spoken to over HTTP; its errors become ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urldefrag

import httpx

from store.errors import QueryError, QueryTimeout, StoreError
from store.limits import ReadLimits

_TRIPLES = "application/n-triples"


@dataclass(frozen=True)
class Address:
    """Where a server takes queries, updates and graphs; without `graphs` it is written by updates alone."""

    query: str
    update: str
    graphs: str | None
    login: httpx.Auth | None

    @classmethod
    def parse(cls, place: str) -> Address:
        """What follows `sparql:` in a store's address. Raises `StoreError`."""
        url, fragment = urldefrag(place)
        options = {name: values[-1] for name, values in parse_qs(fragment, keep_blank_values=True).items()}
        if not url.startswith(("http://", "https://")) or options.keys() - {"update", "graphs", "login"}:
            raise StoreError(
                it=f"«sparql:{place}» non è un archivio: scrivi sparql:URL oppure sparql:URL#update=URL&graphs=URL",
                en=f"“sparql:{place}” names no store: write sparql:URL or sparql:URL#update=URL&graphs=URL",
            )
        found = httpx.URL(url)
        login: httpx.Auth | None = None
        if found.username:
            kind = httpx.DigestAuth if options.get("login") == "digest" else httpx.BasicAuth
            login = kind(found.username, found.password)
        bare = str(found.copy_with(username=None, password=None))
        return cls(bare, options.get("update", bare), options.get("graphs"), login)


class Endpoint:
    """The three addresses of a server, spoken to over HTTP; an error of the server is one of ours."""

    def __init__(self, address: Address, limits: ReadLimits) -> None:
        """Open no connection yet."""
        self.address = address
        self._limits = limits
        self._client = httpx.Client(auth=address.login, timeout=limits.seconds, trust_env=False)
        self.server = ""
        """How the server names itself, once it has answered."""

    def ask(self, text: str, accept: str, parameters: Iterable[tuple[str, str]] = ()) -> bytes:
        """The body of an answer. Raises `QueryError`, `QueryTimeout`, `StoreError`."""
        form: dict[str, list[str]] = {"query": [text]}
        for name, value in parameters:
            form.setdefault(name, []).append(value)
        response = self._send("POST", self.address.query, data=form, headers={"Accept": accept})
        self.server = response.headers.get("server", "")
        return response.content

    def update(self, text: str) -> None:
        """Run an update. Raises `QueryError`, `WriteFailed`, `StoreError`."""
        self._send("POST", self.address.update, data={"update": text}, timeout=self._limits.write_seconds)

    def put(self, graph: str, triples: bytes, method: str = "PUT") -> None:
        """Send one graph's N-Triples by the Graph Store Protocol. Raises `WriteFailed`, `StoreError`."""
        assert self.address.graphs is not None
        headers = {"Content-Type": _TRIPLES}
        where = httpx.URL(self.address.graphs).copy_add_param("graph", graph)
        self._send(method, str(where), content=triples, headers=headers, timeout=self._limits.write_seconds)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _send(self, method: str, url: str, **more: object) -> httpx.Response:
        try:
            response = self._client.request(method, url, **more)  # type: ignore[arg-type]
        except httpx.TimeoutException as error:
            raise QueryTimeout(
                it=f"«{url}» non ha risposto in tempo.", en=f"“{url}” did not answer in time."
            ) from error
        except httpx.HTTPError as error:
            raise StoreError(it=f"«{url}» non risponde: {error}", en=f"“{url}” does not answer: {error}") from error
        if response.status_code == 400:
            raise QueryError(
                it=f"Il testo SPARQL non è valido: {response.text}", en=f"The SPARQL text is not valid: {response.text}"
            )
        if not response.is_success:
            said = f"{response.status_code} {response.text[:500]}"
            raise StoreError(it=f"«{url}» risponde: {said}", en=f"“{url}” answers: {said}")
        return response

"""Every error as one `application/problem+json` (RFC 9457), or as a page for who reads pages: one table maps them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api import errors as ours
from api.errors import reason_of
from api.frame import render_page
from api.negotiation import PROBLEM, prefers_html, request_language
from loaders import errors as loading
from queries import errors as asking
from store import errors as storing

PROBLEM_BASE = "https://w3id.org/raccordo/problem/"

INTERNAL = {
    "it": "Errore interno: è stato registrato. Se si ripete, segnalalo a chi gestisce il servizio.",
    "en": "Internal error: it has been logged. If it happens again, tell whoever runs the service.",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its name in the problem's type, its HTTP status, and headers that go with it."""

    slug: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()


KINDS: Mapping[type[Exception], Kind] = {
    ours.SettingsError: Kind("settings", 500),
    ours.NotAcceptable: Kind("not-acceptable", 406, (("Vary", "Accept"),)),
    ours.MalformedRequest: Kind("malformed-request", 400),
    ours.UnsupportedBody: Kind("unsupported-body", 415),
    ours.UnknownValue: Kind("unknown-value", 400),
    ours.PreconditionFailed: Kind("precondition-failed", 412),
    ours.Unauthorised: Kind("unauthorised", 401, (("WWW-Authenticate", 'Bearer realm="raccordo"'),)),
    ours.Forbidden: Kind("forbidden", 403),
    ours.WritesDisabled: Kind("writes-disabled", 403),
    ours.TokenFileError: Kind("token-file", 500),
    ours.UnknownToken: Kind("unknown-token", 404),
    ours.TooManyQueries: Kind("too-many-queries", 429),
    ours.ServiceStopping: Kind("stopping", 503),
    ours.VersionGone: Kind("version-gone", 410),
    ours.ReaderNotStarted: Kind("reader-not-started", 503),
    ours.IndexBuilding: Kind("index-building", 503),
    ours.UnknownGraph: Kind("unknown-graph", 404, (("Vary", "Accept"),)),
    ours.BodyTooLarge: Kind("body-too-large", 413),
    ours.UploadTooLarge: Kind("upload-too-large", 413),
    ours.UnknownPlan: Kind("unknown-plan", 404),
    ours.UnknownEntity: Kind("unknown-entity", 404, (("Vary", "Accept"),)),
    ours.UnknownEvidence: Kind("unknown-evidence", 404),
    ours.NothingToLoad: Kind("nothing-to-load", 422),
    ours.MissingExtra: Kind("missing-extra", 500),
    ours.UnreadableRegister: Kind("unreadable-register", 422),
    ours.NotEmbedded: Kind("not-embedded", 500),
    ours.UnfitEngine: Kind("unfit-engine", 501),
    ours.PortTaken: Kind("port-taken", 500),
    asking.UnknownQuestion: Kind("unknown-question", 404),
    asking.ParameterError: Kind("parameter", 400),
    asking.NoTriples: Kind("no-triples", 406),
    asking.HeaderError: Kind("question-header", 500),
    asking.AnswerError: Kind("answer", 500),
    loading.UnreadableFile: Kind("unreadable-file", 422),
    loading.UnknownFormat: Kind("unknown-format", 415),
    loading.NothingToRead: Kind("nothing-to-read", 422),
    loading.ManifestError: Kind("manifest", 422),
    loading.LoadError: Kind("load", 422),
    storing.QueryError: Kind("query", 400),
    storing.OutboundRefused: Kind("outbound-refused", 403),
    storing.QueryTooComplex: Kind("query-too-complex", 400),
    storing.QueryTimeout: Kind("query-timeout", 504),
    storing.QueryStopped: Kind("query-stopped", 503),
    storing.WriteFailed: Kind("write-failed", 503),
    storing.QueryExhausted: Kind("query-exhausted", 422),
    storing.AnswerTooLarge: Kind("answer-too-large", 422),
    storing.UnsupportedFormat: Kind("not-acceptable", 406, (("Vary", "Accept"),)),
    storing.GraphError: Kind("graph", 400),
    storing.StoreBusy: Kind("store-busy", 503, (("Retry-After", "5"),)),
    storing.StoreLocked: Kind("store-locked", 503, (("Retry-After", "30"),)),
    storing.StoreError: Kind("store", 500),
}
"""Each typed error and what becomes of it at the HTTP edge."""


def kind_of(error: Exception) -> Kind:
    """The kind of an error by its nearest class; raises `KeyError` for an error that is not one of the house."""
    return next(KINDS[one] for one in type(error).__mro__ if one in KINDS)


def install_problems(app: FastAPI) -> None:
    """Let `app` answer every error with a problem."""
    for family in (ours.ServiceError, asking.QuestionError, loading.LoadError, storing.StoreError):
        app.add_exception_handler(family, _typed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unforeseen)


def problem_document(kind: Kind, detail: str, instance: str, **more: object) -> dict[str, object]:
    """The members of a problem (RFC 9457, section 3.1); `more` are extension members, absent when `None`."""
    extra = {name: value for name, value in more.items() if value is not None}
    return {
        "type": PROBLEM_BASE + kind.slug,
        "title": HTTPStatus(kind.status).phrase,
        "status": kind.status,
        "detail": detail,
        "instance": instance,
        **extra,
    }


_MEMBERS = ("parameter", "offered", "nearest", "retry_seconds", "reason")


async def _typed(request: Request, error: Exception) -> Response:
    kind = kind_of(error)
    if kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s", type(error).__name__, extra={"fields": {"problem": kind.slug, "reason": _loggable(error)}})
    return problem_response(request, error)


def problem_response(request: Request, error: Exception) -> Response:
    """The problem that becomes of an error of the house."""
    kind = kind_of(error)
    language = request_language(request)
    more = {name: getattr(error, name, None) for name in _MEMBERS}
    if isinstance(error, loading.LoadError):
        more |= {"place": error.said[language].place, "remedy": error.said[language].remedy}
    return _answer(request, kind, reason_of(error, language), **more)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = Kind("http", error.status_code, tuple((error.headers or {}).items()))
    return _answer(request, kind, str(error.detail))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    places = [{"place": ".".join(map(str, one["loc"])), "reason": one["msg"]} for one in error.errors()]
    detail = "; ".join(f"{one['place']}: {one['reason']}" for one in places)
    return _answer(request, Kind("malformed-request", 400), detail, errors=places)


async def _unforeseen(request: Request, error: Exception) -> Response:
    # What nobody foresaw says nothing to strangers: it is in the log.
    _log.error("nobody foresaw this", exc_info=error)
    detail = INTERNAL[request_language(request)]
    return _answer(request, Kind("internal", 500), detail)


def _loggable(error: Exception) -> str | None:
    """The reason of an error, where it cannot hold the text of a query: what a server says of one may repeat it."""
    said_by_us = isinstance(error, ours.ServiceError) or type(error) is not storing.StoreError
    if said_by_us:
        return reason_of(error, "en")
    cause = error.__cause__
    return cause.strerror if isinstance(cause, OSError) else None


def _answer(request: Request, kind: Kind, detail: str, **more: object) -> Response:
    request.state.problem = kind.slug
    headers = dict(kind.headers)
    if (seconds := more.pop("retry_seconds", None)) is not None:
        headers["Retry-After"] = str(seconds)
    if prefers_html(request):
        lines = detail.splitlines()
        context = {"lines": lines, "kind": kind, "again": "Retry-After" in headers, "nearest": more.get("nearest")}
        return render_page(request, "problem.html", context, status=kind.status, headers=headers)
    document = problem_document(kind, detail, request.url.path, language=request_language(request), **more)
    return JSONResponse(document, kind.status, headers, media_type=PROBLEM)

"""The REST interface described on a page of ours, from the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.frame import render_page

router = APIRouter()


@router.get("/docs")
def docs(request: Request) -> Response:
    """Every operation by its tag, with its parameters and formats."""
    schema = request.app.openapi()
    return render_page(request, "docs.html", {"operations": list(operations(schema)), "schema": schema})


def operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each operation of an OpenAPI document, flat: method, path, summary, parameters and media types of its answer."""
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            answer = operation.get("responses", {}).get("200", {})
            yield {
                "method": method.upper(),
                "path": path,
                "summary": operation.get("summary", ""),
                "parameters": operation.get("parameters", []),
                "types": list(answer.get("content", {})),
            }

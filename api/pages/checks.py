"""A draft checked on a page: what is missing in it and where; nothing is kept."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.errors import ServiceError, reason_of
from api.frame import render_page
from api.negotiation import request_language
from api.operations.reading import warm_up
from api.pages.plans import COUNTED, DOWNLOADED_REPORTS, Shown, report_context
from api.problems import kind_of
from api.render.template import TEMPLATE_FORMS
from api.service import Served, Service
from api.uploads import check_upload
from loaders.errors import LoadError
from loaders.formats import FORMATS
from ontology.terms import concept

router = APIRouter()

# A draft has no page of its own on which the rest could stand.
SHOWN = Shown(of_a_rule=500)


@router.get("/check")
def form(request: Request, service: Served) -> Response:
    """The form; while it is filled in, the reader warms up."""
    warm_up()
    return render_page(request, "check.html", _context(service))


@router.post("/check")
async def check(request: Request, service: Served) -> Response:
    """The report on the draft, under the form."""
    try:
        checked = await check_upload(request, service)
    except (LoadError, ServiceError) as error:
        kind = kind_of(error)
        problem = reason_of(error, request_language(request))
        return render_page(request, "check.html", {**_context(service), "problem": problem}, status=kind.status)
    context = {**_context(service), "checked": checked, **report_context(checked.report, request), "shown": SHOWN}
    return render_page(request, "check.html", context)


def _context(service: Service) -> dict[str, object]:
    return {
        "checked": None,
        "problem": None,
        "counted": COUNTED,
        "formats": ", ".join(sorted(FORMATS)),
        "report_formats": DOWNLOADED_REPORTS,
        "templates": {name: str(concept("form", name)) for name in TEMPLATE_FORMS},
        "size": f"{service.settings.upload_bytes / 2**20:.3g}",
    }

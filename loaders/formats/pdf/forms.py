"""How often a page draws the forms that it refers to, counted without drawing them.

A form may draw another one many times over, so a file of a few lines can ask for a billion drawings.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Mapping

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1

_DRAWS = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do(?=\s|$)")


def most_drawn(data: bytes) -> int:
    """The greatest number of forms that one page of the PDF draws, forms inside forms counted each time.

    Raises what pdfminer raises on a damaged file.
    """
    document = PDFDocument(PDFParser(io.BytesIO(data)))
    known: dict[int, int] = {}
    most = 0
    for page in PDFPage.create_pages(document):
        streams = [resolve1(item) for item in list_value(page.contents)]
        content = b"\n".join(stream.get_data() for stream in streams if isinstance(stream, PDFStream))
        most = max(most, _drawn(content, dict_value(page.resources), known))
    return most


def _drawn(content: bytes, resources: Mapping[str, object], known: dict[int, int]) -> int:
    objects = dict_value(resources.get("XObject") or {})
    total = 0
    for name, times in Counter(_DRAWS.findall(content)).items():
        form = resolve1(objects.get(name.decode("latin-1")))
        if isinstance(form, PDFStream) and str(form.get("Subtype")).strip("/'") == "Form":
            total += times * _form(form, resources, known)
    return total


def _form(form: PDFStream, resources: Mapping[str, object], known: dict[int, int]) -> int:
    number = form.objid if form.objid is not None else id(form)
    if number not in known:
        known[number] = 0  # a form inside itself is drawn no further
        own = resolve1(form.get("Resources"))
        known[number] = 1 + _drawn(form.get_data(), own if isinstance(own, dict) else resources, known)
    return known[number]

"""A draft that somebody sends to be checked: read within a limit, kept only while it is read, never stored."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.types import Message

from api.annotated import AnnotatedCopy, annotate_document
from api.errors import MalformedRequest, UploadTooLarge
from api.language import Language
from api.operations import CheckedPlan, check_document
from api.service import Service
from loaders.errors import LoadError
from loaders.manifest import MANIFEST_NAME

T = TypeVar("T")
_ENVELOPE_BYTES = 64 * 1024
"""What a multipart body may have around its file."""
_LONGEST_NAME = 120


async def check_upload(request: Request, service: Service) -> CheckedPlan:
    """The report on the field `file` of a multipart form, with the manifest in `manifest` when there is one.

    Raises `UploadTooLarge`, `MalformedRequest`, `LoadError`.
    """
    _, checked = await _of_upload(request, service, partial(check_document, iris=service.iris))
    return checked


async def annotate_upload(request: Request, service: Service, language: Language) -> tuple[str, AnnotatedCopy]:
    """The name of the field `file` of a multipart form, and its copy with comments.

    Raises what `check_upload` raises, and `UnknownFormat` for a document that takes no comments.
    """
    return await _of_upload(request, service, partial(annotate_document, iris=service.iris, language=language))


async def _of_upload(request: Request, service: Service, read: Callable[[Path, Path | None], T]) -> tuple[str, T]:
    async with _limited(request, service.settings.upload_bytes).form(max_files=2, max_fields=8) as form:
        name, data = await _file(form, "file")
        manifest = await _file(form, "manifest") if form.get("manifest") else ("", b"")
        if not name:
            raise MalformedRequest(it="Scegli un documento (campo «file»).", en="Choose a document (field “file”).")
        return name, await run_in_threadpool(_read_apart, name, data, manifest[1], read)


def _read_apart(name: str, data: bytes, manifest: bytes, read: Callable[[Path, Path | None], T]) -> T:
    with TemporaryDirectory(prefix="raccordo-") as folder:
        path = Path(folder) / "draft" / name
        path.parent.mkdir()
        path.write_bytes(data)
        beside = Path(folder) / MANIFEST_NAME
        if manifest:
            beside.write_bytes(manifest)
        try:
            return read(path, beside if manifest else None)
        except LoadError as error:
            # Who sent the file knows it by its name, and need not know where it lay.
            raise type(error)(
                error.problem, file=Path(error.file).name, place=error.place, remedy=error.remedy
            ) from error


async def _file(form: FormData, field: str) -> tuple[str, bytes]:
    """The name and bytes of an uploaded file; empty when the field holds none."""
    upload = form.get(field)
    if not isinstance(upload, UploadFile) or not upload.filename:
        return "", b""
    return _safe_name(upload.filename), await upload.read()


def _safe_name(name: str) -> str:
    """The last part of a name, whichever system wrote it, without what a file's name cannot hold."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    kept = "".join(character for character in last if character.isprintable() and character not in '<>:"|?*')
    return kept[-_LONGEST_NAME:].lstrip(".") or "draft"


def _limited(request: Request, limit_bytes: int) -> Request:
    """The same request, whose body ends in `UploadTooLarge` as soon as it is larger than it may be."""
    most = limit_bytes + _ENVELOPE_BYTES
    if int(request.headers.get("content-length") or 0) > most:
        raise UploadTooLarge(limit_bytes)
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        message = await request.receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise UploadTooLarge(limit_bytes)
        return message

    return Request(request.scope, receive)

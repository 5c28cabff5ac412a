"""DOC and RTF: Word's old formats, read through LibreOffice when it is there; the document says so.

LibreOffice runs without a window, with an empty profile of its own in which macros and links are off, in a folder that
is thrown away, and is killed with all it started when it takes too long. It keeps the limits of the process it is
started from, and is enclosed in that folder: where the system cannot do that, an RTF is refused.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from loaders.document import Document
from loaders.errors import UnreadableFile
from loaders.formats import docx, enclosure, html
from loaders.formats.compose import converted
from loaders.formats.package import check_size, refused
from loaders.records import Rendition

MEDIA_TYPE = "application/msword"
LONGEST_CONVERSION_SECONDS = 90
_PROGRAMS = ("soffice", "libreoffice")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
_QUIET = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo")
_FILTER = "docx:MS Word 2007 XML"
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""


def read(data: bytes, path: Path) -> Document:
    """The document in the bytes of a DOC or RTF file.

    Raises `UnreadableFile` when LibreOffice is missing, fails or takes too long; `NothingToRead`.
    """
    check_size(data, path)
    if data.startswith(b"PK"):
        return docx.read(data, path)
    head = data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return html.read(data, path)
    if not data.startswith((_OLE, _RTF)):
        raise refused("this is not a Word document.", path, remedy="Give the file its true extension.")
    if data.startswith(_RTF) and not enclosure.can_enclose():
        raise refused(
            "an RTF file can be read only where the system keeps LibreOffice from other files (Linux 5.13, Landlock).",
            path,
            remedy="Save the file as DOCX and load that.",
        )
    program = _program(path)
    rendition = Rendition(
        sha256=hashlib.sha256(data).hexdigest(), file=path.name, media_type=MEDIA_TYPE, columns_reliable=True
    )
    document = docx.read(_as_docx(program, data, path), path)
    return converted(document, rendition, "the file was converted to DOCX by LibreOffice; paths are those of the DOCX")


def _program(path: Path) -> str:
    found = next((program for name in _PROGRAMS if (program := shutil.which(name))), None)
    if found is None:
        raise UnreadableFile(
            "an old Word file can be read only where LibreOffice is installed.",
            file=path,
            remedy="Install libreoffice-writer, or save the file as DOCX and load that.",
        )
    return found


def _as_docx(program: str, data: bytes, path: Path) -> bytes:
    with tempfile.TemporaryDirectory(prefix="raccordo-doc-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        user = folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        source = folder / ("source.rtf" if data.startswith(_RTF) else "source.doc")
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        enclosed = [sys.executable, "-IS", enclosure.__file__, name] if enclosure.can_enclose() else []
        command = [
            *enclosed,
            program,
            profile,
            *_QUIET,
            "--convert-to",
            _FILTER,
            "--outdir",
            str(folder / "out"),
            str(source),
        ]
        _run(command, folder, path)
        result = folder / "out" / "source.docx"
        if not result.is_file():
            raise refused("LibreOffice cannot read this file.", path)
        return result.read_bytes()


def _run(command: list[str], folder: Path, path: Path) -> None:
    """Run LibreOffice in a session of its own, so that all it started ends with it."""
    environment = {"HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8", "PATH": os.environ.get("PATH", "")}
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(LONGEST_CONVERSION_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise refused(f"LibreOffice did not read it in {LONGEST_CONVERSION_SECONDS} seconds.", path) from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

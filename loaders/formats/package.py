"""Office packages opened with care: sizes counted while unpacking, and XML that can name nothing outside itself.

The limits are those of EXTRACTION.md section 8; real plans stay below a tenth of each.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from lxml import etree

from loaders.errors import UnreadableFile

LARGEST_FILE_BYTES = 25_000_000
MOST_ENTRIES = 2_000
LARGEST_PACKAGE_BYTES = 200_000_000  # unpacked, all parts
LARGEST_PART_BYTES = 32_000_000  # unpacked, one XML part
HIGHEST_RATIO = 100  # unpacked to packed, for parts above `RATIO_FROM_BYTES`
RATIO_FROM_BYTES = 1_000_000
DEEPEST_XML = 150  # elements inside one another
MOST_NODES = 1_000_000
_CHUNK = 1 << 16
_ENCRYPTED = 0x1
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".docx", ".xlsx", ".odt", ".ods")
_EMBEDDED = ("embeddings", "object")  # folders where Word, Excel and LibreOffice keep the charts of a document
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)  # what `zipfile` raises for a package that is not whole
_GENUINE = "If the document is genuine, save a new copy of it and load that one."


def refused(problem: str, path: Path | str, place: str | None = None, remedy: str = _GENUINE) -> UnreadableFile:
    """The error for a file that breaks a limit or is not what its name says."""
    return UnreadableFile(problem, file=path, place=place, remedy=remedy)


def check_size(data: bytes, path: Path) -> None:
    """Refuse a file of more than `LARGEST_FILE_BYTES`."""
    if len(data) > LARGEST_FILE_BYTES:
        raise refused(
            f"the file is larger than {LARGEST_FILE_BYTES // 1_000_000} MB.",
            path,
            remedy="Take out its pictures, or split it, one plan to a file.",
        )


class Package:
    """The parts of a ZIP package (DOCX, ODT, XLSX), none of which is unpacked before its size was checked.

    Raises `UnreadableFile` for what is no package, and for one that breaks a limit or hides an entry.
    """

    def __init__(self, data: bytes, path: Path) -> None:
        check_size(data, path)
        self.path = path
        if data.startswith(_OLE):
            raise refused(
                "this is an old binary or a password-protected office file.",
                path,
                remedy="Take the password off, or give an old Word file its true extension (.doc).",
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise refused(f"this is not an office package ({error}).", path) from error
        self._unpacked = 0
        self._entries = self._checked(self._zip.infolist())

    def _checked(self, entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        if len(entries) > MOST_ENTRIES:
            raise refused(f"the package holds {len(entries)} entries, more than {MOST_ENTRIES}.", self.path)
        if sum(entry.file_size for entry in entries) > LARGEST_PACKAGE_BYTES:
            raise refused(f"the package unpacks to more than {LARGEST_PACKAGE_BYTES // 1_000_000} MB.", self.path)
        twice = [name for name, count in Counter(entry.filename for entry in entries).items() if count > 1]
        if twice:
            raise refused("the package holds two entries of one name.", self.path, twice[0])
        for entry in entries:
            self._check_entry(entry)
        return {entry.filename: entry for entry in entries}

    def _check_entry(self, entry: zipfile.ZipInfo) -> None:
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in (name.parts or ("",))[0]:
            raise refused("an entry of the package points outside it.", self.path, entry.filename)
        if entry.flag_bits & _ENCRYPTED:
            raise refused("the package is encrypted.", self.path, entry.filename, "Save it without a password.")
        embedded = any(part.lower().startswith(_EMBEDDED) for part in name.parts[:-1])
        if name.suffix.lower() in _ARCHIVES and not embedded:
            raise refused("the package holds another archive.", self.path, entry.filename)

    def names(self) -> list[str]:
        """The names of its parts, in the order of the package."""
        return list(self._entries)

    def part(self, name: str) -> bytes | None:
        """The bytes of one part, or None when the package has none of that name."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        pieces: list[bytes] = []
        size = 0
        try:
            with self._zip.open(entry) as stream:
                while piece := stream.read(_CHUNK):
                    size += len(piece)
                    self._count(entry, size, len(piece))
                    pieces.append(piece)
        except _DAMAGE as error:
            raise refused(f"a part of the package is damaged ({error}).", self.path, name) from error
        return b"".join(pieces)

    def _count(self, entry: zipfile.ZipInfo, size: int, more: int) -> None:
        self._unpacked += more
        if size > LARGEST_PART_BYTES:
            limit = LARGEST_PART_BYTES // 1_000_000
            raise refused(f"a part of the package is larger than {limit} MB.", self.path, entry.filename)
        if size > RATIO_FROM_BYTES and size > HIGHEST_RATIO * max(entry.compress_size, 1):
            raise refused("a part of the package is packed too tightly to be text.", self.path, entry.filename)
        if self._unpacked > LARGEST_PACKAGE_BYTES:
            limit = LARGEST_PACKAGE_BYTES // 1_000_000
            raise refused(f"the package unpacks to more than {limit} MB.", self.path, entry.filename)

    def xml(self, name: str) -> etree._Element | None:
        """The root element of one part, or None when the package has none of that name."""
        data = self.part(name)
        return None if data is None else parse_xml(data, self.path, name)

    def required(self, name: str) -> etree._Element:
        """The root element of a part without which the document has no text."""
        root = self.xml(name)
        if root is None:
            raise refused("the package lacks its main part.", self.path, name, "Give the file its true extension.")
        return root

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """The parts that part `name` refers to: id → (kind of relation, name); nothing outside the package."""
        folder, base = PurePosixPath(name).parent, PurePosixPath(name).name
        root = self.xml(str(folder / "_rels" / f"{base}.rels"))
        found: dict[str, tuple[str, str]] = {}
        for link in root if root is not None else ():
            if link.get("TargetMode") == "External":
                continue
            target = unquote(link.get("Target", ""))
            whole = target.lstrip("/") if target.startswith("/") else str(folder / target)
            if whole in self._entries:
                kind = link.get("Type", "").rsplit("/", 1)[-1]
                found[link.get("Id", "")] = (kind, whole)
        return found


def parse_xml(data: bytes, path: Path, name: str) -> etree._Element:
    """The root of an XML part that declares no document type, no deeper and no larger than the limits.

    Raises `UnreadableFile`.
    """
    events = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        _walk(events, path, name)
    except etree.XMLSyntaxError as error:
        raise refused(f"a part of the document is not XML ({' '.join(error.msg.split())}).", path, name) from error
    root: etree._Element = events.root
    return root


def _walk(events: etree.iterparse[tuple[str, etree._Element]], path: Path, name: str) -> None:
    depth = nodes = 0
    for event, element in events:
        if event == "end":
            depth -= 1
            continue
        if nodes == 0 and _has_doctype(element):
            raise refused("a part of the document declares a document type, which office files never do.", path, name)
        depth += 1
        nodes += 1
        if depth > DEEPEST_XML:
            raise refused(f"its elements stand more than {DEEPEST_XML} deep.", path, name)
        if nodes > MOST_NODES:
            raise refused(f"a part of the document has more than {MOST_NODES} elements.", path, name)


def _has_doctype(element: etree._Element) -> bool:
    return element.getroottree().docinfo.internalDTD is not None


class Paths:
    """The XML path of each element of one part («word/document.xml#/w:document/w:body/w:p[3]»)."""

    def __init__(self, part: str = "") -> None:
        self._prefix = f"{part}#" if part else ""
        self._known: dict[etree._Element, dict[etree._Element, str]] = {}

    def of(self, element: etree._Element) -> str:
        """The path of `element`; positions are counted among the siblings of one name, from 1."""
        steps: list[str] = []
        current = element
        while (parent := current.getparent()) is not None:
            steps.append(self._steps(parent)[current])
            current = parent
        return self._prefix + "/" + "/".join([_name(current), *reversed(steps)])

    def _steps(self, parent: etree._Element) -> dict[etree._Element, str]:
        """One pass over the children of an element, kept: a body of many paragraphs is counted once."""
        known = self._known.get(parent)
        if known is None:
            counts: Counter[str] = Counter()
            known = {}
            for child in parent:
                if isinstance(child.tag, str):
                    name = _name(child)
                    counts[name] += 1
                    known[child] = f"{name}[{counts[name]}]"
            self._known[parent] = known
        return known


def _name(element: etree._Element) -> str:
    local = str(element.tag).rpartition("}")[2]
    return f"{element.prefix}:{local}" if element.prefix else local

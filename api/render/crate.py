"""A dump that explains itself: the data, the ontology and the descriptions in one RO-Crate with checksums.

https://www.researchobject.org/ro-crate/specification/1.1/
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from api.discovery import Publication

METADATA, SUMS = "ro-crate-metadata.json", "SHA256SUMS"
_PROFILE = "https://w3id.org/ro/crate/1.1"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644


@dataclass(frozen=True, slots=True)
class CrateFile:
    """One file of a crate: what it is, for people, and its media type."""

    body: bytes
    name: str
    media_type: str


def write_crate(
    about: Publication, title: str, description: str, licence: str, files: Mapping[str, CrateFile]
) -> bytes:
    """The crate as a ZIP file, the same bytes for the same content, with the SHA-256 of each file in `SUMS` too."""
    sums = {path: hashlib.sha256(one.body).hexdigest() for path, one in files.items()}
    metadata = {
        "@context": f"{_PROFILE}/context",
        "@graph": [
            {
                "@id": METADATA, "@type": "CreativeWork", "conformsTo": {"@id": _PROFILE}, "about": {"@id": "./"},
            },
            {
                "@id": "./", "@type": "Dataset", "name": title, "description": description,
                "datePublished": about.modified.isoformat(), "license": {"@id": licence},
                "publisher": {"@id": "#publisher"}, "url": about.address,
                "hasPart": [{"@id": path} for path in [*files, SUMS]],
            },
            {"@id": "#publisher", "@type": "Organization", "name": about.publisher},
            {"@id": licence, "@type": "CreativeWork", "name": "CC BY 4.0"},
            *(_described(path, one, sums[path]) for path, one in files.items()),
            {"@id": SUMS, "@type": "File", "name": "SHA-256 of each file", "encodingFormat": "text/plain"},
        ],
    }  # fmt: skip
    listed = "".join(f"{digest}  {path}\n" for path, digest in sums.items()).encode()
    bodies = {path: one.body for path, one in files.items()}
    return _zipped({METADATA: json.dumps(metadata, ensure_ascii=False, indent=1).encode(), SUMS: listed, **bodies})


def _described(path: str, one: CrateFile, digest: str) -> dict[str, object]:
    return {
        "@id": path,
        "@type": "File",
        "name": one.name,
        "encodingFormat": one.media_type,
        "contentSize": str(len(one.body)),
        "sha256": digest,
    }


def _zipped(bodies: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, body in bodies.items():
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.external_attr = _READABLE << 16
            archive.writestr(entry, body, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()

"""`python -m benchmarks.fuzz`: damaged documents of every format must be read or refused, never crash nor hang.

Seeded: the same seed damages the same bytes. What goes wrong is written to a folder, to be read again.
"""

from __future__ import annotations

import argparse
import io
import signal
import sys
import traceback
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from benchmarks.corpus import generate
from benchmarks.corpus.formats import DOCUMENTS
from loaders.errors import LoadError
from loaders.formats import FORMATS
from loaders.formats.measure import check_measure

SLOWEST_SECONDS = 20
_URN = "urn:oasis:names:tc:opendocument:xmlns"
_ODT = f"""<office:document-content xmlns:office="{_URN}:office:1.0" xmlns:text="{_URN}:text:1.0"
 xmlns:table="{_URN}:table:1.0"><office:body><office:text><text:h text:outline-level="1">Obiettivo</text:h>
<text:list><text:list-item><text:p>uno<text:s text:c="2"/>due</text:p></text:list-item></text:list><table:table>
<table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>Azioni</text:p></table:table-cell>
<table:covered-table-cell/></table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell>
<text:p>X</text:p></table:table-cell><table:table-cell table:number-rows-spanned="2"/></table:table-row></table:table>
</office:text></office:body></office:document-content>"""
_CSV = 'Obiettivo;Azioni;Protocollo presente;Tempi\n"Casa;\nlavoro";Tavolo;X;Entro 2022\n;Rete;;2021-2023\n'
_RUNS = (
    *(
        piece.encode("latin-1")
        for piece in "\0 \xff 0 -1 999999999999 < </ > << >> [ ( ) &#0; R \" ' / \xc3".split(" ")
    ),
    *(b"", b"\n", b"\t\t", b" R", b"\xe2\x80\xa8", b"endobj", b"stream", b"]]>", b"<table>", b"<td>"),
)


class Hang(BaseException):
    """A reading that went on for too long; no `Exception`, so that no reader takes it for a fault of the file."""


def samples() -> dict[str, bytes]:
    """A sound document for each suffix that has a reader of its own."""
    plan = next(iter(generate(7, 1)))
    made = {kind.suffix: kind.render(plan) for kind in DOCUMENTS.values()}
    return {**made, ".odt": _package({"content.xml": _ODT.encode()}), ".csv": _CSV.encode()}


def damaged(data: bytes, rng: Random) -> bytes:
    """The document with some of its bytes changed; of a package, those of one part, so that it still unpacks."""
    if data.startswith(b"PK") and rng.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        name = rng.choice(sorted(parts))
        return _package({**parts, name: _changed(parts[name], rng)})
    return _changed(data, rng)


def _package(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(zipfile.ZipInfo(name), part)
    return stream.getvalue()


def _changed(data: bytes, rng: Random) -> bytes:
    raw = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at, length = rng.randrange(len(raw) + 1), rng.choice((0, 1, 2, 8, 64, 512))
        kind = rng.randrange(4)
        if kind == 0:
            raw[at : at + length] = rng.choice(_RUNS)
        elif kind == 1:
            raw[at : at + length] = raw[(other := rng.randrange(len(raw) + 1)) : other + length]
        elif kind == 2:
            raw[at:at] = raw[at : at + length] * rng.choice((1, 2, 50))
        elif at < len(raw):
            raw[at] ^= 1 << rng.randrange(8)
    return bytes(raw[: rng.randrange(len(raw) + 1)] if rng.random() < 0.05 else raw)


def fault(data: bytes, suffix: str) -> str | None:
    """What goes wrong when the document is read, as a traceback; None when it is read or refused."""
    path = Path(f"damaged{suffix}")
    try:
        with _deadline(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            check_measure(FORMATS[suffix[suffix.rfind(".") :]].read(data, path), path)
    except LoadError:
        return None
    except (Exception, Hang):  # noqa: BLE001 - whatever a reader lets through is what is looked for
        return traceback.format_exc()
    return None


@contextmanager
def _deadline() -> Iterator[None]:
    """Raises `Hang` in what runs for too long (Python code; a library that never comes back is seen by who waits)."""

    def stop(*_: object) -> None:
        raise Hang(f"more than {SLOWEST_SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SLOWEST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run(seed: int, count: int, suffixes: Sequence[str] | None = None) -> Iterator[tuple[str, bytes, str]]:
    """The faults of `count` damaged documents of each format: suffix, bytes, traceback."""
    for suffix, data in samples().items():
        if suffixes and suffix not in suffixes:
            continue
        rng = Random(f"{seed} {suffix}")
        for _ in range(count):
            broken = damaged(data, rng)
            if found := fault(broken, suffix):
                yield suffix, broken, found


def main(arguments: Sequence[str] | None = None) -> None:
    """Read damaged documents, print each fault once by its last line, and keep its bytes."""
    options = _parser().parse_args(arguments)
    seen: set[str] = set()
    for suffix, data, trace in run(options.seed, options.files, options.suffixes):
        name = " ".join(
            trace.strip().splitlines()[-1:] + [line.strip() for line in trace.splitlines() if "/loaders/" in line][-1:]
        )
        if name not in seen:
            seen.add(name)
            options.out.mkdir(parents=True, exist_ok=True)
            (options.out / f"{len(seen)}{suffix}").write_bytes(data)
            print(f"{suffix}: {trace}", flush=True)
    print(f"{options.files} damaged documents of each format, seed {options.seed}: {len(seen)} faults")
    sys.exit(bool(seen))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description="Read damaged documents.")
    parser.add_argument("--seed", type=int, default=1, help="what the damages are drawn from (default: 1)")
    parser.add_argument("--files", type=int, default=500, help="how many of each format (default: 500)")
    parser.add_argument("--out", type=Path, default=Path("var/fuzz"), help="where faulty files go (default: var/fuzz)")
    parser.add_argument("--suffixes", type=lambda text: text.split(","), help="these formats only, as .pdf,.docx")
    return parser


if __name__ == "__main__":
    main()

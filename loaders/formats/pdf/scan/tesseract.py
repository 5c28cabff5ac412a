"""Words of pictures, recognised by the program tesseract with its Italian words."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from lxml import etree

from loaders.errors import UnreadableFile

LANGUAGE = "ita"
SLOWEST_SECONDS = 120  # for the pictures of one page
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_CLASS = "{http://www.w3.org/1999/xhtml}"
_BOX = re.compile(r"bbox (\d+) (\d+) (\d+) (\d+)")
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_BASELINE = re.compile(rf"baseline {_NUMBER} {_NUMBER}")
_SIZE = re.compile(rf"x_size {_NUMBER}")
_SURE = re.compile(rf"x_wconf {_NUMBER}")
Arrangement = Literal["page", "block"]
_MODES: dict[Arrangement, str] = {"page": "3", "block": "6"}


@dataclass(frozen=True)
class Word:
    """A word as recognised: its box in pixels, and how sure of it tesseract is, of 100."""

    text: str
    box: tuple[int, int, int, int]
    sure: float


@dataclass(frozen=True)
class WordLine:
    """The words of a line; its baseline and size in pixels."""

    words: tuple[Word, ...]
    base: float
    size: float


def recognise(pictures: Sequence[np.ndarray], arrangement: Arrangement, path: Path) -> list[list[WordLine]]:
    """The lines of each picture: of a `page` of text in any arrangement, or of a `block` of lines.

    Raises `UnreadableFile` when tesseract fails or takes too long.
    """
    if not pictures:
        return []
    with tempfile.TemporaryDirectory(prefix="raccordo-ocr-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        files = [folder / f"{number}.png" for number in range(len(pictures))]
        for file, picture in zip(files, pictures, strict=True):
            cv2.imwrite(str(file), picture, (cv2.IMWRITE_PNG_COMPRESSION, 1))
        listed = folder / "pictures.txt"
        listed.write_text("".join(f"{file}\n" for file in files), encoding="utf-8")
        options = ("-l", LANGUAGE, "--psm", _MODES[arrangement], "--dpi", "200", "-c", "tessedit_do_invert=0", "hocr")
        found = _run(("tesseract", str(listed), "stdout", *options), folder, path)
    pages = etree.fromstring(found, _PARSER).iterfind(".//*[@class='ocr_page']")
    return [list(_lines(page)) for page in pages]


def _run(command: Sequence[str], folder: Path, path: Path) -> bytes:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "TMPDIR": str(folder),
        "OMP_THREAD_LIMIT": "1",
        "LANG": "C.UTF-8",
    }
    if "TESSDATA_PREFIX" in os.environ:
        environment["TESSDATA_PREFIX"] = os.environ["TESSDATA_PREFIX"]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=SLOWEST_SECONDS, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        problem = f"text recognition of one page took more than {SLOWEST_SECONDS} s."
        raise UnreadableFile(problem, file=path, remedy="Scan it again at 200 to 300 dpi.") from error
    except (OSError, subprocess.CalledProcessError) as error:
        remedy = f"Check that tesseract runs and has the language «{LANGUAGE}» (tesseract --list-langs)."
        raise UnreadableFile("text recognition by tesseract failed.", file=path, remedy=remedy) from error
    return done.stdout


def _lines(page: etree._Element) -> Iterator[WordLine]:
    for line in page.iter(f"{_CLASS}span"):
        title = line.get("title", "")
        size, baseline, box = _SIZE.search(title), _BASELINE.search(title), _BOX.search(title)
        words = tuple(_words(line)) if size else ()
        if words and size and box:
            left, _, right, bottom = (int(side) for side in box.groups())
            slope, offset = (float(baseline[1]), float(baseline[2])) if baseline else (0.0, 0.0)
            yield WordLine(words, bottom + offset + slope * (right - left) / 2, float(size[1]))


def _words(line: etree._Element) -> Iterator[Word]:
    for word in line.iterfind(f"{_CLASS}span[@class='ocrx_word']"):
        title, text = word.get("title", ""), str(word.xpath("string()")).strip()
        box, sure = _BOX.search(title), _SURE.search(title)
        if text and box:
            left, top, right, bottom = (int(side) for side in box.groups())
            yield Word(text, (left, top, right, bottom), float(sure[1]) if sure else 0.0)


@cache
def version() -> str:
    """The version of the program that is installed, as it calls itself."""
    said = subprocess.run(("tesseract", "--version"), capture_output=True, text=True, check=True)
    return " ".join((said.stdout or said.stderr).split()[:2])

"""Made-up documents as scans: each page of the ruled PDF a grey picture, a little askew, with the dust of a copier."""

from __future__ import annotations

import io
from random import Random

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageFilter
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from benchmarks.corpus.pages import Pages
from benchmarks.corpus.render_pdf import ruled

_DPI = 200
_MOST_ASKEW = 0.8  # degrees
_NOISE = 0.14  # share of noise in the grey of each pixel
_QUALITY = 70  # of JPEG


def scanned(pages: Pages) -> bytes:
    """The document printed and scanned."""
    return as_scan(ruled(pages))


def as_scan(born_digital: bytes, seed: int = 7) -> bytes:
    """A PDF of pictures of the pages of another PDF, without any text; the same seed gives the same bytes."""
    rl_config.invariant = 1
    rng = Random(seed)
    buffer = io.BytesIO()
    document = pdfium.PdfDocument(born_digital)
    canvas = Canvas(buffer, pageCompression=1)
    for page in document:
        width, height = page.get_size()
        canvas.setPageSize((width, height))
        picture = _copied(page.render(scale=_DPI / 72, grayscale=True).to_pil(), rng)
        canvas.drawImage(ImageReader(picture), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    document.close()
    return buffer.getvalue()


def _copied(sharp: Image.Image, rng: Random) -> io.BytesIO:
    """A page as a copier sees it, as JPEG."""
    turned = sharp.rotate(rng.uniform(-_MOST_ASKEW, _MOST_ASKEW), resample=Image.Resampling.BICUBIC, fillcolor=255)
    blurred = turned.filter(ImageFilter.GaussianBlur(0.6))
    noise = Image.frombytes("L", blurred.size, rng.randbytes(blurred.width * blurred.height))
    paper = ImageChops.blend(blurred.point(lambda grey: 30 + grey * 215 // 255), noise, _NOISE)
    jpeg = io.BytesIO()
    paper.save(jpeg, "JPEG", quality=_QUALITY)
    jpeg.seek(0)
    return jpeg

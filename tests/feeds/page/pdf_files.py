"""PDF files for tests: lines of text on pages, written by hand."""

from __future__ import annotations

import zlib


def pdf_of(
    *pages: list[str], title: str = "", author: str = "", date: str = "", picture: bool = False
) -> bytes:
    """Return a PDF whose pages hold ``pages``, a line each; ``date`` such as ``D:20250707100000+02'00'``."""
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    image = "/XObject << /Im1 3 0 R >>" if picture else ""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    facts = "".join(
        f"/{key} ({value}) "
        for key, value in (("Title", title), ("Author", author), ("CreationDate", date))
        if value
    )
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        font.encode(),
    ]
    for i, lines in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * i} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> {image} >> >>".encode()
        )
        objects.append(stream(_content(lines)))
    objects.append(f"<< {facts}>>".encode())
    return file_of(objects, more=b"/Info %d 0 R" % len(objects))


def file_of(objects: list[bytes], *, more: bytes = b"") -> bytes:
    """Return a PDF of ``objects``, the first of which is its catalogue; ``more`` is said at its end."""
    body, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, more, start)
    )


def stream(data: bytes) -> bytes:
    """Return ``data`` as a compressed part of a PDF."""
    packed = zlib.compress(data, 9)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def _content(lines: list[str]) -> bytes:
    shown = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines]
    rows = "".join(f"({line}) Tj T*\n" for line in shown)
    return f"BT /F1 11 Tf 14 TL 50 740 Td\n{rows}ET".encode("cp1252") if lines else b""

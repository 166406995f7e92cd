"""The committee paper as it is printed: LibreOffice lays it out, and every page is looked at."""

from __future__ import annotations

import subprocess
from pathlib import Path

import docx
import numpy as np
import pytest
from PIL import Image

from tests.pipeline.support import County
from tests.tools import needs

LIGHT = 200
"""Of 255; a pixel darker than this is ink."""


@pytest.mark.libreoffice
def test_the_printed_paper_has_two_to_six_pages_none_blank_and_every_heading(county: County, tmp_path: Path):
    soffice, pdftoppm, pdftotext = needs("soffice"), needs("pdftoppm"), needs("pdftotext")
    paper = county.pack / "committee-report.docx"
    pdf = tmp_path / "committee-report.pdf"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    _run(soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, paper)
    _run(pdftoppm, "-r", "40", "-gray", "-png", pdf, tmp_path / "page")
    _run(pdftotext, "-layout", pdf, tmp_path / "paper.txt")

    pages = [np.asarray(Image.open(page)) for page in sorted(tmp_path.glob("page-*.png"))]
    ink = [float((page < LIGHT).mean()) for page in pages]
    text = " ".join((tmp_path / "paper.txt").read_text(encoding="utf-8").split())
    headings = [
        p.text for p in docx.Document(str(paper)).paragraphs if str(p.style.name).startswith("Heading")
    ]

    assert 2 <= len(pages) <= 6
    assert all(0.005 < share < 0.5 for share in ink), ink
    assert len(headings) >= 3
    assert [heading for heading in headings if " ".join(heading.split()) not in text] == []


def _run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=600)

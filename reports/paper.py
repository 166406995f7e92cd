"""Papers as accessible DOCX files: real headings, marked table headers, alternative text, fixed bytes.

Does not belong here: what a paper says (`committee`), the look (`theme.toml`).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from reports.archive import repack
from reports.documents import BulletList, Facts, Figure, Heading, Paper, PaperTable, Paragraph, clean_text
from reports.theme import theme

LANGUAGE = "en-GB"
_SHORT_TABLE = 6


def render_docx(paper: Paper, *, as_of: date) -> bytes:
    """The paper as the bytes of a DOCX file, dated `as_of`; the same paper and date give the same bytes."""
    import docx

    document = docx.Document()
    _set_properties(document, paper, as_of)
    _set_page(document)
    _set_styles(document)
    document.add_heading(clean_text(paper.title), level=0)
    for block in paper.blocks:
        _WRITERS[type(block)](document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    return repack(buffer.getvalue(), lambda name, part: part)


def _set_properties(document: Any, paper: Paper, as_of: date) -> None:
    properties = document.core_properties
    properties.title = clean_text(paper.title)[:255]
    properties.author = properties.last_modified_by = clean_text(paper.author)[:255]
    properties.created = properties.modified = datetime.combine(as_of, time())
    properties.language = LANGUAGE
    properties.comments = ""
    properties.revision = 1


def _set_page(document: Any) -> None:
    from docx.shared import Cm

    section, margin = document.sections[0], Cm(theme("paper")["margin_cm"])
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = margin
    _add_page_number(section.footer.paragraphs[0])


def _add_page_number(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run("Page ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _set_styles(document: Any) -> None:
    from docx.shared import Pt, RGBColor

    look = theme("paper")
    sizes = {
        "Normal": look["size"],
        "Title": look["title_size"],
        "Caption": look["size"],
        **{f"Heading {level}": size for level, size in enumerate(look["heading_sizes"], start=1)},
    }
    for name, size in sizes.items():
        style = document.styles[name]
        _set_font(style, look["font"])
        style.font.size = Pt(size)
        style.font.italic = False
        colour = look["text_colour"] if name in ("Normal", "Caption") else look["heading_colour"]
        style.font.color.rgb = RGBColor.from_string(colour)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.space_before = Pt(14 if name.startswith("Heading") else 0)
    document.styles["Caption"].font.bold = True
    document.styles["Caption"].paragraph_format.keep_with_next = True
    document.styles["Normal"].paragraph_format.line_spacing = 1.12
    _set_language(document.styles)


def _set_font(style: Any, font: str) -> None:
    from docx.oxml.ns import qn

    style.font.name = font
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme_slot in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme_slot}"), None)  # the theme's font would win over ours
    for slot in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), font)


def _set_language(styles: Any) -> None:
    from docx.oxml.ns import qn

    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)


def _write_heading(document: Any, block: Heading) -> None:
    document.add_heading(clean_text(block.text), level=block.level)


def _write_paragraph(document: Any, block: Paragraph) -> None:
    paragraph = document.add_paragraph()
    if block.notice:
        paragraph.add_run(clean_text(block.notice) + " ").bold = True
        _add_side_rule(paragraph)
    paragraph.add_run(clean_text(block.text))


def _add_side_rule(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm

    borders, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (
        ("val", "single"),
        ("sz", "36"),
        ("space", "8"),
        ("color", theme("paper")["rule_colour"]),
    ):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    paragraph.paragraph_format.left_indent = Cm(0.4)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _write_list(document: Any, block: BulletList) -> None:
    for item in block.items:
        paragraph = document.add_paragraph(clean_text(item), style="List Bullet")
        paragraph.paragraph_format.space_after = 0
    paragraph.paragraph_format.space_after = None


def _write_facts(document: Any, block: Facts) -> None:
    from docx.shared import Cm, Pt

    for label, text in block.pairs:
        paragraph = document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.left_indent, shape.first_line_indent, shape.space_after = Cm(3.4), Cm(-3.4), Pt(2)
        shape.tab_stops.add_tab_stop(Cm(3.4))
        paragraph.add_run(clean_text(label) + ":").bold = True
        paragraph.add_run("\t" + clean_text(text))


def _add_gap(document: Any) -> None:
    from docx.shared import Pt

    gap = document.add_paragraph().paragraph_format
    gap.space_after, gap.line_spacing = Pt(0), Pt(8)


def _write_table(document: Any, block: PaperTable) -> None:
    from docx.shared import Cm

    document.add_paragraph(clean_text(block.caption), style="Caption")
    table = document.add_table(rows=0, cols=len(block.headings))
    _describe_table(table, block)
    for column, width in zip(table.columns, block.widths_cm, strict=False):
        column.width = Cm(width)
    for number, texts in enumerate((block.headings, *block.rows)):
        row = table.add_row()
        _mark_row(row, is_header=number == 0)
        for place, text in enumerate(texts):
            _write_cell(row.cells[place], text, block, place, is_header=number == 0)
            row.cells[place].paragraphs[0].paragraph_format.keep_with_next = _stays(number, block)
    _add_gap(document)


def _stays(number: int, block: PaperTable) -> bool | None:
    """Whether a row stays with the next: of a short or whole table every row, of others two at either end.

    So no page opens or closes with a row alone.
    """
    last = len(block.rows)
    together = block.whole or last <= _SHORT_TABLE or number <= 1 or number == last - 1
    return True if together and number < last else None


def _describe_table(table: Any, block: PaperTable) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table.autofit = not block.widths_cm
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (
            ("val", "single"),
            ("sz", "4"),
            ("space", "0"),
            ("color", theme("paper")["line_colour"]),
        ):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    look = properties.find(qn("w:tblLook"))
    (look.addprevious if look is not None else properties.append)(borders)
    if look is not None:
        for name, value in (("firstRow", "1"), ("firstColumn", "0"), ("noHBand", "1"), ("noVBand", "1")):
            look.set(qn(f"w:{name}"), value)
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), clean_text(block.caption))
    properties.append(caption)


def _mark_row(row: Any, *, is_header: bool) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_header:
        properties.append(OxmlElement("w:tblHeader"))


def _write_cell(cell: Any, text: str, block: PaperTable, place: int, *, is_header: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    if block.widths_cm:
        cell.width = Cm(block.widths_cm[place])
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(2)
    paragraph.paragraph_format.line_spacing = 1.0
    if place in block.numeric:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(clean_text(text))
    run.font.size, run.bold = Pt(theme("paper")["table_size"]), is_header


def _write_figure(document: Any, block: Figure) -> None:
    from docx.shared import Cm

    document.add_paragraph(clean_text(block.caption), style="Caption")
    picture = document.add_picture(io.BytesIO(block.png), width=Cm(block.width_cm))
    properties = picture._inline.docPr
    properties.set("descr", clean_text(block.alt))
    properties.set("name", clean_text(block.caption))


_WRITERS: dict[type, Callable[[Any, Any], None]] = {
    Heading: _write_heading,
    Paragraph: _write_paragraph,
    BulletList: _write_list,
    Facts: _write_facts,
    PaperTable: _write_table,
    Figure: _write_figure,
}

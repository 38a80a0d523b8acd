"""Small workbooks for tests, written by hand: as .xlsx and as .ods, with whatever may be wrong in one."""

import io
import zipfile
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def packed(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(path, text)
    return file.getvalue()


def xlsx(*sheets, more=(), before=""):
    """Sheets are (name, rows) or (name, text of XML); `more` are further parts."""
    numbered = list(enumerate(sheets, 1))
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _rows) in numbered)
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _sheet in numbered
    )
    parts = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{TYPE}"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
    }
    for n, (_name, rows) in numbered:
        data = rows if isinstance(rows, str) else "".join(map(row, range(1, len(rows) + 1), rows))
        text = f'{HEAD}{before}<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'
        parts[f"xl/worksheets/sheet{n}.xml"] = text
    return packed(parts | dict(more))


def row(number, values):
    return (
        f'<row r="{number}">'
        + "".join(cell(f"{chr(65 + at)}{number}", one) for at, one in enumerate(values))
        + "</row>"
    )


def cell(reference, value):
    if value is None:
        return f'<c r="{reference}" s="0"/>'
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'


def ods(rows="", name="Feuille1"):
    """Rows are lists of values, or text of XML."""
    body = rows if isinstance(rows, str) else "".join(map(ods_row, rows))
    spaces = " ".join(f'xmlns:{one}="{OASIS}:{one}:1.0"' for one in ("office", "table", "text"))
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'{HEAD}<m:manifest xmlns:m="{OASIS}:manifest:1.0"/>',
            "content.xml": f"{HEAD}<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="{name}">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def ods_row(values, repeated=1):
    return (
        f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(map(ods_cell, values))}</table:table-row>'
    )


def ods_cell(value, repeated=1):
    repeats = f'table:number-columns-repeated="{repeated}"'
    if value is None:
        return f"<table:table-cell {repeats}/>"
    if isinstance(value, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {kind} {repeats}><text:p>{escape(str(value))}</text:p></table:table-cell>"

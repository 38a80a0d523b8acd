"""The sheet of people in a workbook (.xlsx, .ods) as rows of text, within limits that hold before it is read. Pure.

The library lays out every cell up to the last one in memory, and gives up the whole process where there
is not enough of it. So the parts that it needs are unpacked here, within a limit, their cells are counted, and it gets
a workbook of these parts alone.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from cohorts.roster.faults import Unreadable, What
from cohorts.roster.tables import LOOKED_AT

MOST_UNPACKED = 16_000_000  # bytes of the parts that are read
MOST_PARTS = 1_000
MOST_SHEETS = 10  # that hold something, among which the one with headings is looked for
MOST_CELLS = 400_000  # up to the last one that holds something, empty ones before it too
OLE = b"\xd0\xcf\x11\xe0"  # .xls, and any workbook under a password
ZIP = b"PK\x03\x04"
COLUMN = {letter: number for number, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1)}
NEEDED = ("[Content_Types].xml", "mimetype", "content.xml", "META-INF/manifest.xml", "_rels/", "xl/")
LEFT_OUT = ("xl/media/", "xl/drawings/", "xl/charts/", "xl/printerSettings/", "xl/theme/", "xl/calcChain.xml")


def is_workbook(data: bytes) -> bool:
    return data.startswith((ZIP, OLE))


def first_sheet(data: bytes, is_heading: Callable[[list[str]], int]) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """Return (name, [(number of the row, its cells)]) of the first sheet with headings of ours near its top.

    Without any, of the first that holds something; none that is hidden. Unreadable for a reason to act on.
    """
    if data.startswith(OLE):
        raise Unreadable(What.OLD_WORKBOOK)
    try:
        parts = _unpacked(data)
        _count_cells(parts)
        return _first(_packed(parts), is_heading)
    except PasswordError as error:
        raise Unreadable(What.LOCKED) from error
    except (CalamineError, expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise Unreadable(What.DAMAGED) from error
    except (NotImplementedError, RuntimeError, ValueError) as error:  # of the zip: a method, a password, a number
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(What.DAMAGED) from error


def _unpacked(data: bytes) -> dict[str, bytes]:
    """Return {path: bytes} of the parts that make the sheets; sizes that are told are not believed."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        listed = packed.infolist()
        paths = {entry.filename for entry in listed}
        if any(path.endswith("vbaProject.bin") for path in paths):
            raise Unreadable(What.MACROS)
        if "xl/workbook.bin" in paths:
            raise Unreadable(What.OLD_WORKBOOK)
        if not paths & {"xl/workbook.xml", "content.xml"}:
            raise Unreadable(What.NOT_TEXT)
        entries = [one for one in listed if one.filename.startswith(NEEDED) and not one.filename.startswith(LEFT_OUT)]
        if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise Unreadable(What.TOO_MANY_CELLS)
        parts, left = {}, MOST_UNPACKED
        for entry in entries:
            with packed.open(entry) as part:
                parts[entry.filename] = part.read(left + 1)
            left -= len(parts[entry.filename])
            if left < 0:
                raise Unreadable(What.TOO_MANY_CELLS)
        return parts


def _packed(parts: dict[str, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        for path, data in parts.items():
            packed.writestr(path, data)
    file.seek(0)
    return file


def _count_cells(parts: dict[str, bytes]) -> None:
    """Refuse what would not fit in memory: TOO_MANY_CELLS."""
    for path, data in parts.items():
        if path == "content.xml":
            _Area(_Area.open_document).of(data)
        elif path.startswith("xl/") and path.endswith((".xml", ".rels")):
            _Area(_Area.office).of(data)


class _Area:
    """How many cells lie between the first of a sheet and the last one that holds something."""

    def __init__(self, start: Callable[["_Area", str, dict[str, str]], None]) -> None:
        self.start = start
        self._clear()

    def _clear(self) -> None:
        self.row = self.column = self.bottom = self.right = 0
        self.repeats = self.wide = 1

    def of(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = lambda name, pairs: self.start(
            self, name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in pairs.items()}
        )
        parser.StartDoctypeDeclHandler = self._refuse
        parser.Parse(data, True)

    def _refuse(self, *_declared: object) -> None:
        raise Unreadable(What.DAMAGED)

    def office(self, name: str, pairs: dict[str, str]) -> None:
        """Heed one element of a sheet: a cell without a reference is the next one."""
        if name == "row":
            self.row, self.column = int(pairs.get("r", self.row + 1)), 0
        elif name == "c":
            reference = pairs.get("r", "").upper()
            letters = reference.rstrip("0123456789")
            self.column += 1
            if letters:
                self.column = 0
                for letter in letters[:6]:
                    self.column = self.column * 26 + COLUMN.get(letter, 0)
            if digits := reference[len(letters) :]:
                self.row = int(digits[:12])
        elif name in ("v", "is", "t", "f"):
            self._hold(self.row, self.column)

    def open_document(self, name: str, pairs: dict[str, str]) -> None:
        """Heed one element of the document: rows and cells that are repeated stand once."""
        if name == "table":
            self._clear()
        elif name == "table-row":
            self.row += self.repeats if self.row else 1
            self.repeats, self.column, self.wide = _count(pairs, "number-rows-repeated"), 0, 1
        elif name in ("table-cell", "covered-table-cell"):
            self.column += self.wide if self.column else 1
            self.wide = _count(pairs, "number-columns-repeated")
            if any(key in ("value-type", "value", "string-value", "formula") for key in pairs):
                self._hold_repeated()
        elif name == "p":
            self._hold_repeated()

    def _hold_repeated(self) -> None:
        self._hold(self.row + self.repeats - 1, self.column + self.wide - 1)

    def _hold(self, row: int, column: int) -> None:
        self.bottom, self.right = max(self.bottom, row), max(self.right, column)
        if self.bottom * self.right > MOST_CELLS:
            raise Unreadable(What.TOO_MANY_CELLS)


def _count(pairs: dict[str, str], name: str) -> int:
    return max(1, int(pairs.get(name, "1")[:12]))


def _first(file: io.BytesIO, is_heading: Callable[[list[str]], int]) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    workbook = CalamineWorkbook.from_filelike(file)
    filled: list[CalamineSheet] = []
    for listed in workbook.sheets_metadata:
        if listed.visible != SheetVisibleEnum.Visible or len(filled) == MOST_SHEETS:
            continue
        sheet = workbook.get_sheet_by_name(listed.name)
        if any(is_heading(cells) for _number, cells in islice(_rows(sheet), LOOKED_AT)):
            return sheet.name, _rows(sheet)
        if sheet.height:
            filled.append(sheet)
    if not filled:
        raise Unreadable(What.EMPTY)
    return filled[0].name, _rows(filled[0])


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    return ((number, [*map(_text, row)]) for number, row in enumerate(sheet.iter_rows(), 1))


def _text(value: object) -> str:
    """Return what a cell shows: a whole number without its decimals, a day without its midnight."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else "" if isinstance(value, bool) else str(value)

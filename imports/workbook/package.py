"""The zip package of a workbook, looked at before anything is read from it: form, unpacked size, forbidden parts."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn
from xml.etree import ElementTree

from imports.workbook.errors import (
    BinaryWorkbook,
    EmptyFile,
    FileTooLarge,
    InflatedTooLarge,
    MacroWorkbook,
    NotAWorkbook,
    OldExcelFormat,
    PasswordProtected,
    UnsafeWorkbook,
)
from imports.workbook.limits import MEBIBYTE, Limits
from imports.workbook.survey import check_strings

_CHUNK = 256 * 1024
_ZIP_MAGIC = b"PK\x03\x04"
_CFB_MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_STRINGS = "xl/sharedstrings.xml"
# The value reader finds parts its own way; where two readings of a path are possible the file is refused.
_SHEET_TARGET = re.compile(r"(?:/xl/)?(worksheets/[^/\\]+\.xml)")
_SHEETS = "xl/worksheets/"
_MEDIA = "xl/media/"
# What zipfile, zlib and a garbled XML attribute raise; a part may lie about each of its fields.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, OSError)
_OFFICE_RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)


def is_zip(data: bytes) -> bool:
    return data.startswith(_ZIP_MAGIC)


def refuse_by_first_bytes(data: bytes, filename: str, limits: Limits) -> None:
    """Refuse what the size and the first bytes already show: nothing, too much, an encrypted or an old Excel file.

    A password-protected .xlsx is not a zip but an OLE compound file with a stream named EncryptedPackage (MS-OFFCRYPTO
    2.3.1); any other compound file that comes here is a workbook of Excel 97 to 2003.
    """
    if not data:
        raise EmptyFile(filename=filename)
    if len(data) > limits.max_bytes:
        raise FileTooLarge(
            filename=filename, size=-(-len(data) // MEBIBYTE), limit=max(1, limits.max_bytes // MEBIBYTE)
        )
    if data.startswith(_CFB_MAGIC):
        raise (PasswordProtected if _ENCRYPTED_STREAM in data else OldExcelFormat)(filename=filename)


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet as the workbook part lists it, with the path of its XML inside the zip."""

    name: str
    path: str
    hidden: bool


class Package:
    """An opened .xlsx whose directory has been checked. `chunks` counts what is really unpacked, whatever that says."""

    def __init__(self, archive: zipfile.ZipFile, filename: str, limits: Limits) -> None:
        self._archive = archive
        self._filename = filename
        self._limits = limits
        self._inflated = 0
        self._check_directory()

    @property
    def part_names(self) -> list[str]:
        return self._archive.namelist()

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of one part, piece by piece. Raises InflatedTooLarge as soon as a limit is passed."""
        part = 0
        is_strings = path.lower() == _STRINGS
        with self._archive.open(path) as stream:
            while chunk := stream.read(_CHUNK):
                part += len(chunk)
                self._inflated += len(chunk)
                if part > self._part_limit(path) or self._inflated > self._limits.max_inflated:
                    self._too_large()
                if is_strings and part == len(chunk):
                    check_strings(chunk, self._archive.getinfo(path).file_size, self._filename)
                yield chunk

    def sheets(self) -> list[SheetPart]:
        """The worksheets in the order of their tabs; chart sheets hold no cells and are left out."""
        workbook = self._tree("xl/workbook.xml")
        targets = self._targets()
        found = []
        for element in workbook.iter():
            if _local(element.tag) != "sheet":
                continue
            path = targets.get(_relation_id(element), "")
            if path:
                hidden = element.get("state", "visible") != "visible"
                found.append(SheetPart(element.get("name", ""), path, hidden))
        if len({sheet.name for sheet in found}) != len(found):
            raise NotAWorkbook(filename=self._filename)
        return found

    def _targets(self) -> dict[str, str]:
        targets = {}
        for relation in self._tree("xl/_rels/workbook.xml.rels").iter():
            if relation.get("Type", "").endswith("/worksheet") and relation.get("TargetMode") != "External":
                target = _SHEET_TARGET.fullmatch(relation.get("Target", ""))
                path = f"xl/{target[1]}" if target else ""
                if path not in self._archive.NameToInfo:
                    raise NotAWorkbook(filename=self._filename)
                targets[relation.get("Id", "")] = path
        return targets

    def _tree(self, path: str) -> ElementTree.Element:
        if path not in self._archive.NameToInfo:
            raise NotAWorkbook(filename=self._filename)
        parser = ElementTree.XMLParser(target=_NoDoctype(self._filename))  # noqa: S314 - DTD refused, size bounded
        for chunk in self.chunks(path):
            parser.feed(chunk)
        root: ElementTree.Element = parser.close()
        return root

    def _check_directory(self) -> None:
        parts = self._archive.infolist()
        names = [part.filename for part in parts]
        if len(names) != len({name.lower() for name in names}) or len(names) > self._limits.max_parts:
            raise NotAWorkbook(filename=self._filename)
        if any(part.flag_bits & 1 for part in parts):
            raise PasswordProtected(filename=self._filename)
        self._check_kind(set(names))
        declared = sum(part.file_size for part in parts)
        if declared > self._limits.max_inflated or any(p.file_size > self._part_limit(p.filename) for p in parts):
            self._too_large()

    def _check_kind(self, names: set[str]) -> None:
        if "xl/workbook.bin" in names:
            raise BinaryWorkbook(filename=self._filename)
        if "xl/vbaProject.bin" in names:
            raise MacroWorkbook(filename=self._filename)
        if "xl/workbook.xml" not in names:
            raise NotAWorkbook(filename=self._filename)

    def _part_limit(self, path: str) -> int:
        if path.lower() == _STRINGS:
            return self._limits.max_strings
        return self._limits.max_inflated if path.startswith((_SHEETS, _MEDIA)) else self._limits.max_part

    def _too_large(self) -> NoReturn:
        limit = max(1, self._limits.max_inflated // MEBIBYTE)
        raise InflatedTooLarge(filename=self._filename, limit=limit)


@contextmanager
def opened_package(data: bytes, filename: str, limits: Limits) -> Iterator[Package]:
    """Open the zip in memory. Anything the zip or XML reader stumbles over inside the block is `NotAWorkbook`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield Package(archive, filename, limits)
    except (*_DAMAGED, ElementTree.ParseError) as error:
        raise NotAWorkbook(filename=filename) from error


class _NoDoctype(ElementTree.TreeBuilder):
    """OOXML forbids a document type declaration (ECMA-376 part 2); entities are declared nowhere else."""

    def __init__(self, filename: str) -> None:
        super().__init__()
        self._filename = filename

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise UnsafeWorkbook(filename=self._filename)


def _relation_id(element: ElementTree.Element) -> str:
    return next((value for space in _OFFICE_RELATIONS if (value := element.get(f"{{{space}}}id"))), "")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]

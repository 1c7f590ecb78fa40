"""What a workbook's main part lists: its sheets, and where their strings and styles are."""

from __future__ import annotations

from dataclasses import dataclass

from xlsx_eval.errors import UnreadableWorkbook
from xlsx_eval.ours import REVIEW_SHEET
from xlsx_eval.reading.formats.ooxml.package import Package, Relation
from xlsx_eval.reading.formats.ooxml.parsing import Attributes, Listener

TRUE = {"1", "true", "on"}
NO_WORKSHEETS = {"chartsheet", "dialogsheet", "xlmacrosheet", "xlintlmacrosheet"}


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    part: str
    hidden: bool

    @property
    def where(self) -> str:
        """How sentences begin that speak of it."""
        return f"工作表“{self.name}”"


@dataclass(frozen=True, slots=True)
class Contents:
    """The worksheets in their order, and the parts (where there are such) that all of them use."""

    sheets: tuple[Sheet, ...]
    since_1904: bool
    strings: str | None
    styles: str | None


def contents(package: Package, workbook: str) -> Contents:
    """Raises UnreadableWorkbook where there are too many sheets, or where one is missing.

    Sheets of charts and macros are left out, and so are our own review sheets of a marked copy:
    they speak of the form, not for it.
    """
    listener = _Workbook(package.budget.limits.sheets)
    package.tell(listener, workbook)
    relations = package.relations(workbook)
    sheets = tuple(
        _sheet(package, relations, attributes)
        for number, attributes in enumerate(listener.sheets)
        if number not in listener.ours and not _is_no_worksheet(relations, attributes)
    )
    return Contents(
        sheets,
        listener.since_1904,
        _shared(package, relations, "sharedstrings"),
        _shared(package, relations, "styles"),
    )


class _Workbook(Listener):
    def __init__(self, most: int) -> None:
        super().__init__()
        self.sheets: list[Attributes] = []
        self.ours: set[int] = set()
        self.since_1904 = False
        self._most = most
        self.starts["sheet"] = self._sheet
        self.starts["definedName"] = self._defined_name
        self.starts["workbookPr"] = self._properties

    def _sheet(self, attributes: Attributes) -> None:
        if len(self.sheets) >= self._most:
            raise UnreadableWorkbook(
                f"工作簿的工作表超过{self._most}张，请删去与自评表无关的工作表后重新报送。"
            )
        self.sheets.append(attributes)

    def _defined_name(self, attributes: Attributes) -> None:
        if attributes.get("name") == REVIEW_SHEET:
            number = attributes.get("localSheetId", "")
            if number.isdecimal():
                self.ours.add(int(number))

    def _properties(self, attributes: Attributes) -> None:
        self.since_1904 = attributes.get("date1904") in TRUE


def _relation(relations: dict[str, Relation], sheet: Attributes) -> Relation | None:
    id_ = next((value for name, value in sheet.items() if name.endswith(":id")), "")
    return relations.get(id_)


def _is_no_worksheet(relations: dict[str, Relation], sheet: Attributes) -> bool:
    relation = _relation(relations, sheet)
    return relation is not None and relation.kind in NO_WORKSHEETS


def _sheet(package: Package, relations: dict[str, Relation], attributes: Attributes) -> Sheet:
    relation = _relation(relations, attributes)
    name = attributes.get("name", "")
    if relation is None or not package.has(relation.part):
        raise UnreadableWorkbook(
            f"文件不完整，缺少工作表“{name}”的内容，请用 Excel 或 WPS 重新保存后报送。"
        )
    return Sheet(name, relation.part, attributes.get("state", "visible") != "visible")


def _shared(package: Package, relations: dict[str, Relation], kind: str) -> str | None:
    """A part that all sheets use, also where no relation names it."""
    named = [relation.part for relation in relations.values() if relation.kind == kind]
    usual = {"sharedstrings": "xl/sharedstrings.xml", "styles": "xl/styles.xml"}[kind]
    return next((part for part in (*named, usual) if package.has(part)), None)

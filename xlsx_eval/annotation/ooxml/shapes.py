"""The shapes of a sheet's comments: VML, which need not be well-formed, edited as text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from xlsx_eval.annotation.ooxml.addresses import Position
from xlsx_eval.annotation.ooxml.package import VML_TYPE, Package
from xlsx_eval.annotation.ooxml.sheet import SheetPart

_KIND = "vmlDrawing"
_END = re.compile(rb"</(?:[\w-]+:)?xml\s*>", re.IGNORECASE)
_IDMAP = re.compile(rb"<[\w-]+:idmap\b[^>]*?\bdata\s*=\s*[\"']([\d,\s]*)[\"']")
_NUMBER = re.compile(rb"_x0000_s(\d+)")
_BLOCK = 1024  # an idmap block covers so many shapes
_SHAPE = re.compile(
    rb"<((?:[\w-]+:)?)shape(?=[\s>])[^>]*(?<!/)>(?:(?!<\1shape[\s>]).)*?</\1shape>", re.DOTALL
)
_DRAWN = re.compile(
    rb"<(?:[\w-]+:)?(?:shape|rect|oval|line|group|roundrect|polyline|arc|curve|image)(?=[\s/>])"
)
_ROW = re.compile(rb"<(?:[\w-]+:)?Row>\s*(\d+)")
_COLUMN = re.compile(rb"<(?:[\w-]+:)?Column>\s*(\d+)")
_TYPE_ID = b'id="_x0000_t202"'
_TYPE = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    b'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    b'<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_NAMESPACES = (
    b'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_PART = (
    b"<xml " + _NAMESPACES + b'><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%d"/>'
    b"</o:shapelayout></xml>"
)
_NOTE = (
    b'<v:shape %(ns)sid="_x0000_s%(number)d" type="#_x0000_t202" style="position:absolute;'
    b"margin-left:%(left).2fpt;margin-top:%(top).2fpt;width:%(width).2fpt;height:%(height).2fpt;"
    b'z-index:%(z)d;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    b'<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    b'<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
    b'<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
    b"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%(anchor)s</x:Anchor>"
    b"<x:AutoFill>False</x:AutoFill><x:Row>%(row)d</x:Row><x:Column>%(column)d</x:Column>"
    b"</x:ClientData></v:shape>"
)
POINTS = 0.75  # a pixel


@dataclass(frozen=True, slots=True)
class Box:
    """Where a comment stands: pixels, and the cells below its corners as VML counts them."""

    left: float
    top: float
    width: float
    height: float
    anchor: tuple[int, int, int, int, int, int, int, int]


def add_shapes(
    package: Package, sheet: SheetPart, boxes: Iterable[tuple[Position, Box]], namespace: str
) -> None:
    """Give comments on these cells a shape each."""
    name = sheet.drawing()
    text, encoding = _text(package.read(name)) if name else (_PART % _free_block(package), "utf-8")
    end = [found.start() for found in _END.finditer(text)]
    if not end:
        return
    boxes = list(boxes)
    text, numbers, grown = _numbered(text, len(boxes))
    place = end[-1] + grown
    bound = b"" if b"xmlns:v=" in text and b"xmlns:x=" in text and b"xmlns:o=" in text else (
        _NAMESPACES + b" "
    )  # fmt: skip
    added = [b"" if _TYPE_ID in text or bound else _TYPE]
    z = text.count(b"z-index")
    for number, (at, box) in zip(numbers, boxes, strict=True):
        z += 1
        shape = {
            b"ns": bound, b"number": number, b"z": z,
            b"left": box.left * POINTS, b"top": box.top * POINTS,
            b"width": box.width * POINTS, b"height": box.height * POINTS,
            b"anchor": ", ".join(map(str, box.anchor)).encode(),
            b"row": at[0] - 1, b"column": at[1] - 1,
        }  # fmt: skip
        added.append(_NOTE % shape)
    text = b"".join((text[:place], *added, text[place:]))
    if name:
        package.write(name, _bytes(text, encoding))
        return
    name = package.free_name("xl/drawings/vmlDrawing{}.vml")
    package.write(name, text)
    package.declare(name, VML_TYPE)
    sheet.add_drawing(package.relate(sheet.name, _KIND, name, namespace), namespace)


def remove_shapes(package: Package, sheet: SheetPart, gone: Collection[Position]) -> None:
    """Take off the shapes of comments that are gone, and a part that then holds none."""
    name = sheet.drawing()
    if not gone or name is None or name not in package:
        return
    text, encoding = _text(package.read(name))
    # of two at one place ours is the later: the other is of a comment that somebody took off
    last = {_place(found[0]): found.span() for found in _SHAPE.finditer(text)}
    kept, position = [], 0
    for start, end in sorted(last[at] for at in gone if at in last):
        kept.append(text[position:start])
        position = end
    left = b"".join((*kept, text[position:]))
    if left.count(b"_x0000_t202") == 1:
        left = left.replace(_TYPE, b"")
    if left != text and not _DRAWN.search(left):
        package.unrelate(sheet.name, name)
        package.remove(name)
        sheet.remove_drawing()
    elif left != text:
        package.write(name, _bytes(left, encoding))


def _place(shape: bytes) -> Position | None:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    if b'"Note"' not in shape or row is None or column is None:
        return None
    return int(row[1]) + 1, int(column[1]) + 1


def _numbered(text: bytes, count: int) -> tuple[bytes, list[int], int]:
    """Fresh numbers for shapes; the text, with one more block where its own are full."""
    taken = {int(number) for number in _NUMBER.findall(text)}
    idmap = _IDMAP.search(text)
    blocks = [int(each) for each in idmap[1].split(b",") if each.strip()] if idmap else []
    first = blocks[0] if blocks else max((number // _BLOCK for number in taken), default=1)
    numbers: list[int] = []
    block, own = first, list(blocks or [first])
    while len(numbers) < count:
        start = block * _BLOCK
        free = [number for number in range(start + 1, start + _BLOCK) if number not in taken]
        above = max((number for number in taken if start <= number < start + _BLOCK), default=start)
        numbers += [number for number in free if number > above][: count - len(numbers)]
        if len(numbers) < count:
            block = own[own.index(block) + 1] if block != own[-1] else max(own) + 1
            own += [block] if block not in own else []
    if idmap and own != blocks:
        new = ",".join(map(str, own)).encode()
        grown = text[: idmap.start(1)] + new + text[idmap.end(1) :]
        return grown, numbers, len(grown) - len(text)
    return text, numbers, 0


def _free_block(package: Package) -> int:
    """A block of shape numbers that no drawing of the workbook uses."""
    taken = {0}
    for name in package.names():
        if name.lower().endswith(".vml"):
            text, _ = _text(package.read(name))
            for found in _IDMAP.findall(text):
                taken |= {int(each) for each in found.split(b",") if each.strip()}
    return max(taken) + 1


def _text(part: bytes) -> tuple[bytes, str]:
    """VML as UTF-8 or what it is, and how it is to be written back."""
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if part.startswith(bom):
            return part.decode(encoding, "surrogatepass").encode("utf-8", "surrogatepass"), encoding
    return part, "utf-8"


def _bytes(text: bytes, encoding: str) -> bytes:
    return text if encoding == "utf-8" else text.decode("utf-8", "surrogatepass").encode(
        encoding, "surrogatepass"
    )  # fmt: skip

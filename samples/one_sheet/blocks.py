"""Blocks that are no tables: label and value pairs, funds, opinions, narratives."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from one_sheet.desk import BLANK_DATE, Desk, chinese_date, iso_date, spans
from one_sheet.layout import NUMERALS
from one_sheet.paper import LEFT, LINE, Area, Content, Formula, Place
from xlsx_eval.forms.model import (
    FieldsBlock,
    FormField,
    MatrixBlock,
    Measure,
    NarrativesBlock,
    OpinionsBlock,
    Role,
)
from xlsx_eval.template import Opinion
from xlsx_eval.template.filled import TOTAL, Value

LABEL_WEIGHT, VALUE_WEIGHT = 1, 3
OPINION_HEIGHT = 84.0
SIGNATURE_HEIGHT = 36.0

# -------------------------------------------------------------------------------------- fields


def write_fields(desk: Desk, block: FieldsBlock, pairs: int) -> None:
    """Label and value pairs, `pairs` of them beside one another."""
    style = desk.layout.fields.get(block.key, "beside")
    for start in range(0, len(block.fields), pairs):
        line = block.fields[start : start + pairs]
        match style:
            case "beside":
                _beside(desk, line, pairs)
            case "below":
                _below(desk, line)
            case "colon":
                _behind_colon(desk, line)
            case "joined":
                _joined(desk, line)
        desk.sheet.row += 1


def _content(desk: Desk, declared: FormField) -> Content:
    value = desk.facts.filled.fields.get(declared.key, declared.default or None)
    if declared.key in desk.layout.ticked and value in declared.options:
        return "  ".join(f"{o}{'☑' if o == value else '□'}" for o in declared.options)
    return desk.dated(value) if declared.kind == "date" else value


def _beside(desk: Desk, line: Sequence[FormField], pairs: int) -> None:
    places = spans([LABEL_WEIGHT, VALUE_WEIGHT] * pairs, desk.sheet.columns)
    for number, declared in enumerate(line):
        label, value = places[2 * number], places[2 * number + 1]
        # The last field of a row takes what is left of it.
        end = desk.sheet.columns - 1 if declared is line[-1] else value[1]
        desk.label(desk.row(*label), desk.labels.label(f"fields.{declared.key}"))
        desk.value(f"fields.{declared.key}", desk.row(value[0], end), _content(desk, declared))


def _below(desk: Desk, line: Sequence[FormField]) -> None:
    places = spans([1] * len(line), desk.sheet.columns)
    for declared, place in zip(line, places, strict=True):
        desk.label(desk.row(*place), desk.labels.label(f"fields.{declared.key}"))
    desk.sheet.row += 1
    for declared, place in zip(line, places, strict=True):
        desk.value(f"fields.{declared.key}", desk.row(*place), _content(desk, declared))


def _behind_colon(desk: Desk, line: Sequence[FormField]) -> None:
    places = spans([1] * len(line), desk.sheet.columns)
    for declared, place in zip(line, places, strict=True):
        desk.value(f"fields.{declared.key}", desk.row(*place), _pair(desk, declared), LINE)


def _joined(desk: Desk, line: Sequence[FormField]) -> None:
    text = "        ".join(_pair(desk, declared) for declared in line)
    place = desk.sheet.draw(desk.row(), text, LINE)
    desk.places |= {f"fields.{declared.key}": place for declared in line}


def _pair(desk: Desk, declared: FormField) -> str:
    content = _content(desk, declared)
    label = desk.labels.plain(f"fields.{declared.key}")
    return f"{label}{desk.labels.typeset('：')}{'' if content is None else content}"


# --------------------------------------------------------------------------------------- funds


def write_funds(desk: Desk, block: MatrixBlock) -> None:
    """Each measure a column of labels and a column of values, a row a source."""
    for source in (None, *block.sources):
        for place, measure in enumerate(block.measures):
            if source is None:
                label = _measure_label(desk, block, measure)
            else:
                of_which = "其中：" if source is block.sources[0] else ""
                label = desk.labels.typeset(of_which) + desk.labels.label(
                    f"{block.key}.{source.key}"
                )
            desk.label(desk.row(2 * place, 2 * place), label)
            key = source.key if source else TOTAL
            desk.value(
                f"{block.key}.{measure.key}.{key}",
                desk.row(2 * place + 1, 2 * place + 1),
                _funds_content(desk, block, measure, key),
            )
        desk.sheet.row += 1


def _measure_label(desk: Desk, block: MatrixBlock, measure: Measure) -> str:
    label = desk.labels.label(f"{block.key}.{measure.key}")
    unit = desk.labels.typeset(f"（{desk.unit}）")
    return f"{label}\n{unit}" if desk.layout.unit_in_label else label


def _funds_content(desk: Desk, block: MatrixBlock, measure: Measure, source: str) -> Content:
    stated = desk.facts.funds.get((measure.key, source))
    if stated is not None:
        return desk.amount(stated)
    if not measure.minuend:
        return desk.amount(desk.facts.filled.funds.get((measure.key, source)))
    operands = [_amount(desk, key, source) for key in (measure.minuend, measure.subtrahend)]
    if operands == [None, None]:
        return None
    numbers = [each if isinstance(each, Decimal) else Decimal(0) for each in operands]
    if desk.layout.formulas and desk.layout.amounts == "number":
        return _difference(desk, block, measure, numbers)
    return desk.amount(numbers[0] - numbers[1])


def _amount(desk: Desk, measure: str | None, source: str) -> Value | None:
    key = (measure or "", source)
    return desk.facts.funds.get(key, desk.facts.filled.funds.get(key))


def _difference(
    desk: Desk, block: MatrixBlock, measure: Measure, numbers: Sequence[Decimal]
) -> Formula:
    """`=D5-F5` with the binary result that Excel stores: 200 - 206.2 is -6.19999999999999."""
    keys = [each.key for each in block.measures]
    minuend, subtrahend = (
        desk.sheet.cell(desk.sheet.row, 2 * keys.index(key or "") + 1)
        for key in (measure.minuend, measure.subtrahend)
    )
    return Formula(f"={minuend}-{subtrahend}", float(numbers[0]) - float(numbers[1]))


# ------------------------------------------------------------------------------------ opinions


def write_opinions(desk: Desk, block: OpinionsBlock) -> None:
    """Each role a text with signature and date below it, all in one cell."""
    for role in block.roles:
        opinion = desk.facts.filled.opinions.get(role.key, Opinion())
        if role.key in desk.layout.signature_only:
            _opinion(desk, role, desk.row(), _signature(desk, role, opinion), SIGNATURE_HEIGHT)
        elif desk.layout.opinions == "block":
            title = desk.labels.plain(f"opinions.{role.key}") + desk.labels.typeset("：")
            text = f"{title}{opinion.opinion}\n\n{_signature(desk, role, opinion)}"
            _opinion(desk, role, desk.row(), text, OPINION_HEIGHT)
        else:
            label, text_span = spans([LABEL_WEIGHT, VALUE_WEIGHT], desk.sheet.columns)
            desk.label(desk.row(*label), desk.labels.plain(f"opinions.{role.key}"))
            text = f"{opinion.opinion}\n\n{_signature(desk, role, opinion)}"
            _opinion(desk, role, desk.row(*text_span), text, OPINION_HEIGHT)
        desk.sheet.row += 1


def _opinion(desk: Desk, role: Role, area: Area, text: str, height: float) -> None:
    place = desk.sheet.draw(area, text, LEFT)
    desk.sheet.at_least(desk.sheet.row, height)
    for part in ("opinion", "signatory", "date"):
        desk.places[f"opinions.{role.key}.{part}"] = place


def _signature(desk: Desk, role: Role, opinion: Opinion) -> str:
    label = desk.labels.plain(f"signatures.{role.key}") + desk.labels.typeset("：")
    day = iso_date(opinion.date)
    written = chinese_date(day) if day else opinion.date or BLANK_DATE
    return f"{label}{opinion.signatory}            {written}"


# ---------------------------------------------------------------------------------- narratives


def write_narratives(desk: Desk, block: NarrativesBlock) -> None:
    """Each text below its heading, in one cell or in a cell a paragraph."""
    for text in block.texts:
        key = f"{block.key}.{text.section}"
        number = desk.labels.typeset(f"（{NUMERALS[text.section - 1]}）")
        heading = number + desk.labels.plain(key)
        desk.places[f"{key}.heading"] = desk.sheet.draw(desk.row(), heading, {**LEFT, "bold": True})
        desk.sheet.row += 1
        content = desk.facts.filled.narratives.get(text.section, "")
        paragraphs = content.splitlines() if desk.layout.texts == "paragraphs" else [content]
        place, *_ = [_paragraph(desk, paragraph) for paragraph in paragraphs or [""]]
        desk.places[key] = place


def _paragraph(desk: Desk, text: str) -> Place:
    place = desk.sheet.draw(desk.row(), text, LEFT, merged=desk.layout.merged_values)
    desk.sheet.row += 1
    return place

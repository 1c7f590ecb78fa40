"""What a template leaves in an answer: its guidance, and places still to be filled in."""

from __future__ import annotations

import re

_NOT_A_WORD = re.compile(r"[\W_]+")
_SENTENCE_END = re.compile(r"[。；;\n]")
_UNITS = (
    "省|市|州|县|区|镇|乡|村|社区|街道|局|委|办|中心|单位|部门|公司|学校|医院|项目|工程|专项|年|月|日|万元|元|公里|平方米|亩|"
    "立方|个|人次|户|家|次|场|批|套|台|%|％|分|号"
)
_GAP = re.compile(
    rf"(?<![A-Za-z\d\u4e00-\u9fff])[XxＸｘ×]{{2,}}(?={_UNITS})"
    rf"|(?<=[\u4e00-\u9fff])[XxＸｘ×]{{2,}}(?=万元|元|公里|年|月|日|%|％|平方米|亩)"
    r"|20[XxＸｘ×*]{2}年"
    r"|^[XxＸｘ×]{2,}$"
)
_TOLD_TO_FILL = re.compile(
    r"[（(【\[](?:[^）)】\]]{0,4})?(?:此处|在此|请)(?:处|在此|据实|如实|详细|简要)*(?:填写|填入|填报|简述|概述|说明|描述)"
    r"|[（(]\d{2,4}字(?:以内|左右|内)[）)]"
    r"|^\s*(?:此处填写|请填写|请在此|在此填写|填写说明|填写要求|填写提示|填表说明)"
)
_SIGNS = re.compile(r"[XxＸｘ×*]{2}|[填述明]|字(?:以内|左右|内)|例")
_EXAMPLE = re.compile(r"^\s*[（(]?(?:例如|示例|样例|例)\s*[:：]")


def guide_key(text: str) -> str:
    """A text by its words alone, to be compared with guidance."""
    return _NOT_A_WORD.sub("", text)


def leftover(text: str, guides: frozenset[str], *, prose: bool = False) -> str | None:
    """The words of a template that still stand in an answer, or None.

    `guides` are the keys (`guide_key`) of the form's guidance. In prose a guide must be a sentence.
    Example: `例如：2021年1月-2021年12月`, `XX县财政局` and `（此处填写项目内容）` are left over.
    """
    parts = (text, *_SENTENCE_END.split(text)) if prose else (text,)
    for part in parts:
        if guide_key(part) in guides:
            return part.strip()
    if not _SIGNS.search(text):
        return None
    if not prose and (found := _EXAMPLE.search(text)):
        return text.strip()
    if found := _TOLD_TO_FILL.search(text) or _GAP.search(text):
        return text[max(0, found.start() - 4) : found.end() + 6].strip()
    return None

"""Writes values the way people do, independently of the code that reads them."""

from __future__ import annotations

from hypothesis import strategies as st

ANY_TEXT = st.one_of(
    st.text(max_size=250),
    # Texts out of the very characters that the readers look for.
    st.text(
        alphabet="0123456789０１①.,，、-—~～至/年月日号记字第#凭证一二三十百千万亿零壹贰拾佰仟元角分整"
        "%≥≤><=以上以内控制在人次张三李四和（）()[]☑□√优良中差 \n无·",
        max_size=40,
    ),
)
EVERYDAY = ("零一二三四五六七八九", "十", "百", "千", "万", "亿")
FORMAL = ("零壹贰叁肆伍陆柒捌玖", "拾", "佰", "仟", "万", "亿")


def chinese(number: int, style: tuple[str, ...] = EVERYDAY) -> str:
    """Write a whole number below 10**12, recursively, as it is spoken."""
    digits = style[0]
    if number < 10:
        return digits[number]
    for size, name in zip((10**8, 10**4, 1000, 100, 10), reversed(style[1:]), strict=True):
        if number >= size:
            head, rest = divmod(number, size)
            if not rest:
                return chinese(head, style) + name
            zero = digits[0] if rest < size // 10 else ""
            return chinese(head, style) + name + zero + chinese(rest, style)
    raise AssertionError(number)


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)

"""On which line a key of a TOML text stands."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsx_eval.toml_lines import Path, key_lines, line_of

EVERYTHING = '''
# a comment with a = sign
county = "清平县"  # [not a table]
"quoted key" = 1
'single.quoted' = [ "]", '}', # a comment ]
  [1, 2], { inner = "x, y = 1" },
]
a.b . "c d" = true
text = """
key = "in a text"
[not.a.table] \\""" still """
literal = \'\'\'
[neither]\'\'\'\'
when = 2022-03-31 08:00:00

[severities]
F101 = "error"

[ "outer" . inner ]
x = { y = { z = [ ] } }

[[rules]]
code = "X101"
[rules.more]
deep = -1.5e3

[[rules]]
check = "a == 'b'"
[[rules.parts]]
n = 1
[[rules.parts]]
n = 2
'''

EXPECTED = {
    ("county",): 3,
    ("quoted key",): 4,
    ("single.quoted",): 5,
    ("single.quoted", 0): 5,
    ("single.quoted", 1): 5,
    ("single.quoted", 2): 6,
    ("single.quoted", 2, 1): 6,
    ("single.quoted", 3, "inner"): 6,
    ("a", "b", "c d"): 8,
    ("text",): 9,
    ("literal",): 12,
    ("when",): 14,
    ("severities",): 16,
    ("severities", "F101"): 17,
    ("outer", "inner"): 19,
    ("outer", "inner", "x", "y", "z"): 20,
    ("rules",): 22,
    ("rules", 0): 22,
    ("rules", 0, "code"): 23,
    ("rules", 0, "more", "deep"): 25,
    ("rules", 1): 27,
    ("rules", 1, "check"): 28,
    ("rules", 1, "parts", 0, "n"): 30,
    ("rules", 1, "parts", 1, "n"): 32,
}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_kind_of_key(ending: str) -> None:
    lines = key_lines(EVERYTHING.replace("\n", ending))

    assert {path: lines[path] for path in EXPECTED} == EXPECTED
    assert set(lines) == set(paths(tomllib.loads(EVERYTHING)))


def paths(value: Any, path: Path = ()) -> list[Path]:
    found = [path] if path else []
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        found += [each for key, part in inner for each in paths(part, (*path, key))]
    return found


def test_a_key_that_is_not_there_stands_where_it_should() -> None:
    lines = key_lines('[[rules]]\ncode = "X101"\n')

    assert line_of(("rules", 0, "check"), lines) == 1
    assert line_of(("rules", 0, "code", "deeper"), lines) == 2
    assert line_of(("elsewhere",), lines) is None


KEYS = st.sampled_from(["a", "b-1", '"c d"', "'e.f'", '"\\u00e9"', '"="', '"#"'])
VALUES = st.recursive(
    st.sampled_from(
        ["1", "-2.5", "true", '"a # b"', "'[x]'", '"""\na = 1\n"""', "'''\n]\n'''", "2022-01-01",
         '"\\""', '""""quoted" """', "''''quoted' '''"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda each: "[" + ", # ]\n ".join(each) + "\n]"),
        st.lists(inner, min_size=1, max_size=2).map(
            lambda each: "{ " + ", ".join(f"k{n} = {v}" for n, v in enumerate(each)) + " }"
        ),
    ),
    max_leaves=6,
)  # fmt: skip
LINES = st.one_of(
    st.tuples(st.lists(KEYS, min_size=1, max_size=2).map(".".join), VALUES).map(" = ".join),
    KEYS.map("[ {} ]".format),
    KEYS.map("[[{}]]".format),
    st.sampled_from(["", "# [comment]", "\t"]),
)


@given(st.lists(LINES, max_size=8).map("\n".join))
def test_it_finds_what_the_parser_finds(text: str) -> None:
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        key_lines(text)
        return

    assert set(key_lines(text)) == set(paths(read))


@given(st.text(alphabet="ab=[]{}\"'\\#.,\n 1", max_size=60))
def test_no_text_raises(text: str) -> None:
    lines = key_lines(text)

    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())

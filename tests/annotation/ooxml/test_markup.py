"""A part edited as bytes: what is not changed stays as it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from xlsx_eval.annotation.ooxml.markup import Markup, attributes, escaped, quoted
from xlsx_eval.errors import UnreadableWorkbook

PART = b"""<?xml version='1.0'?>
<x:list  count = '2' xmlns:x="urn:x"><!-- <x:item> --><x:item a="1 &gt; 0"/>
<x:item ><![CDATA[<x:item>]]>&#20013;</x:item ></x:list>
<!-- the end -->"""
# no surrogates, no characters that XML can't hold
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"))


def test_elements_are_found_and_what_looks_like_some_is_not() -> None:
    part = Markup(PART)
    first, second = part.root.named("item")
    assert (part.root.name, part.root.prefix) == ("list", b"x:")
    assert part.get(first, "a") == "1 > 0"
    assert part.content(second) == "<x:item>中"
    assert part.number(part.root, "count") == 2


def test_only_what_is_changed_is_written_anew() -> None:
    part = Markup(PART)
    first, second = part.root.named("item")
    part.set(part.root, "count", "3")
    part.set(first, "b", "<新>")
    part.append(first, b"<x:in/>")
    part.append(part.root, b"<x:item/>")
    part.delete(second)
    assert part.result() == PART.replace(b"'2'", b"'3'").replace(
        b'<x:item a="1 &gt; 0"/>', '<x:item a="1 &gt; 0" b="&lt;新&gt;"><x:in/></x:item>'.encode()
    ).replace(b"<x:item ><![CDATA[<x:item>]]>&#20013;</x:item >", b"").replace(
        b"</x:list>", b"<x:item/></x:list>"
    )  # fmt: skip


def test_an_attribute_that_was_added_comes_off_without_a_trace() -> None:
    part = Markup(PART)
    part.set(part.root.named("item")[0], "b", "2")
    again = Markup(part.result())
    again.set(again.root.named("item")[0], "b", None)
    assert again.result() == PART


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_part_comes_back_in_its_own_encoding(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><list>项目</list>'
    part = Markup(text.encode(encoding))
    part.append(part.root, "<新/>".encode())
    assert part.result() == text.replace("</list>", "<新/></list>").encode(encoding)


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"no markup",
        b"<list><item></list>",
        b'<!DOCTYPE list [<!ENTITY a "b">]><list>&a;</list>',
        b'<!DOCTYPE list SYSTEM "file:///etc/passwd"><list/>',
        b"<list>&unknown;</list>",
    ],
)
def test_what_is_not_well_formed_or_declares_entities_is_refused(part: bytes) -> None:
    with pytest.raises(UnreadableWorkbook):
        Markup(part)


@given(TEXTS)
def test_any_text_comes_back_from_a_tag_and_from_an_attribute(text: str) -> None:
    part = b'<list a="' + quoted(text) + b'">' + escaped(text) + b"</list>"
    tree = etree.fromstring(part)
    assert (tree.get("a"), tree.text or "") == (text, text)
    assert Markup(part).attributes(Markup(part).root) == {"a": text}
    assert Markup(part).content(Markup(part).root) == text


def test_attributes_are_read_in_any_spelling() -> None:
    assert attributes(b""" r='A1'\n s = "2" t="&quot;" """) == {"r": "A1", "s": "2", "t": '"'}

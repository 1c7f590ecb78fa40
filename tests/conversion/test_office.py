"""LibreOffice converts many workbooks, and one that hangs or kills it costs only itself."""

from __future__ import annotations

import http.server
import shutil
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from correct_form import correct_bytes
from other_formats import as_xml2003

from xlsx_eval.conversion import Office, Source, agrees
from xlsx_eval.reading import Limits, format_of, open_workbook

FILES = Path(__file__).parent.parent / "reading" / "formats" / "files"

needs_office = pytest.mark.skipif(
    not (shutil.which("soffice") or shutil.which("libreoffice")),
    reason="LibreOffice (soffice) is not installed",
)
needs_scripts = pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")

STAND_IN = f"""#!{sys.executable}
import os, pathlib, sys, time, zipfile
made = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
with open({{log!r}}, "a") as log:
    print(*sys.argv[sys.argv.index("--outdir") + 2:], file=log)
for name in sys.argv[sys.argv.index("--outdir") + 2:]:
    content = pathlib.Path(name).read_bytes()
    if content == b"hangs":
        (made / name).with_suffix(".xlsx").write_bytes(b"PK half of it")
        time.sleep(600)
    if content == b"kills":
        os.abort()
    if content == b"fails":
        continue
    with zipfile.ZipFile((made / name).with_suffix(".xlsx"), "w") as book:
        book.writestr("from", content)
"""


@pytest.fixture
def stand_in(tmp_path: Path) -> Office:
    """A program that hangs on some files and dies of others."""
    program = tmp_path / "soffice"
    program.write_text(STAND_IN.format(log=str(tmp_path / "log")), "utf-8")
    program.chmod(0o755)
    return Office(program, Limits(seconds=1.5, megabytes=3000))


def sources(folder: Path, *contents: str) -> list[Source]:
    made = []
    for number, content in enumerate(contents):
        path = folder / f"{number} 自评表.xls"
        path.write_text(content, "utf-8")
        made.append(Source(path, "mhtml" if content == "page" else "xls"))
    return made


@needs_scripts
def test_files_that_hang_or_kill_it_cost_only_themselves(stand_in: Office, tmp_path: Path) -> None:
    told: list[int] = []
    given = sources(tmp_path, "a", "hangs", "b", "page", "fails", "c", "kills", "d")

    made = stand_in.convert(given, tmp_path / "made", told.append)

    assert sorted(made) == [0, 2, 5, 7]
    assert (tmp_path / "log").read_text("utf-8").splitlines() == [
        "000000.xls 000001.xls 000002.xls 000004.xls 000005.xls 000006.xls 000007.xls",
        "000002.xls 000004.xls 000005.xls 000006.xls 000007.xls",
        "000007.xls",
    ]
    assert told == sorted(told)
    assert told[-1] == 7


@needs_scripts
def test_one_that_never_works_is_given_up(stand_in: Office, tmp_path: Path) -> None:
    made = stand_in.convert(sources(tmp_path, *["kills"] * 9), tmp_path / "made")

    assert made == {}
    assert len((tmp_path / "log").read_text("utf-8").splitlines()) == 3


@needs_scripts
def test_forty_files_a_call(stand_in: Office, tmp_path: Path) -> None:
    made = stand_in.convert(sources(tmp_path, *["a"] * 90), tmp_path / "made")

    calls = (tmp_path / "log").read_text("utf-8").splitlines()
    assert len(made) == 90
    assert [len(call.split()) for call in calls] == [40, 40, 10]


@needs_scripts
def test_no_program_is_started_for_nothing(stand_in: Office, tmp_path: Path) -> None:
    assert stand_in.convert(sources(tmp_path, "page"), tmp_path / "made") == {}
    assert not (tmp_path / "log").exists()


@needs_scripts
def test_one_that_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text(
        f"#!{sys.executable}\nimport time\nhoard = b'x' * 200_000_000\ntime.sleep(600)\n", "utf-8"
    )
    program.chmod(0o755)
    started = time.monotonic()

    office = Office(program, Limits(seconds=60, megabytes=100))

    assert office.convert(sources(tmp_path, "a"), tmp_path / "made") == {}
    assert time.monotonic() - started < 30


# ----------------------------------------------------------------------------- LibreOffice itself


@dataclass(frozen=True)
class Converted:
    """Sources, what was made of them, and what LibreOffice asked a server for meanwhile."""

    sources: list[Source]
    made: dict[int, Path]
    asked: list[str]


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Converted:
    folder = tmp_path_factory.mktemp("office")
    asked: list[str] = []

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_OPTIONS = do_HEAD = do_GET  # noqa: N815 - names of the library

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        picture = with_picture(f"http://127.0.0.1:{server.server_port}/a.png")
        (folder / "1 图.fods").write_text(picture, "utf-8")
        (folder / "2 表.xls").write_bytes(as_xml2003(correct_bytes()))
        (folder / "3 页.xls").write_text(
            "<html><body><table><tr><td>项目名称<td>路灯</table></body></html>", "utf-8"
        )
        paths = [*sorted(FILES.glob("selfeval.*")), *sorted(folder.iterdir())]
        sources = [Source(path, format_of(path.read_bytes()) or "") for path in paths]
        office = Office.installed(Limits(seconds=60, megabytes=3000))
        assert office is not None
        made = office.convert(sources, folder / "made")
        server.shutdown()
    return Converted(sources, made, asked)


@pytest.mark.xdist_group("office")
@needs_office
def test_it_reads_what_we_read(converted: Converted) -> None:
    formats = [source.format for source in converted.sources]

    assert formats == ["ods", "xls", "xlsb", "ods", "xml2003", "webpage"]
    for number, source in enumerate(converted.sources):
        data = converted.made[number].read_bytes()
        assert format_of(data) == "xlsx"
        original = open_workbook(source.path.read_bytes())
        assert agrees(original, open_workbook(data)), source.path.name


@pytest.mark.xdist_group("office")
@needs_office
def test_it_fetches_nothing(converted: Converted) -> None:
    assert converted.asked == []


def with_picture(address: str) -> str:
    """A flat OpenDocument spreadsheet whose picture lies elsewhere."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
        for name, full in {
            "office": "office", "table": "table", "text": "text", "draw": "drawing",
            "svg": "svg-compatible",
        }.items()
    )  # fmt: skip
    return (
        f'<?xml version="1.0"?><office:document{spaces} xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' office:mimetype="application/vnd.oasis.opendocument.spreadsheet" office:version="1.3">'
        '<office:body><office:spreadsheet><table:table table:name="表"><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>项目名称</text:p>'
        '<draw:frame svg:width="2cm" svg:height="2cm" svg:x="0cm" svg:y="0cm">'
        f'<draw:image xlink:href="{address}" xlink:type="simple" xlink:actuate="onLoad"/>'
        "</draw:frame></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document>"
    )

"""Files are judged by what is in them and served so that nothing in them runs; what may not be kept is not kept."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from mainstay.capabilities.files import kinds, store
from mainstay.capabilities.files.models import Attachment
from mainstay.records.models import Event
from tests.safety.ground import Ground
from tests.safety.wire import Answer, Wire, program

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
SCRIPT = b"<script>alert(document.cookie)</script>"


@pytest.fixture(autouse=True)
def own_folder(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> None:
    settings.MAINSTAY_DATA = tmp_path_factory.mktemp("data")


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.html", SCRIPT)
    return out.getvalue()


# What would run if a browser were told, or guessed, that it is a page: all are called .png and said to be image/png.
HOSTILE = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
    "svg with a prologue": b'<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "html": b"<!doctype html>" + SCRIPT,
    "html after blanks": b"\n\n   \t" + SCRIPT,
    "html with a mark": b"\xef\xbb\xbf<html>" + SCRIPT,
    "html in utf-16": "<html><script>alert(1)</script>".encode("utf-16"),
    "xhtml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>1</script></html>',
    "xml with a stylesheet": b'<?xml version="1.0"?><?xml-stylesheet href="#x"?><a/>',
    "mht": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + SCRIPT,
    "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "pdf after a page": b"<html>%PDF-1.7" + SCRIPT,
    "zip": zipped(),
    "page with a zip behind": SCRIPT + zipped(),
    "script": b"GIF=1;alert(1)",
    "nothing but zeros": b"\x00" * 100,
    "page with a zero": b"<html>\x00" + SCRIPT,
}
# Pictures by their first bytes with a page behind: shown, as pictures and as nothing else.
POLYGLOTS = {
    "gif": (b"GIF89a/*" + SCRIPT + b"*/=1;alert(1)", "image/gif"),
    "png": (PNG + SCRIPT, "image/png"),
    "jpeg": (b"\xff\xd8\xff\xe0" + SCRIPT, "image/jpeg"),
    "webp": (b"RIFF\x10\x00\x00\x00WEBP" + SCRIPT, "image/webp"),
}


def sent(ground: Ground, name: str, content: bytes, audience: str = "all") -> Attachment:
    number = ground.records["plain"].number
    answer = ground.browser("agn").upload(
        f"/incidents/{number}/talk/", [("files", name, content)], {"audience": audience, "text": ""}
    )
    assert answer.status == 303, answer.text
    return Attachment.objects.latest("id")


def served(ground: Ground, file: Attachment, who: str = "agn") -> list[Answer]:
    number = ground.records["plain"].number
    return [
        ground.browser(who).get(f"/files/{number}/{file.uuid}/whatever.html"),
        program(ground.world.people[who].id, "read").get(
            f"/api/v1/incidents/{number}/files/{file.uuid}"
        ),
    ]


def is_caged(answer: Answer) -> None:
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]


@pytest.mark.attack("G03", "G04")
def test_what_could_run_is_only_ever_downloaded(ground: Ground) -> None:
    for what, content in HOSTILE.items():
        file = sent(ground, f"{what}.png", content)
        for answer in served(ground, file):
            assert (answer.status, answer.body) == (200, content), what
            assert answer["Content-Disposition"].startswith("attachment"), what
            kind = answer["Content-Type"].partition(";")[0]
            assert kind not in ("text/html", "application/xhtml+xml", "image/svg+xml"), what
            assert not kind.endswith(("/xml", "+xml")) and kind not in kinds.INLINE, what
            assert "html" not in kind and "script" not in kind, what
            is_caged(answer)


@pytest.mark.attack("G03", "E06")
def test_pictures_are_pictures_whatever_is_behind_them(ground: Ground) -> None:
    for what, (content, kind) in POLYGLOTS.items():
        page, api = served(ground, sent(ground, f"{what}.html", content))
        assert page["Content-Type"] == api["Content-Type"] == kind
        assert page["Content-Disposition"].startswith("inline")
        assert api["Content-Disposition"].startswith("attachment")
        is_caged(page)
        is_caged(api)


NAMES = (
    'a"b.txt', "a'b.txt", "a;b=c.txt", "../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "C:\\x.txt",
    "a\\r\\nSet-Cookie: x=y", "\u202egpj.exe", "\u200b.htaccess", ".htaccess", "a.php.", "CON", "x" * 300 + ".txt",
    "‥／x", "x.svg%00.png", "..;/x", "<img src=x onerror=alert(1)>.png", "имя.txt", "名前.png", "🙂.gif", "...",
    " ", "a\tb.txt", "=cmd|' /C calc'!A0.csv", "%2e%2e%2fx", "e\u0301.txt", "a\u2028b.txt", "\ufeffx.txt",
)  # fmt: skip


@pytest.mark.attack("E06", "G05", "M02")
def test_a_name_is_only_ever_a_name(ground: Ground) -> None:
    for name in NAMES:
        file = sent(ground, name.replace('"', "%22"), PNG)
        assert file.name and len(file.name) <= 200, name
        assert not set(file.name) & set("/\\\r\n\x00\u202e\u200b\ufeff"), name
        for answer in served(ground, file):
            line = answer["Content-Disposition"]
            assert re.fullmatch(
                r"(inline|attachment); filename\*=UTF-8''[A-Za-z0-9%._~-]+", line
            ), name
            assert unquote(line.partition("''")[2]) == file.name
            assert len(answer.all("Content-Disposition")) == 1
            assert not any(n.lower() == "set-cookie" and "x=y" in v for n, v in answer.headers)
        stored = store.path_of(file.digest)
        assert stored.is_relative_to(store.folder()) and re.fullmatch("[0-9a-f]{64}", stored.name)


def test_an_internal_file_does_not_exist_for_the_caller(ground: Ground) -> None:
    number = ground.records["plain"].number
    for name in ("plain-internal", "hr-all", "hr-internal", "other-all"):
        key = str(ground.files[name].uuid)
        there = ground.records[name.split("-")[0]].number
        for wire in (ground.browser("ra1"), program(ground.world.people["ra1"].id, "read"), Wire()):
            for address in (
                f"/files/{there}/KEY/x.txt",
                f"/files/{number}/KEY/x.txt",
                f"/api/v1/incidents/{there}/files/KEY",
                f"/api/v1/incidents/{number}/files/KEY",
            ):
                hit = wire.get(address.replace("KEY", key))
                miss = wire.get(address.replace("KEY", "01890000-0000-7000-8000-000000000000"))
                assert hit.status == miss.status in (303, 401, 404), address
                assert hit.plain == miss.plain.replace("01890000-0000-7000-8000-000000000000", key)
                assert [n for n, _ in hit.headers] == [n for n, _ in miss.headers]


def test_a_file_is_reached_through_its_own_record_alone(ground: Ground) -> None:
    other = ground.world.incident().number
    key = ground.files["plain-all"].uuid
    for address in (f"/files/{other}/{key}/x", f"/api/v1/incidents/{other}/files/{key}"):
        assert ground.browser("agn").get(address).status == 404


@pytest.mark.attack("M04")
@pytest.mark.parametrize(
    "key", ["x" * 36, "../../secret.key", "%00", "1", "x" * 5000, "{}", "01890000-0000-7000-8000-00000000000g"]
)  # fmt: skip
def test_what_is_no_key_of_a_file_is_no_file(ground: Ground, key: str) -> None:
    number = ground.records["plain"].number
    for address in (f"/files/{number}/{key}/x", f"/api/v1/incidents/{number}/files/{key}"):
        assert ground.browser("agn").get(address).status == 404


def kept() -> set[Path]:
    return {path for path in store.folder().rglob("*") if path.is_file()}


@pytest.mark.attack("E07")
def test_what_is_too_large_or_empty_leaves_nothing_on_the_disk(
    ground: Ground, tmp_path: Path, settings: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    number, before, events = ground.records["plain"].number, kept(), Event.objects.count()
    large = b"x" * (store.LARGEST + 1)
    agent = ground.browser("agn")
    token = program(ground.world.people["agn"].id, "write")
    answers = [
        agent.upload(f"/incidents/{number}/talk/", [("files", "a", large)], {"audience": "all"}),
        agent.upload(f"/incidents/{number}/talk/", [("files", "a", b"")], {"audience": "all"}),
        token.upload(f"/api/v1/incidents/{number}/files", [("file", "a", large)], {"visibility": "public"}),
        token.upload(f"/api/v1/incidents/{number}/files", [("file", "a", b"")], {"visibility": "public"}),
    ]  # fmt: skip
    assert all(400 <= answer.status < 500 for answer in answers), [a.status for a in answers]
    assert kept() == before and Event.objects.count() == events
    assert not list(tmp_path.iterdir())


def test_whoever_may_not_attach_puts_nothing_on_the_disk(
    ground: Ground, tmp_path: Path, settings: Any
) -> None:
    """Neither a stranger, nor who does not see the record, nor who sees it and may not write."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    before = kept()
    body = b"nobody keeps this " * 200_000
    for wire in (Wire(), ground.browser("rb1"), ground.browser("aud"), ground.browser("ven")):
        for name in ("plain", "hr"):
            number = ground.records[name].number
            for address, field in (
                (f"/incidents/{number}/talk/", "files"),
                (f"/portal/requests/{number}/answer/", "files"),
                (f"/api/v1/incidents/{number}/files", "file"),
            ):
                said = (
                    {"visibility": "public"} if field == "file" else {"audience": "all", "text": ""}
                )
                answer = wire.upload(address, [(field, "a.txt", body)], said)
                assert answer.status in (303, 401, 403, 404, 413), (address, answer.status)
    assert kept() == before
    assert not list(tmp_path.iterdir())


def test_a_stranger_cannot_fill_the_disk(ground: Ground, tmp_path: Path, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    for address in ("/sign-in", "/", "/portal/ask/", "/welcome/x"):
        answer = Wire().upload(address, [("file", "a", b"x" * 4_000_000)])
        assert answer.status == 413, address
        huge = Wire().send("POST", address, b"", {"Content-Length": str(10**30)})
        assert huge.status in (400, 413)
    huge = ground.browser("agn").send(
        "POST", "/incidents/new/", b"", {"Content-Length": str(10**10)}
    )
    assert huge.status in (400, 413)  # refused before a byte of it came


def test_an_internal_file_is_sent_by_insiders_alone(ground: Ground) -> None:
    number, before = ground.records["plain"].number, Attachment.objects.count()
    for wire in (ground.browser("ra1"), program(ground.world.people["ra1"].id, "write")):
        wire.upload(f"/incidents/{number}/talk/", [("files", "a", PNG)], {"audience": "internal"})
        wire.upload(
            f"/api/v1/incidents/{number}/files", [("file", "a", PNG)], {"visibility": "internal"}
        )
    assert Attachment.objects.count() == before

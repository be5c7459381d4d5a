"""Nothing is started on a damaged file, without data of time zones, or in silence with a new key."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.programs import mainstay

PAGE = 4096


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a new site."""
    folder = tmp_path_factory.mktemp("site")
    assert mainstay("migrate", folder=folder).returncode == 0
    file = folder / "var" / "mainstay.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    return file.read_bytes()


def placed(folder: Path, content: bytes) -> Path:
    (folder / "var").mkdir(parents=True)
    (folder / "var" / "mainstay.sqlite3").write_bytes(content)
    return folder


def test_a_damaged_file_is_refused_with_what_to_do(begun: bytes, tmp_path: Path) -> None:
    pages, broken = len(begun) // PAGE, bytearray(begun)
    for page in range(2, pages, 5):
        start = page * PAGE
        broken[start : start + 64] = bytes(byte ^ 0xFF for byte in broken[start : start + 64])
    folder = placed(tmp_path, bytes(broken))
    (folder / "var" / "secret.key").write_text("k7GzQ2mWv9RtXb4LpYc8NdJs5HfAe3KuTi6Oq1Zx")
    for command in (("serve", "--port", "1"), ("worker",)):
        done = mainstay(*command, folder=folder)
        assert done.returncode == 2 and "Traceback" not in done.stderr
        assert "is damaged" in done.stderr and "newest backup" in done.stderr
    assert (folder / "var" / "mainstay.sqlite3").read_bytes() == bytes(broken)


def test_a_machine_without_time_zones_is_told(tmp_path: Path) -> None:
    done = mainstay("serve", "--port", "1", folder=tmp_path, PYTHONTZPATH="/nowhere")
    assert done.returncode == 2 and "tzdata" in done.stderr
    assert not (tmp_path / "var" / "mainstay.sqlite3").exists()

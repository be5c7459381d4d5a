"""The lock files hold what pyproject.toml asks for, by hash, and say nothing of where it comes from."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.programs import ROOT

NAME = re.compile(r"[A-Za-z0-9._-]+")
PIN = re.compile(r"^([a-z0-9-]+)==", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PROJECT["dependency-groups"]
ASKED = {
    "requirements.lock": [*PROJECT["project"]["dependencies"], *GROUPS["build"]],
    "requirements-dev.lock": [
        *PROJECT["project"]["dependencies"],
        *GROUPS["build"],
        *GROUPS["dev"],
    ],
    "requirements-node.lock": GROUPS["node"],
}


def plain(requirement: str) -> str:
    found = NAME.match(requirement)
    assert found, requirement
    return re.sub(r"[._-]+", "-", found[0]).lower()


@pytest.mark.parametrize("lock", ASKED)
def test_everything_asked_for_is_pinned(lock: str) -> None:
    pinned = set(PIN.findall((ROOT / lock).read_text()))
    assert {plain(requirement) for requirement in ASKED[lock]} - pinned == set()


def test_tests_run_with_what_the_product_runs_with() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9-]+==\S+)", (ROOT / lock).read_text(), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


@pytest.mark.parametrize("lock", ASKED)
def test_pins_carry_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    assert all("--hash=sha256:" in block for block in blocks if block.strip())


def test_the_front_ends_lock_names_no_address_either() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    parts = {name: part for name, part in lock["packages"].items() if name}
    assert all("resolved" not in part for part in parts.values())
    assert all("integrity" in part for part in parts.values())

"""A setting that is not understood is refused with its name and what it may be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured

from mainstay.config import environment
from mainstay.config.databases import postgres


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    def give(value: str) -> str:
        monkeypatch.setenv("IT", value)
        return "IT"

    return give


Given = Callable[[str], str]


@pytest.mark.parametrize("value", ["1", "true", "TRUE", "yes", "On", " 1 "])
def test_on(given: Given, value: str) -> None:
    assert environment.flag(given(value)) is True


@pytest.mark.parametrize("value", ["", "0", "false", "No", "off"])
def test_off(given: Given, value: str) -> None:
    assert environment.flag(given(value)) is False


@pytest.mark.parametrize("value", ["maybe", "2", "ja"])
def test_neither(given: Given, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"IT is"):
        environment.flag(given(value))


@pytest.mark.parametrize("value", ["-1", "1.5", "many", "1e3", "٣", "9" * 30])
def test_no_number(given: Given, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"IT is '.*whole number"):
        environment.number(given(value), 5)


def test_numbers(given: Given) -> None:
    assert environment.number(given("0"), 5) == 0
    assert environment.number(given(""), 5) == 5


def test_choices(given: Given) -> None:
    assert environment.choice(given("debug"), ("DEBUG", "INFO"), "INFO") == "DEBUG"
    with pytest.raises(ImproperlyConfigured, match="one of DEBUG, INFO"):
        environment.choice(given("loud"), ("DEBUG", "INFO"), "INFO")


@pytest.mark.parametrize(
    "value", ["it.example.org", "https://", "ftp://x", "https://x/path", "https://a b"]
)
def test_no_address(given: Given, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="must read like"):
        environment.address(given(value))


def test_an_address(given: Given) -> None:
    assert environment.address(given("https://it.example.org:8443/")) == (
        "https://it.example.org:8443"
    )


@pytest.mark.parametrize(
    "url",
    ["mysql://root@there/it", "postgresql://a@b:port/it", "postgresql://a@b", "postgresql://[a/b"],
)
def test_no_database(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="postgresql://user:password@host:port/name"):
        postgres(url)

"""What a wheel must carry: whoever installs one cannot build what is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hatch_build import FrontendHook

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As they lie in an archive, without a front end, which is not to be built."""
    for name in ("frontend.py", "catalogues.py"):
        (tmp_path / "tools").mkdir(exist_ok=True)
        shutil.copy(ROOT / "tools" / name, tmp_path / "tools" / name)
    monkeypatch.setenv("MAINSTAY_SKIP_FRONTEND", "1")
    return tmp_path


def built(root: Path, target: str, version: str) -> None:
    hook = FrontendHook(str(root), {}, None, None, str(root / "dist"), target)  # type: ignore[arg-type]
    hook.initialize(version, {})


def test_a_wheel_without_a_front_end_is_refused(sources: Path) -> None:
    with pytest.raises(RuntimeError, match="no front end"):
        built(sources, "wheel", "standard")


@pytest.mark.parametrize(("target", "version"), [("wheel", "editable"), ("sdist", "standard")])
def test_who_works_on_the_sources_may_do_without(sources: Path, target: str, version: str) -> None:
    built(sources, target, version)


def test_a_wheel_carries_what_was_built_before(sources: Path) -> None:
    manifest = sources / "mainstay/surfaces/web/static/dist/.vite/manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("{}")
    built(sources, "wheel", "standard")

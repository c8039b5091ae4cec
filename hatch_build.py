"""Build hook: turns the translations (.po) into what the program reads (.mo), for wheels and editable installs."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGS = "web/translations/*/LC_MESSAGES/*.po"


class Translations(BuildHookInterface[Any]):
    """Compiles every catalog beside its source."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the .mo files; `artifacts` puts them into the wheel although git ignores them."""
        for source in sorted(Path(self.root).glob(CATALOGS)):
            with source.open("rb") as stream:
                catalog = read_po(stream, locale=source.parent.parent.name)
            content = io.BytesIO()
            write_mo(content, catalog)
            source.with_suffix(".mo").write_bytes(content.getvalue())

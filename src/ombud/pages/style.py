"""Which stylesheet do pages have? Designsystemet's parts that they use, and our layout on top."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Final

# Designsystemet, MIT: css 1.22.0 and theme 1.11.0; the digests of the files stand in VENDORED.yaml.
_PARTS: Final = ("base", "heading", "paragraph", "link", "list", "details", "skip-link")


@cache
def stylesheet() -> str:
    """Return the whole stylesheet; it asks for nothing over the network."""
    folder = resources.files("ombud.pages").joinpath("static")
    vendored = folder.joinpath("designsystemet")

    def read(name: str) -> str:
        return vendored.joinpath(f"{name}.css").read_text(encoding="utf-8")

    base, *parts = (read(name) for name in _PARTS)
    return "\n".join(
        (
            "@layer ds.theme, ds.base, ds.components, ombud;",
            read("theme").removeprefix('@charset "UTF-8";'),
            f"@layer ds.base{{{base}}}",
            f"@layer ds.components{{{''.join(parts)}}}",
            folder.joinpath("page.css").read_text(encoding="utf-8"),
        )
    )


def content_policy(inline: str) -> str:
    """Return the content security policy of a page: no script, nothing from elsewhere.

    Args:
        inline: The stylesheet that stands in the page, which is named by its digest; empty: it is
            a file beside it.
    """
    style = "'self'"
    if inline:
        digest = b64encode(sha256(inline.encode()).digest()).decode()
        style = f"'sha256-{digest}'"
    return (
        f"default-src 'none'; style-src {style}; img-src data:; base-uri 'none'; form-action 'none'"
    )

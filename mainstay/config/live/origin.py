"""Which pages may open a stream: those of this site, by the exact origin the browser names."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

USUAL = {"http": 80, "https": 443}


def of_site(host: str, web_port: int) -> str | None:
    """Where our pages come from: as configured, else at the host that was asked, at the web server's port."""
    if settings.MAINSTAY_BASE_URL:
        return plain(settings.MAINSTAY_BASE_URL)
    name, _port = split_domain_port(host)
    if not name or not validate_host(name, settings.ALLOWED_HOSTS):
        return None
    return plain(f"http://{name}:{web_port}")


def may_ask(headers: Mapping[str, str], web_port: int) -> str | None:
    """The site's origin where the request comes from it, else None.

    Behind a proxy that joins both under one origin a browser sends no Origin with a GET; it then says in another way
    that the request is the site's own. What says nothing at all is refused.
    """
    ours = of_site(headers.get("host", ""), web_port)
    if ours is None:
        return None
    if "origin" in headers:
        return ours if headers["origin"] == ours else None
    if "sec-fetch-site" in headers:
        return ours if headers["sec-fetch-site"] == "same-origin" else None
    return ours if headers.get("referer", "").startswith(f"{ours}/") else None


def plain(address: str) -> str:
    """As browsers write an origin: small letters, and no port that goes without saying."""
    parts = urlsplit(address.lower())
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = "" if parts.port in (None, USUAL.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"

"""What every answer says, and a little less what a style sheet does."""

from django.conf import settings

# No inline script or style, nothing from elsewhere, never framed.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A script, a sheet, a font or a picture is part of a page that says the rest; opened by itself it may do nothing.
OF_A_FILE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
# Two years, as lists of sites that browsers know beforehand ask for.
TLS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


def of_a_file() -> dict[str, str]:
    """What a compiled file says; ten of them come with a first view."""
    return _by_tls(OF_A_FILE)


def _by_tls(headers: dict[str, str]) -> dict[str, str]:
    return headers | TLS if settings.CSRF_COOKIE_SECURE else headers


def always(live: str = "", nonce: str = "") -> dict[str, str]:
    """A site that is reached over TLS tells browsers never to ask it in any other way.

    `live` is the one other origin a page may speak to. In a page with a `nonce` nothing runs and no sheet counts but
    what bears it, and what such a script fetches: no other file of this site.
    """
    headers = _by_tls(ALWAYS)
    if not live and not nonce:
        return headers
    rules = [POLICY]
    if live:
        rules.append(f"connect-src 'self' {live}")
    if nonce:
        rules.append(
            f"script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'nonce-{nonce}'; worker-src 'self'"
        )
    return headers | {"Content-Security-Policy": "; ".join(rules)}

"""What every answer says, a page's as well as a style sheet's."""

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
# Two years, as lists of sites that browsers know beforehand ask for.
OVER_TLS = ALWAYS | {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


def always(live: str = "") -> dict[str, str]:
    """A site that is reached over TLS tells browsers never to ask it in any other way.

    `live` is the one other origin a page may speak to.
    """
    headers = OVER_TLS if settings.CSRF_COOKIE_SECURE else ALWAYS
    if not live:
        return headers
    return headers | {"Content-Security-Policy": f"{POLICY}; connect-src 'self' {live}"}

"""The product with its static files, as one WSGI application for the browser tests."""

from pathlib import Path

from whitenoise import WhiteNoise

import mainstay.surfaces.web
from mainstay.config.wsgi import application as product

STATIC = Path(mainstay.surfaces.web.__file__).parent / "static"
application = WhiteNoise(product, root=STATIC, prefix="static/")

"""Settings of the test run: the product's own, with cheap hashes and a data folder of its own."""

import os
import tempfile

os.environ.setdefault("MAINSTAY_DATA", tempfile.mkdtemp(prefix="mainstay-test-"))

from mainstay.config.settings.base import *  # noqa: F403
from mainstay.config.settings.base import DATABASES, MAINSTAY_DATA

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if not os.environ.get("MAINSTAY_DATABASE_URL"):
    # A file and not memory: threads then meet as they do in the product.
    DATABASES["default"]["TEST"] = {"NAME": str(MAINSTAY_DATA / "test.sqlite3")}

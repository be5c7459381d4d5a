"""Settings of the test run: the product's own, with cheap hashes and a data folder of its own."""

import os
import tempfile

os.environ.setdefault("MAINSTAY_DATA", tempfile.mkdtemp(prefix="mainstay-test-"))

from mainstay.config.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

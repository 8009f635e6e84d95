"""The product's settings with cheap passwords; databases keep their locks and lose their fsync."""

import os

from zhangfa.config.settings import *
from zhangfa.config.settings import DATABASES, INSTALLED_APPS

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

INSTALLED_APPS = [*INSTALLED_APPS, "tests.ui.sample"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    _options = DATABASES["default"]["OPTIONS"]
    # How long a process waits for SQLite's write lock; shorter where a test wants it to give up.
    _options["timeout"] = float(os.environ.get("ZHANGFA_TEST_PATIENCE", _options["timeout"]))
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")

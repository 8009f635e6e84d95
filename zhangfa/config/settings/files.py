"""Where static files come from: a built folder in production, the source folders otherwise."""

import os
from pathlib import Path

from .environment import ZHANGFA_HOME, flag

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or ZHANGFA_HOME / "static")

# `zhangfa serve` builds the folder; a checkout without it, and every test, reads the sources.
STATIC_IS_BUILT = (STATIC_ROOT / "staticfiles.json").exists() and not flag("ZHANGFA_DEBUG")
STATICFILES_FINDERS = ["zhangfa.config.finders.OwnFinder"]
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("gz", "br", "png", "jpg", "webp", "woff2", "map")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = not STATIC_IS_BUILT
WHITENOISE_MAX_AGE = 60 if WHITENOISE_USE_FINDERS else 60 * 60
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_IS_BUILT or flag("ZHANGFA_COLLECT")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

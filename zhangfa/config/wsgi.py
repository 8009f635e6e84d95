"""The entry point for the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhangfa.config.settings")

application = get_wsgi_application()
# What is loaded by now stays for good: the collector need not walk through it again and again while a page is made,
# and the processes that share it don't each get a copy of it.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)

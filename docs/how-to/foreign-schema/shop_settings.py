"""Settings of a web shop made of django-oscar and nothing else, for `run.sh`."""

import os
from urllib.parse import urlsplit

from oscar import INSTALLED_APPS as OSCAR_APPS
from oscar.defaults import *  # noqa: F403  the shop's own way to give its settings

_at = urlsplit(os.environ["SHOP_URL"])

SECRET_KEY = "for this run only"  # noqa: S105  nothing is served with it
INSTALLED_APPS = list(OSCAR_APPS)
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"
SITE_ID = 1
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _at.path.lstrip("/"),
        "USER": _at.username or "",
        "PASSWORD": _at.password or "",
        "HOST": _at.hostname or "",
        "PORT": str(_at.port or ""),
    }
}

"""The apps from bottom to top, and what a request passes through on its way to a page."""

from .database import DATABASES

ZHANGFA_APPS = [
    "core",
    "runtime",
    "ui",
    "audit",
    "organisation",
    "policy",
    "notices",
    "records",
    "approvals",
    "duties",
    "tasks",
    "planning",
    "administration",
    "meetings",
    "regulations",
    "inspections",
    "finance",
    "customers",
    "people",
    "orders",
    "claims",
    "calls",
    "care",
    "imports",
    "reports",
]


_postgres_only = ["django.contrib.postgres"] if DATABASES["default"]["ENGINE"].endswith("postgresql") else []

INSTALLED_APPS = [
    *(f"zhangfa.{app}" for app in ZHANGFA_APPS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    *_postgres_only,
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "zhangfa.config.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhangfa.ui.idle.IdleMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhangfa.organisation.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "zhangfa.organisation.middleware.OwnPasswordMiddleware",
    "zhangfa.organisation.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["zhangfa.ui.templatetags.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhangfa.ui.context.shell",
            ],
        },
    },
]

FORM_RENDERER = "zhangfa.ui.rendering.Renderer"

ROOT_URLCONF = "zhangfa.config.urls"
WSGI_APPLICATION = "zhangfa.config.wsgi.application"
AUTH_USER_MODEL = "organisation.User"

# Rows in the same transaction as the business write: a rollback takes the job with it.
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default"],
    }
}

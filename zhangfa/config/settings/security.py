"""Who may come in and how: hosts, cookies, sign-in, lock-out and second factor."""

from .environment import NO, ZHANGFA_HOME, flag, number, secret_key, words

DEBUG = flag("ZHANGFA_DEBUG")
SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

# Everything that needs TLS hangs on one switch; without it the server speaks to loopback only.
BEHIND_TLS = flag("ZHANGFA_TLS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
# The browser itself sees to it that nobody but this very host sets them.
_HOST = "__Host-" if BEHIND_TLS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST}sessionid", f"{_HOST}csrftoken"
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("ZHANGFA_TRUST_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Rows and not a process cache: a session that was ended must be over in every worker.
SESSION_ENGINE = "zhangfa.runtime.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 12
# Left alone it ends sooner; a form on the screen then waits until its writer has signed in beside it.
SESSION_IDLE_SECONDS = 60 * number("ZHANGFA_IDLE_MINUTES", 120)
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "zhangfa.ui.web.errors.csrf_failure"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "zhangfa.organisation.backends.Backend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **more}
    for name, more in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"OPTIONS": {"min_length": 10}}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "zhangfa.config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords are counted by axes alone, in the database and so for all workers together.
# Behind one address a whole office signs in when the day begins.
ACCOUNT_RATE_LIMITS = {"login_failed": False, "login": "300/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "章法"
MFA_ADAPTER = "zhangfa.config.accounts.FactorAdapter"
# Whose name decides about money, or opens everybody's account, signs in with a second factor where the company demands it.
_DECIDERS = ("gm", "dgm", "am", "cs", "fin", "hs", "ls", "admin")
_DEMANDED = words("ZHANGFA_SECOND_FACTOR")
SECOND_FACTOR_POSTS = (
    _DECIDERS if flag("ZHANGFA_SECOND_FACTOR") else tuple(word for word in _DEMANDED if word.lower() not in NO)
)
MFA_FORMS = {
    "authenticate": "zhangfa.config.accounts.CodeForm",
    "reauthenticate": "zhangfa.config.accounts.CodeAgainForm",
}

AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "zhangfa.ui.visitor.client_address"
AXES_LOCKOUT_CALLABLE = "zhangfa.config.accounts.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Eight long boxes with 40,000 pasted signs each, nine bytes a sign on the way, are still answered beside the field.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_PERMISSIONS = 0o600

ATTACHMENTS_ROOT = ZHANGFA_HOME / "attachments"
KEYS_ROOT = ZHANGFA_HOME / "keys"

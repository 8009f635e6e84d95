"""Read the few things that differ between installations from the environment."""

import os
import secrets
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[3]
NO = ("", "0", "false", "no", "off")
ZHANGFA_HOME = Path(os.environ.get("ZHANGFA_HOME") or "var").resolve()


def flag(name: str, default: bool = False) -> bool:
    """Say whether a yes-or-no variable is on; unset means the default."""
    value = os.environ.get(name, "").strip().lower()
    return value in {"1", "true", "yes", "on"} if value else default


def number(name: str, default: int) -> int:
    """A whole number that is not negative; whatever else is written there means the default."""
    value = os.environ.get(name, "").strip()
    return int(value) if value.isascii() and value.isdigit() else default


def words(name: str, default: str = "") -> list[str]:
    """Split a comma-separated variable into its words."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def secret_key() -> str:
    """Give the signing key of this installation, making it on first use.

    The file is written under another name and linked, so that two processes which start
    together agree on one key.
    """
    if given := os.environ.get("SECRET_KEY"):
        return given
    path = ZHANGFA_HOME / "secret_key"
    if not path.exists():
        ZHANGFA_HOME.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".secret_key.{os.getpid()}")
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
        draft.chmod(0o600)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()

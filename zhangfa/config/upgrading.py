"""`zhangfa migrate`: bring database and static files up to the installed version."""

import argparse
import hashlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

from .cli import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose: a database is at this version or it is not."""


def run(options: argparse.Namespace) -> int:
    """Migrate the database and build the static files."""
    start_django()
    migrate()
    build_static()
    return 0


def migrate() -> None:
    """Apply the migrations that are missing, quietly; figures that came with this version get their first rows."""
    from django.core.management import call_command
    from django.db import connection

    from zhangfa.core import clock
    from zhangfa.organisation.queries import company
    from zhangfa.policy.actions import install_preset

    if not connection.introspection.table_names():
        create_tables()
    call_command("migrate", interactive=False, verbosity=0)
    if founded := company():
        install_preset(founded.preset, at=clock.now())


def create_tables() -> None:
    """Give an empty database the tables of this version at once, all or none; its migrations count as applied.

    Walking every migration takes a newcomer a minute and ends at the same tables, which a test compares. Rows that a
    version brings come after every migration, so that none of them is lost here.
    """
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.recorder import MigrationRecorder

    recorder = MigrationRecorder(connection)
    known = MigrationExecutor(connection).loader.disk_migrations
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        editor.create_model(recorder.Migration)
        recorder.migration_qs.bulk_create([recorder.Migration(app=app, name=name) for app, name in known])


def pending_migrations() -> list[str]:
    """Name the migrations that the database lacks; where every file was applied, none of them is loaded."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.recorder import MigrationRecorder

    if migration_files() <= set(MigrationRecorder(connection).applied_migrations()):
        return []
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migration_files() -> set[tuple[str, str]]:
    """Every migration of this version by app and name, as the files are called."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    found = set()
    for app in apps.get_app_configs():
        module, _is_chosen = MigrationLoader.migrations_module(app.label)
        folder = find_spec(module) if module else None
        places = folder.submodule_search_locations if folder else None
        found |= {(app.label, name) for _finder, name, _is_package in iter_modules(places or ()) if name[0] not in "_~"}
    return found


def build_static() -> bool:
    """Compress and name static files by content, unless the built ones are current."""
    from django.conf import settings

    stamp = Path(settings.STATIC_ROOT) / ".sources"
    wanted = static_fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    # The storage is chosen when settings load, so a fresh process collects.
    subprocess.run(
        [sys.executable, "-m", "django", "collectstatic", "--noinput", "--clear", "-v", "0"],
        check=True,
        env={**os.environ, "ZHANGFA_COLLECT": "1", "DJANGO_SETTINGS_MODULE": "zhangfa.config.settings"},
    )
    stamp.write_text(wanted)
    return True


def static_fingerprint() -> str:
    """Tell one set of source files from another by path, size and time."""
    from django.contrib.staticfiles.finders import get_finders

    lines = []
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            lines.append(f"{path} {facts.st_size} {facts.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

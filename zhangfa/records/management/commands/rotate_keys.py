"""Make a new encryption key and write everything that rests under older ones anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from zhangfa.core import crypto
from zhangfa.records.jobs import rotate_keys


class Command(BaseCommand):
    help = "Make a new current key, then encrypt fields and files anew; safe to repeat."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--resume", action="store_true", help="make no new key, finish an earlier run")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["resume"]:
            name = crypto.ring().add_key(crypto.ring_path())
            self.stdout.write(f"new key {name}")
        counts = rotate_keys.func()
        self.stdout.write(f"{counts['fields']} fields, {counts['files']} files encrypted anew")

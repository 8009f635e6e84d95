"""Which static files are served: our own and those of the API's documentation page."""

from collections.abc import Iterable, Iterator

from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.core.files.storage import Storage


class OwnFinder(AppDirectoriesFinder):
    """Leave out the scripts that other packages bring and no page of ours uses."""

    def __init__(self, app_names: list[str] | None = None, *args: object, **kwargs: object) -> None:
        super().__init__(app_names, *args, **kwargs)
        self.apps = [name for name in self.apps if name.startswith("zhangfa.") or name == "ninja"]
        self.storages = {name: self.storages[name] for name in self.apps}

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        return super().list([*(ignore_patterns or ()), "redoc*"])

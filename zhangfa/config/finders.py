"""Which static files are served: our own."""

from django.contrib.staticfiles.finders import AppDirectoriesFinder


class OwnFinder(AppDirectoriesFinder):
    """Leave out the scripts that other packages bring and no page of ours uses."""

    def __init__(self, app_names: list[str] | None = None, *args: object, **kwargs: object) -> None:
        super().__init__(app_names, *args, **kwargs)
        self.apps = [name for name in self.apps if name.startswith("zhangfa.")]
        self.storages = {name: self.storages[name] for name in self.apps}

"""Pages of the user guide 使用指南, for reading inside the product."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.policy import guide, wording
from zhangfa.ui.access import everyone
from zhangfa.ui.pages import Page


class GuideIndex(Page):
    """What holds for every post, and the guide of each; the reader's own stand first."""

    permission = everyone
    title, nav = _("使用指南"), "handbook"
    template_name = "policy/guide.html"
    name = guide.INDEX

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = guide.guides_of(self.actor.posts)
        others = [name for name in guide.names() if name not in own]
        listed = [(name, wording.post_name(name), name in own) for name in (*own, *others)]
        return super().get_context_data(guides=listed, current=self.name, text=guide.page(self.name), **kwargs)


class GuidePage(GuideIndex):
    """How one post does its work with the product."""

    def subject(self) -> Any:
        self.name = self.kwargs["post"]
        if self.name not in guide.names():
            raise Http404
        return None

    def page_title(self) -> Any:
        return gettext("使用指南：%(post)s") % {"post": wording.post_name(self.name)}

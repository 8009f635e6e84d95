"""`{% url %}` as ever, each address made once."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parsed
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from zhangfa.ui.addresses import address

register = template.Library()


class Address(URLNode):
    """A link whose name is written out and whose keys have names; any other is Django's own business."""

    def render(self, context: Any) -> SafeString | str:
        name = self.view_name.var
        if self.asvar or self.args or not isinstance(name, str):
            return super().render(context)
        kwargs = {key: value.resolve(context) for key, value in self.kwargs.items()}
        if not all(type(value).__hash__ for value in kwargs.values()):
            return super().render(context)
        made = address(name, **kwargs)
        return conditional_escape(made) if context.autoescape else made


@register.tag
def url(parser: Parser, token: Token) -> Address:
    """The tag of the same name, with its own words for what is written wrong."""
    node = parsed(parser, token)
    view_name: FilterExpression = node.view_name
    return Address(view_name, node.args, node.kwargs, node.asvar)

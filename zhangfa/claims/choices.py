"""Choices that forms, pages and prints share: how damage is made good, and what a customer asks for."""

from django.utils.translation import gettext_lazy as _

METHODS = [
    ("cash", _("现金赔偿")),
    ("repair", _("维修")),
    ("replace", _("更换")),
    ("redo", _("重新服务")),
    ("refund", _("退还服务费")),
    ("coupon", _("服务券")),
]
REMEDIES = [
    ("repair", _("维修")),
    ("replace", _("更换")),
    ("cash", _("现金赔偿")),
    ("redo", _("重新服务")),
    ("refund", _("退还服务费")),
    ("apology", _("道歉")),
]

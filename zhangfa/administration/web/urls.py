"""Addresses of the papers of administration."""

from django.urls import path, re_path

from zhangfa.administration.web import changes

app_name = "administration"
urlpatterns = [
    path("policy-changes/", changes.ChangeList.as_view(), name="changes"),
    re_path(r"^policy-changes/new/(?P<key>[a-z_]+(?:\.[a-z_]+)+)/$", changes.ChangeCreate.as_view(), name="propose"),
    path("policy-changes/<uuid:pk>/", changes.ChangeRecord.as_view(), name="change"),
    path("policy-changes/<uuid:pk>/do/<slug:name>/", changes.ChangeDo.as_view(), name="do"),
]

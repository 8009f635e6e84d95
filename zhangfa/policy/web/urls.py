"""Addresses of the company's figures and the handbook."""

from django.urls import path, re_path

from zhangfa.policy.web import guide, handbook, values

app_name = "policy"
urlpatterns = [
    path("policy/", values.ValueList.as_view(), name="values"),
    path("policy/explain/", values.ExplainPage.as_view(), name="explain"),
    re_path(r"^policy/(?P<key>[a-z_]+(?:\.[a-z_]+)+)/$", values.ValuePage.as_view(), name="value"),
    path("guide/", guide.GuideIndex.as_view(), name="guide"),
    path("guide/<slug:post>/", guide.GuidePage.as_view(), name="guide-post"),
    path("handbook/", handbook.PostIndex.as_view(), name="posts"),
    path("handbook/clause/<str:clause>/", handbook.ClausePage.as_view(), name="clause"),
    path("handbook/<slug:post>/", handbook.PostPage.as_view(), name="post"),
]

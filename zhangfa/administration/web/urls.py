"""Addresses of the papers of administration."""

from django.urls import path, re_path

from zhangfa.administration.web import activities, changes, coordination_urls, decisions, revisions

app_name = "administration"
urlpatterns = [
    *coordination_urls.urlpatterns,
    path("policy-changes/", changes.ChangeList.as_view(), name="changes"),
    re_path(r"^policy-changes/new/(?P<key>[a-z_]+(?:\.[a-z_]+)+)/$", changes.ChangeCreate.as_view(), name="propose"),
    path("policy-changes/<uuid:pk>/", changes.ChangeRecord.as_view(), name="change"),
    path("policy-changes/<uuid:pk>/do/<slug:name>/", changes.ChangeDo.as_view(), name="do"),
    path("activities/", activities.Activities.as_view(), name="activities"),
    path("activities/new/", activities.ActivityNew.as_view(), name="activity-new"),
    path("activities/<uuid:pk>/", activities.ActivityPage.as_view(), name="activity"),
    path("activities/<uuid:pk>/do/<slug:name>/", activities.ActivityDo.as_view(), name="activity-do"),
    path("decisions/", decisions.Decisions.as_view(), name="decisions"),
    path("decisions/new/", decisions.DecisionNew.as_view(), name="decision-new"),
    path("decisions/<uuid:pk>/", decisions.DecisionPage.as_view(), name="decision"),
    path("decisions/<uuid:pk>/do/<slug:name>/", decisions.DecisionDo.as_view(), name="decision-do"),
    path("decisions/lists/", decisions.DecisionLists.as_view(), name="decision-lists"),
    path("decisions/lists/new/", decisions.DecisionListNew.as_view(), name="decision-list-new"),
    path("decisions/lists/<uuid:pk>/", decisions.DecisionListPage.as_view(), name="decision-list"),
    path("decisions/lists/<uuid:pk>/do/<slug:name>/", decisions.DecisionListDo.as_view(), name="decision-list-do"),
    path("revisions/", revisions.RevisionList.as_view(), name="revisions"),
    path("revisions/new/", revisions.RevisionNew.as_view(), name="revision-new"),
    path("revisions/<uuid:pk>/", revisions.RevisionRecord.as_view(), name="revision"),
    path("revisions/<uuid:pk>/do/<slug:name>/", revisions.RevisionDo.as_view(), name="revision-do"),
    path("posts/", revisions.Posts.as_view(), name="posts"),
    path("posts/revise/", revisions.PostRevisionNew.as_view(), name="post-revision-new"),
    path("posts/<slug:code>/", revisions.PostPage.as_view(), name="post"),
]

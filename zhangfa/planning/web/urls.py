"""Addresses of plans."""

from django.urls import path, re_path

from zhangfa.planning.web import checks, pages

app_name = "planning"
urlpatterns = [
    path("plans/", pages.PlanList.as_view(), name="list"),
    path("plans/new/", pages.PlanCreate.as_view(), name="new"),
    path("plans/checks/", checks.Checks.as_view(), name="checks"),
    re_path(r"^plans/checks/(?P<month>20\d\d-(?:0[1-9]|1[0-2]))/$", checks.Month.as_view(), name="month"),
    re_path(
        r"^plans/checks/(?P<month>20\d\d-(?:0[1-9]|1[0-2]))/check/$", checks.CheckMonth.as_view(), name="month-check"
    ),
    re_path(r"^plans/years/(?P<year>20\d\d)/$", checks.Year.as_view(), name="year"),
    path("plans/summaries/", pages.SummaryList.as_view(), name="summaries"),
    path("plans/summaries/new/", pages.SummaryCreate.as_view(), name="summary-new"),
    path("plans/summaries/<uuid:pk>/", pages.SummaryRecord.as_view(), name="summary"),
    path("plans/<uuid:pk>/", pages.PlanRecord.as_view(), name="plan"),
    path("plans/<uuid:pk>/do/<slug:name>/", pages.PlanDo.as_view(), name="do"),
]

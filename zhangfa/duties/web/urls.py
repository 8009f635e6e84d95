from django.urls import path

from zhangfa.duties.web import editing, feed, handovers, occurrences, plan, report, standing, views, whatif

app_name = "duties"
urlpatterns = [
    path("duties/", views.MyDuties.as_view(), name="mine"),
    path("duties/what-if/", whatif.WhatIf.as_view(), name="whatif"),
    path("duties/plan/", plan.Plan.as_view(), name="plan"),
    path("duties/catalogue/", views.CataloguePage.as_view(), name="catalogue"),
    path("duties/catalogue/new/", editing.DutyNew.as_view(), name="duty-new"),
    path("duties/catalogue/<slug:code>/<slug:stage>/", editing.DutyPage.as_view(), name="duty"),
    path("duties/catalogue/<slug:code>/<slug:stage>/change/", editing.DutyEdit.as_view(), name="duty-edit"),
    path("duties/catalogue/<slug:code>/<slug:stage>/switch/", editing.DutySwitch.as_view(), name="duty-switch"),
    path("duties/changes/", editing.ChangeList.as_view(), name="changes"),
    path("duties/changes/<uuid:pk>/", editing.ChangeRecord.as_view(), name="change"),
    path("duties/changes/<uuid:pk>/do/<slug:name>/", editing.ChangeDo.as_view(), name="change-do"),
    path("duties/handovers/", handovers.HandoverList.as_view(), name="handovers"),
    path("duties/handovers/new/", handovers.HandoverNew.as_view(), name="handover-new"),
    path("duties/handovers/<uuid:pk>/", handovers.HandoverRecord.as_view(), name="handover"),
    path("duties/handovers/<uuid:pk>/do/<slug:name>/", handovers.HandoverDo.as_view(), name="handover-do"),
    path("duties/standing/", standing.Standing.as_view(), name="standing"),
    path("duties/standing/department/<int:pk>/", standing.DepartmentStanding.as_view(), name="standing-department"),
    path("duties/standing/post/<slug:post>/", standing.PostStanding.as_view(), name="standing-post"),
    path("duties/standing/person/<int:pk>/", standing.PersonStanding.as_view(), name="standing-person"),
    path("duties/reports/", report.Reports.as_view(), name="reports"),
    path("duties/reports/trend/<slug:by>/", report.Trend.as_view(), name="trend"),
    path("duties/reports/<slug:month>/", report.Report.as_view(), name="report"),
    path("duties/feed/", feed.FeedPage.as_view(), name="feed"),
    path("duties/feed/<str:token>.ics", feed.FeedFile.as_view(), name="feed-file"),
    path("duties/occurrences/", occurrences.OccurrenceList.as_view(), name="occurrences"),
    path("duties/occurrences/<int:pk>/", occurrences.OccurrenceRecord.as_view(), name="occurrence"),
    path("duties/occurrences/<int:pk>/excuse/", occurrences.ExcuseCreate.as_view(), name="excuse-new"),
    path("duties/excuses/<uuid:pk>/", occurrences.ExcuseRecord.as_view(), name="excuse"),
    path("duties/excuses/<uuid:pk>/do/<slug:name>/", occurrences.ExcuseDo.as_view(), name="excuse-do"),
]

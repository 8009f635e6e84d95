"""Addresses of inspections."""

from django.urls import path

from zhangfa.inspections.web import findings, inspections, merits, problems, results, sheets, weeks

app_name = "inspections"
urlpatterns = [
    path("inspections/", inspections.InspectionList.as_view(), name="list"),
    path("inspections/new/", inspections.Plan.as_view(), name="new"),
    path("inspections/spot/new/", inspections.PlanSpot.as_view(), name="spot-new"),
    path("inspections/worker.js", sheets.Worker.as_view(), name="worker"),
    path("inspections/problems/", problems.Problems.as_view(), name="problems"),
    path("inspections/problems/<int:pk>/", problems.ProblemPage.as_view(), name="problem"),
    path("inspections/problems/<int:pk>/do/<slug:name>/", problems.ProblemDo.as_view(), name="problem-do"),
    path("inspections/results/", results.Results.as_view(), name="results"),
    path("inspections/results/people/<int:pk>/", results.PersonResults.as_view(), name="person"),
    path("inspections/results/<slug:month>/freeze/", results.Freeze.as_view(), name="freeze"),
    path("inspections/weeks/", weeks.Weeks.as_view(), name="weeks"),
    path("inspections/weeks/<slug:day>/", weeks.Week.as_view(), name="week"),
    path("inspections/weeks/<slug:day>/remark/", weeks.MakeRemark.as_view(), name="remark"),
    path("inspections/weeks/<slug:day>/remark/<int:pk>/drop/", weeks.DropRemark.as_view(), name="remark-drop"),
    path("inspections/weeks/<slug:day>/order/", weeks.MakeOrder.as_view(), name="week-order"),
    path("inspections/forms/", findings.Findings.as_view(), name="findings"),
    path("inspections/forms/completeness/", findings.Completeness.as_view(), name="completeness"),
    path("inspections/forms/<int:pk>/", findings.FindingPage.as_view(), name="finding"),
    path("inspections/forms/<int:pk>/do/<slug:name>/", findings.FindingDo.as_view(), name="finding-do"),
    path("inspections/patterns/", findings.Patterns.as_view(), name="patterns"),
    path("merits/", merits.Merits.as_view(), name="merits"),
    path("merits/new/", merits.MeritNew.as_view(), name="merit-new"),
    path("merits/<uuid:pk>/", merits.MeritPage.as_view(), name="merit"),
    path("merits/<uuid:pk>/do/<slug:name>/", merits.MeritDo.as_view(), name="merit-do"),
    path("inspections/sheets/<uuid:pk>/", sheets.SheetPage.as_view(), name="sheet"),
    path("inspections/sheets/<uuid:pk>/do/<slug:name>/", sheets.SheetDo.as_view(), name="sheet-do"),
    path("inspections/<uuid:pk>/", inspections.InspectionPage.as_view(), name="inspection"),
    path("inspections/<uuid:pk>/do/<slug:name>/", inspections.InspectionDo.as_view(), name="do"),
    path("inspections/<uuid:pk>/fill/", sheets.Fill.as_view(), name="fill"),
]

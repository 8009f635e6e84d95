"""Addresses of cases and settlements."""

from django.urls import path

from zhangfa.claims.web import bundles, case, do, link, lists, more, papers, report, settlement, totals, visits

app_name = "claims"
urlpatterns = [
    path("cases/", lists.CaseList.as_view(), name="list"),
    path("cases/new/", report.Report.as_view(), name="new"),
    path("cases/new/complaint/", report.ReportComplaint.as_view(), name="new-complaint"),
    path("cases/new/orders/", report.Orders.as_view(), name="orders"),
    path("cases/<uuid:pk>/", case.CaseRecord.as_view(), name="case"),
    path("cases/<uuid:pk>/clocks/", case.Clocks.as_view(), name="clocks"),
    path("cases/<uuid:pk>/history/", case.History.as_view(), name="history"),
    path("cases/<uuid:pk>/photos/", more.Photos.as_view(), name="photos"),
    path("cases/<uuid:pk>/event/", more.LinkEvent.as_view(), name="event"),
    path("cases/<uuid:pk>/learning/", more.Learning.as_view(), name="learning"),
    path("cases/<uuid:pk>/link/", link.MakeLink.as_view(), name="link"),
    path("cases/<uuid:pk>/f10.pdf", papers.registration, name="f10"),
    path("cases/<uuid:pk>/f12.pdf", papers.complaint, name="f12"),
    path("cases/<uuid:pk>/talks/<int:talk>/", more.Archive.as_view(), name="archive"),
    path("cases/<uuid:pk>/talks/<int:talk>/f20.pdf", visits.visit_pdf, name="f20"),
    path("cases/<uuid:pk>/do/<slug:name>/", do.CaseDo.as_view(), name="do"),
    path("settlements/", lists.SettlementList.as_view(), name="settlements"),
    path("settlements/<uuid:pk>/", settlement.SettlementRecord.as_view(), name="settlement"),
    path("settlements/<uuid:pk>/f11.pdf", papers.settlement, name="f11"),
    path("settlements/<uuid:pk>/do/<slug:name>/", do.SettlementDo.as_view(), name="settlement-do"),
    path("claims/bundles/", bundles.Bundles.as_view(), name="bundles"),
    path("claims/bundles/<str:day>/", bundles.Bundle.as_view(), name="bundle"),
    path("claims/totals/", totals.Totals.as_view(), name="totals"),
    path("claims/totals/<str:day>/", totals.Total.as_view(), name="total"),
    path("s/<str:token>/", link.Answer.as_view(), name="answer"),
]

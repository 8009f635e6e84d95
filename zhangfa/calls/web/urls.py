"""Addresses of the call centre."""

from django.urls import path

from zhangfa.calls.web import pages

app_name = "calls"
urlpatterns = [
    path("calls/", pages.Calls.as_view(), name="list"),
    path("calls/desk/", pages.Desk.as_view(), name="desk"),
    path("calls/new/", pages.Take.as_view(), name="take"),
    path("calls/simulate/", pages.Simulate.as_view(), name="simulate"),
    path("calls/report/", pages.Report.as_view(), name="report"),
    path("calls/scripts/", pages.Scripts.as_view(), name="scripts"),
    path("calls/scripts/<slug:kind>/", pages.ScriptEdit.as_view(), name="script"),
    path("calls/<int:pk>/", pages.CallPage.as_view(), name="call"),
    path("calls/<int:pk>/do/<slug:name>/", pages.CallDo.as_view(), name="do"),
    path("calls/<int:pk>/phone/", pages.Reveal.as_view(), name="reveal"),
]

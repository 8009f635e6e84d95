from django.urls import path

from zhangfa.regulations.web import following, pages

app_name = "regulations"
urlpatterns = [
    path("regulations/", pages.Regulations.as_view(), name="list"),
    path("regulations/new/", pages.RegulationCreate.as_view(), name="new"),
    path("regulations/mine/", following.Mine.as_view(), name="mine"),
    path("regulations/executions/<int:row>/", following.Report.as_view(), name="execution"),
    path("regulations/<uuid:pk>/", pages.RegulationRecord.as_view(), name="record"),
    path("regulations/<uuid:pk>/do/<slug:name>/", pages.RegulationDo.as_view(), name="do"),
    path("regulations/<uuid:pk>/read/", following.Read.as_view(), name="read"),
    path("regulations/<uuid:pk>/paper/", following.OnPaper.as_view(), name="paper"),
    path("threads/<str:kind>/<str:source>/", following.Thread.as_view(), name="thread"),
]

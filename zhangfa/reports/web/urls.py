"""Addresses of the reports."""

from django.urls import path

from zhangfa.reports.web import data, good_list, mix, months, quality, trial

app_name = "reports"
urlpatterns = [
    path("reports/", months.Months.as_view(), name="months"),
    path("reports/trial/", trial.Asking.as_view(), name="trial"),
    path("reports/trial/<int:pk>/", trial.Answer.as_view(), name="trial-result"),
    path("reports/calls/", months.Weeks.as_view(), name="weeks"),
    path("reports/calls/<str:day>/", months.Week.as_view(), name="week"),
    path("reports/calls/<str:day>/publish/", months.WeekPublish.as_view(), name="week-publish"),
    path("reports/outlets/", quality.QualityWeeks.as_view(), name="quality-weeks"),
    path("reports/outlets/<str:day>/<int:unit>/", quality.QualityWeek.as_view(), name="quality-week"),
    path("reports/outlets/<str:day>/<int:unit>/publish/", quality.QualityPublish.as_view(), name="quality-publish"),
    path("reports/draw/<str:month>/", months.DrawAgain.as_view(), name="draw"),
    path("reports/list/<str:month>/", good_list.GoodList.as_view(), name="list"),
    path("reports/list/<str:month>/publish/", good_list.ListPublish.as_view(), name="list-publish"),
    path("reports/mix/<str:month>/", mix.Mix.as_view(), name="mix"),
    path("reports/mix/<str:month>/publish/", mix.MixPublish.as_view(), name="mix-publish"),
    path("reports/mix/<str:month>/decide/", mix.MixDecide.as_view(), name="mix-decide"),
    path("reports/data/<str:month>/publish/", data.DataPublish.as_view(), name="data-publish"),
    path("reports/data/<str:month>/<str:unit>/", data.Data.as_view(), name="data"),
    path("reports/satisfaction/<str:month>/", data.Marks.as_view(), name="marks"),
    path("reports/satisfaction/<str:month>/publish/", data.MarksPublish.as_view(), name="marks-publish"),
]

from django.urls import path

from zhangfa.meetings.web import pages

app_name = "meetings"
urlpatterns = [
    path("meetings/", pages.Meetings.as_view(), name="list"),
    path("meetings/new/", pages.MeetingCreate.as_view(), name="new"),
    path("meetings/<uuid:pk>/", pages.MeetingRecord.as_view(), name="record"),
    path("meetings/<uuid:pk>/do/<slug:name>/", pages.MeetingDo.as_view(), name="do"),
]

"""Addresses of requests, notices, company files and the statutory calendar."""

from django.urls import path

from zhangfa.administration.web import coordination, files
from zhangfa.administration.web.calendar_print import CalendarPdf

urlpatterns = [
    path("requests/", coordination.RequestList.as_view(), name="requests"),
    path("requests/new/", coordination.RequestCreate.as_view(), name="request-new"),
    path("requests/<uuid:pk>/", coordination.RequestRecord.as_view(), name="request"),
    path("requests/<uuid:pk>/do/<slug:name>/", coordination.RequestDo.as_view(), name="request-do"),
    path("bulletins/", coordination.BulletinList.as_view(), name="bulletins"),
    path("bulletins/new/", coordination.BulletinCreate.as_view(), name="bulletin-new"),
    path("bulletins/<uuid:pk>/", coordination.BulletinRecord.as_view(), name="bulletin"),
    path("bulletins/<uuid:pk>/do/<slug:name>/", coordination.BulletinDo.as_view(), name="bulletin-do"),
    path("files/", files.FileList.as_view(), name="files"),
    path("files/new/", files.FileCreate.as_view(), name="file-new"),
    path("files/<uuid:pk>/", files.FileRecord.as_view(), name="file"),
    path("files/<uuid:pk>/do/<slug:name>/", files.FileDo.as_view(), name="file-do"),
    path("contacts/", files.ContactList.as_view(), name="contacts"),
    path("contacts/new/", files.ContactCreate.as_view(), name="contact-new"),
    path("contacts/outside/<int:pk>/", files.ContactRecord.as_view(), name="contact"),
    path("contacts/outside/<int:pk>/do/<slug:name>/", files.ContactDo.as_view(), name="contact-do"),
    path("statutory/print.pdf", CalendarPdf.as_view(), name="calendar-print"),
    path("statutory/", files.Calendar.as_view(), name="calendar"),
    path("statutory/new/", files.StatutoryCreate.as_view(), name="statutory-new"),
    path("statutory/<int:pk>/", files.StatutoryRecord.as_view(), name="statutory"),
    path("statutory/<int:pk>/do/<slug:name>/", files.StatutoryDo.as_view(), name="statutory-do"),
    path("statutory/<int:pk>/file/", files.FilingCreate.as_view(), name="filing-new"),
]

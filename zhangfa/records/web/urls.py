"""Addresses of papers and what hangs on them."""

from django.urls import path

from zhangfa.records.web import copies, files, lists, papers, signing

app_name = "records"
urlpatterns = [
    path("records/copies/", copies.MyCopies.as_view(), name="copies"),
    path("records/copies/<int:pk>/", copies.CopyPage.as_view(), name="copy"),
    path("records/lists/", lists.Lists.as_view(), name="lists"),
    path("records/lists/new/", lists.NewList.as_view(), name="list-new"),
    path("records/lists/<uuid:pk>/", lists.ListFilePage.as_view(), name="list-file"),
    path("records/lists/<uuid:pk>/take/", lists.take_list, name="list-take"),
    path("records/sign/", signing.Batch.as_view(), name="batch"),
    path("records/<uuid:pk>/sign/<slug:role>/", signing.Sign.as_view(), name="sign"),
    path("records/<uuid:pk>/refusal/<slug:role>/", signing.Refusal.as_view(), name="refusal"),
    path("records/<uuid:pk>/files/", files.Upload.as_view(), name="upload"),
    path("records/<uuid:pk>/comments/", papers.CommentPage.as_view(), name="comment"),
    path("records/<uuid:pk>/print.pdf", papers.print_pdf, name="print"),
    path("records/<uuid:pk>/signed.pdf", papers.signed_pdf, name="signed"),
    path("records/<uuid:pk>/page-<int:page>.png", papers.preview, name="preview"),
    path("records/files/<uuid:pk>/view.jpg", files.view, name="file_view"),
    path("records/files/<uuid:pk>/thumb.jpg", files.thumb, name="file_thumb"),
    path("records/files/<uuid:pk>/original/", files.Original.as_view(), name="file_original"),
    path("records/files/<uuid:pk>/remove/", files.Remove.as_view(), name="file_remove"),
]

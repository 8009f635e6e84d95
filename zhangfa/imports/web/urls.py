"""Addresses of the imports."""

from django.urls import path

from zhangfa.imports.web import pages, rows

app_name = "imports"
urlpatterns = [
    path("imports/", pages.Imports.as_view(), name="list"),
    path("imports/new/", pages.Upload.as_view(), name="new"),
    path("imports/<int:pk>/", pages.ImportPage.as_view(), name="import"),
    path("imports/<int:pk>/do/<slug:name>/", pages.ImportDo.as_view(), name="do"),
    path("imports/<int:pk>/rows/", rows.Rows.as_view(), name="rows"),
    path("imports/<int:pk>/rows/<int:n>/", rows.Mend.as_view(), name="row"),
    path("imports/<int:pk>/replace/", rows.Replace.as_view(), name="replace"),
    path("imports/<int:pk>/errors/", rows.Errors.as_view(), name="errors"),
    path("imports/<int:pk>/mended/", rows.Mended.as_view(), name="mended"),
    path("imports/<int:pk>/stuck/", rows.Stuck.as_view(), name="stuck"),
]

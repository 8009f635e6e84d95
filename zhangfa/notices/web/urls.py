from django.urls import path

from zhangfa.notices.web import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.NoticeList.as_view(), name="list"),
    path("notices/read/", views.ReadAll.as_view(), name="read_all"),
    path("notices/<int:pk>/", views.Open.as_view(), name="open"),
]

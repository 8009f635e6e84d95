from django.urls import path

from zhangfa.approvals.web import views

app_name = "approvals"
urlpatterns = [
    path("inbox/", views.Inbox.as_view(), name="inbox"),
    path("inbox/<int:pk>/", views.StepPage.as_view(), name="step"),
]

from django.urls import path

from zhangfa.duties.web import views

app_name = "duties"
urlpatterns = [
    path("duties/", views.MyDuties.as_view(), name="mine"),
    path("duties/catalogue/", views.CataloguePage.as_view(), name="catalogue"),
]

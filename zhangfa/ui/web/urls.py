"""Addresses of the shell."""

from django.urls import path

from zhangfa.ui.web import saved, views

app_name = "ui"
urlpatterns = [
    path("", views.Workbench.as_view(), name="home"),
    path("bench/<slug:part>/", views.Below.as_view(), name="below"),
    path("red/", views.Red.as_view(), name="red"),
    path("search/", views.Search.as_view(), name="search"),
    path("me/", views.Me.as_view(), name="me"),
    path("menu-<slug:stamp>.svg", views.menu_icons, name="menu-icons"),
    path("theme/", views.choose_theme, name="theme"),
    path("views/", saved.Views.as_view(), name="views"),
    path("views/<int:pk>/remove/", saved.ViewRemove.as_view(), name="view-remove"),
    path("badges/", views.Badges.as_view(), name="badges"),
    path("lookup/<slug:source>/", views.LookupList.as_view(), name="lookup"),
]

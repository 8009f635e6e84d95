"""Addresses of tasks and problems."""

from django.urls import path

from zhangfa.tasks.web import pages, problems

app_name = "tasks"
urlpatterns = [
    path("tasks/", pages.MyTasks.as_view(), name="mine"),
    path("tasks/given/", pages.GivenTasks.as_view(), name="given"),
    path("tasks/all/", pages.TaskList.as_view(), name="all"),
    path("tasks/new/", pages.Give.as_view(), name="new"),
    path("tasks/tally/", pages.Tallies.as_view(), name="tally"),
    path("tasks/<uuid:pk>/", pages.TaskRecord.as_view(), name="task"),
    path("tasks/<uuid:pk>/do/<slug:name>/", pages.TaskDo.as_view(), name="do"),
    path("problems/", problems.ProblemList.as_view(), name="problems"),
    path("problems/new/", problems.ProblemCreate.as_view(), name="problem-new"),
    path("problems/<int:pk>/", problems.ProblemRecord.as_view(), name="problem"),
    path("problems/<int:pk>/do/<slug:name>/", problems.ProblemDo.as_view(), name="problem-do"),
]

"""Addresses of workers' papers, leave, balances and rosters."""

from django.urls import path

from zhangfa.people.web import balance, hours, leave, pages, training

app_name = "people"
urlpatterns = [
    path("papers/", pages.Papers.as_view(), name="list"),
    path("papers/new/", pages.PaperNew.as_view(), name="new"),
    path("papers/workers/<int:pk>/", pages.WorkerPapers.as_view(), name="worker"),
    path("papers/<int:pk>/void/", pages.PaperVoid.as_view(), name="void"),
    path("leave/", leave.Leaves.as_view(), name="leaves"),
    path("leave/new/", leave.LeaveNew.as_view(), name="leave-new"),
    path("leave/calendar/", balance.LeaveCalendar.as_view(), name="leave-calendar"),
    path("leave/balance/", balance.BalancePage.as_view(), name="balance"),
    path("leave/balance/<int:pk>/", balance.BalancePage.as_view(), name="balance-of"),
    path("leave/balance/<int:pk>/correct/", balance.BalanceCorrect.as_view(), name="balance-correct"),
    path("leave/balance/<int:pk>/settle/", balance.BalanceSettle.as_view(), name="balance-settle"),
    path("leave/balance/<int:pk>/service/", balance.ServiceEdit.as_view(), name="service"),
    path("leave/decide/<int:pk>/", leave.LeaveDecide.as_view(), name="leave-decide"),
    path("leave/<uuid:pk>/", leave.LeavePage.as_view(), name="leave"),
    path("leave/<uuid:pk>/do/<slug:name>/", leave.LeaveDo.as_view(), name="leave-do"),
    path("training/", training.Trainings.as_view(), name="trainings"),
    path("training/new/", training.TrainingNew.as_view(), name="training-new"),
    path("training/ledger/", training.Ledger.as_view(), name="training-ledger"),
    path("training/reports/", hours.Reports.as_view(), name="hours-reports"),
    path("training/reports/<slug:month>/", hours.Report.as_view(), name="hours-report"),
    path("training/<uuid:pk>/", training.TrainingPage.as_view(), name="training"),
    path("training/<uuid:pk>/do/<slug:name>/", training.TrainingDo.as_view(), name="training-do"),
    path("rosters/", balance.Rosters.as_view(), name="rosters"),
    path("rosters/new/", balance.RosterNew.as_view(), name="roster-new"),
]

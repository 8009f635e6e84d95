"""Addresses of the chart, the people and the settings."""

from django.urls import path

from zhangfa.organisation.web import absences, charts, company, history, own, people, seats, units

app_name = "organisation"
urlpatterns = [
    path("org/", charts.Chart.as_view(), name="chart"),
    path("org/history/", history.ChartOnDay.as_view(), name="history"),
    path("org/history/changes/", history.ChartChanges.as_view(), name="changes"),
    path("org/problems/", charts.Problems.as_view(), name="problems"),
    path("org/units/new/", units.UnitCreate.as_view(), name="unit-new"),
    path("org/units/<int:pk>/", units.UnitPage.as_view(), name="unit"),
    path("org/units/<int:pk>/edit/", units.UnitEdit.as_view(), name="unit-edit"),
    path("org/units/<int:pk>/move/", units.UnitMove.as_view(), name="unit-move"),
    path("org/units/<int:pk>/close/", units.UnitClose.as_view(), name="unit-close"),
    path("org/units/<int:pk>/seats/new/", units.SeatCreate.as_view(), name="seat-new"),
    path("org/units/<int:pk>/charge/", units.ChargeCreate.as_view(), name="charge-new"),
    path("org/units/<int:pk>/charge/end/", units.ChargeEnd.as_view(), name="charge-end"),
    path("org/seats/<int:pk>/", seats.SeatPage.as_view(), name="seat"),
    path("org/seats/<int:pk>/hold/", seats.Hold.as_view(), name="hold"),
    path("org/seats/<int:pk>/superior/", seats.Superior.as_view(), name="seat-superior"),
    path("org/seats/<int:pk>/retire/", seats.Retire.as_view(), name="seat-retire"),
    path("org/holdings/<int:pk>/end/", seats.HoldingEnd.as_view(), name="holding-end"),
    path("org/people/", people.People.as_view(), name="people"),
    path("org/people/new/", people.PersonCreate.as_view(), name="person-new"),
    path("org/people/<int:pk>/", people.PersonPage.as_view(), name="person"),
    path("org/people/<int:pk>/edit/", people.PersonEdit.as_view(), name="person-edit"),
    path("org/people/<int:pk>/phone/", people.PersonPhone.as_view(), name="person-phone"),
    path("org/people/<int:pk>/absence/", absences.PersonAbsence.as_view(), name="person-absence"),
    path("org/absences/", absences.Absences.as_view(), name="absences"),
    path("org/absences/new/", absences.AbsenceCreate.as_view(), name="absence-new"),
    path("org/absences/<int:pk>/cancel/", absences.AbsenceCancel.as_view(), name="absence-cancel"),
    path("org/users/", company.Users.as_view(), name="users"),
    path("org/users/new/", company.UserCreate.as_view(), name="user-new"),
    path("org/users/<int:pk>/password/", company.UserPassword.as_view(), name="user-password"),
    path("org/users/<int:pk>/activity/", company.UserActivity.as_view(), name="user-activity"),
    path("me/access/", own.Access.as_view(), name="access"),
    path("me/access/sessions/<int:pk>/end/", own.SessionEnd.as_view(), name="access-session-end"),
    path("me/access/sessions/end-others/", own.OthersEnd.as_view(), name="access-others-end"),
    path("me/access/tokens/new/", own.TokenCreate.as_view(), name="access-token-new"),
    path("me/access/tokens/<int:pk>/revoke/", own.TokenRevoke.as_view(), name="access-token-revoke"),
    path("org/company/", company.CompanySettings.as_view(), name="company"),
    path("org/calendar/", company.Calendar.as_view(), name="calendar"),
    path("org/calendar/new/", company.DayMark.as_view(), name="day-new"),
    path("org/calendar/<int:pk>/unmark/", company.DayUnmark.as_view(), name="day-unmark"),
]

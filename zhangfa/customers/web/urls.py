"""Addresses of the customer archive."""

from django.urls import path

from zhangfa.customers.web import adverse, entries, handins, looks, merge, pages, papers, privacy, profile

app_name = "customers"
urlpatterns = [
    path("customers/", pages.Customers.as_view(), name="list"),
    path("customers/new/", pages.CustomerCreate.as_view(), name="new"),
    path("customers/<int:pk>/", pages.CustomerPage.as_view(), name="customer"),
    path("customers/<int:pk>/edit/", pages.CustomerEdit.as_view(), name="edit"),
    path("customers/<int:pk>/file.pdf", papers.file_pdf, name="file-pdf"),
    path("customers/<int:pk>/profile/", profile.ProfileEdit.as_view(), name="profile"),
    path("customers/<int:pk>/places/new/", profile.PlaceCreate.as_view(), name="place-new"),
    path("customers/<int:pk>/places/<int:row>/", profile.PlaceEdit.as_view(), name="place"),
    path("customers/<int:pk>/places/<int:row>/drop/", profile.PlaceDrop.as_view(), name="place-drop"),
    path("customers/<int:pk>/wishes/new/", profile.WishCreate.as_view(), name="wish-new"),
    path("customers/<int:pk>/wishes/<int:row>/drop/", profile.WishDrop.as_view(), name="wish-drop"),
    path("customers/<int:pk>/contacts/new/", profile.ContactCreate.as_view(), name="contact-new"),
    path("customers/<int:pk>/contacts/<int:row>/", profile.ContactEdit.as_view(), name="contact"),
    path("customers/<int:pk>/contacts/<int:row>/drop/", profile.ContactDrop.as_view(), name="contact-drop"),
    path("customers/<int:pk>/consents/new/", profile.ConsentCreate.as_view(), name="consent-new"),
    path(
        "customers/<int:pk>/consents/<slug:purpose>/<slug:channel>/withdraw/",
        profile.ConsentWithdraw.as_view(),
        name="consent-withdraw",
    ),
    path("customers/<int:pk>/entries/new/", entries.EntryCreate.as_view(), name="entry-new"),
    path("customers/<int:pk>/adverse/new/", adverse.AdverseCreate.as_view(), name="adverse-new"),
    path("archive/adverse/", adverse.AdverseList.as_view(), name="adverse"),
    path("archive/adverse/<uuid:pk>/", adverse.AdversePage.as_view(), name="adverse-record"),
    path("archive/adverse/<uuid:pk>/do/<slug:name>/", adverse.AdverseDo.as_view(), name="adverse-do"),
    path("customers/<int:pk>/requests/new/", privacy.RequestCreate.as_view(), name="request-new"),
    path("customers/<int:pk>/hold/", privacy.CustomerHold.as_view(), name="hold"),
    path("customers/<int:pk>/release/", privacy.CustomerRelease.as_view(), name="release"),
    path("archive/requests/", privacy.Requests.as_view(), name="requests"),
    path("archive/requests/<uuid:pk>/", privacy.RequestPage.as_view(), name="request"),
    path("archive/requests/<uuid:pk>/copy/", privacy.RequestCopy.as_view(), name="request-copy"),
    path("archive/requests/<uuid:pk>/do/<slug:name>/", privacy.RequestDo.as_view(), name="request-do"),
    path("archive/exports/", privacy.Exports.as_view(), name="exports"),
    path("archive/looks/", looks.Looks.as_view(), name="looks"),
    path("archive/today/", entries.Today.as_view(), name="today"),
    path("archive/entries/", entries.EntryList.as_view(), name="entries"),
    path("archive/entries/<uuid:pk>/", entries.EntryRecord.as_view(), name="entry"),
    path("archive/entries/<uuid:pk>/do/<slug:name>/", entries.EntryDo.as_view(), name="entry-do"),
    path("archive/handins/", handins.HandIns.as_view(), name="handins"),
    path("archive/handins/new/", handins.HandInCreate.as_view(), name="handin-new"),
    path("archive/handins/<uuid:pk>/", handins.HandInRecord.as_view(), name="handin"),
    path("archive/handins/<uuid:pk>/do/<slug:name>/", handins.HandInDo.as_view(), name="handin-do"),
    path("customers/<int:pk>/merge/", merge.MergeInto.as_view(), name="merge"),
    path("customers/<int:pk>/merge/<int:row>/undo/", merge.MergeUndo.as_view(), name="merge-undo"),
    path("customers/<int:pk>/reveal/<slug:field>/", pages.CustomerReveal.as_view(), name="reveal"),
]

"""The routes of the inbox in the workspace, and of watching a record."""

from django.urls import path

from mainstay.capabilities.telling import pages

urlpatterns = [
    path("inbox/", pages.show),
    path("inbox/latest/", pages.latest),
    path("inbox/bell/", pages.bell),
    path("inbox/read/", pages.read_all),
    path("inbox/unread/", pages.unread_all),
    path("inbox/preferences/", pages.preferences),
    path("inbox/<str:number>/read/", pages.read),
    path("inbox/<str:number>/unread/", pages.unread),
    path("inbox/<str:number>/snooze/", pages.snooze),
    path("<slug:plural>/<str:key>/watch/", pages.watch),
]

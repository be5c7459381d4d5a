"""The routes of the inbox in the portal."""

from django.urls import path

from mainstay.capabilities.telling import pages

urlpatterns = [
    path("", pages.own),
    path("latest/", pages.latest_own),
    path("bell/", pages.bell_own),
    path("read/", pages.read_all_own),
    path("unread/", pages.unread_all_own),
    path("preferences/", pages.own_preferences),
]

"""The routes of search in the workspace."""

from django.urls import path

from mainstay.capabilities.search import pages

urlpatterns = [
    path("", pages.show),
    path("similar/", pages.similar),
    path("suggestions/", pages.suggestions),
    path("lately/", pages.lately),
]

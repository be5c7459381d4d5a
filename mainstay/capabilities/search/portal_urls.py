"""The routes of search in the portal."""

from django.urls import path

from mainstay.capabilities.search import pages

urlpatterns = [path("", pages.own), path("suggestions/", pages.own_suggestions)]

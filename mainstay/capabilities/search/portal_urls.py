"""The route of search in the portal."""

from django.urls import path

from mainstay.capabilities.search import pages

urlpatterns = [path("", pages.own)]

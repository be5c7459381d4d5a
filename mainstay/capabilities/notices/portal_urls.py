"""The route of "me too" in the portal."""

from django.urls import path

from mainstay.capabilities.notices import pages

urlpatterns = [path("<str:number>/<slug:verb>/", pages.me_too)]

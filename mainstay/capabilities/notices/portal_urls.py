"""A notice in the portal, and "me too"."""

from django.urls import path

from mainstay.capabilities.notices import pages

urlpatterns = [
    path("<str:number>/", pages.see),
    path("<str:number>/<slug:verb>/", pages.me_too),
]

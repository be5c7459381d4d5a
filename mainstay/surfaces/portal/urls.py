"""The routes of the portal."""

from django.urls import path

from mainstay.surfaces.portal import app, pages
from mainstay.surfaces.web import profile

urlpatterns = [
    path("", pages.home),
    path("app.webmanifest", app.manifest),
    path("service-worker.js", app.service_worker),
    path("offline/", app.offline),
    path("ask/", pages.ask),
    path("ask/<slug:address>/", pages.ask),
    path("profile/", profile.show),
    path("profile/password/", profile.new_password),
    path("profile/sessions/", profile.end_sessions),
    path("profile/tokens/", profile.tokens_of_mine),
    path("requests/", pages.requests),
    path("requests/<str:number>/", pages.follow),
    path("requests/<str:number>/answer/", pages.answer),
    path("requests/<str:number>/request-for/", pages.request_for),
    path("requests/<str:number>/step-back/", pages.step_back),
    path("requests/<str:number>/withdraw/", pages.withdraw),
    path("requests/<str:number>/undo/<int:event>/", pages.undo),
    path("requests/<str:number>/<slug:verb>/", pages.decide),
]

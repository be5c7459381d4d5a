"""The routes of the portal."""

from django.urls import path

from mainstay.surfaces.portal import app, pages

urlpatterns = [
    path("", pages.home),
    path("app.webmanifest", app.manifest),
    path("service-worker.js", app.service_worker),
    path("offline/", app.offline),
    path("ask/", pages.ask),
    path("ask/<slug:name>/", pages.ask),
    path("requests/", pages.requests),
    path("requests/<str:number>/", pages.follow),
    path("requests/<str:number>/answer/", pages.answer),
    path("requests/<str:number>/request-for/", pages.request_for),
    path("requests/<str:number>/step-back/", pages.step_back),
    path("requests/<str:number>/withdraw/", pages.withdraw),
    path("requests/<str:number>/<slug:verb>/", pages.decide),
]

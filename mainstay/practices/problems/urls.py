"""The pages of problems beside those every record type has."""

from django.urls import path

from mainstay.practices.problems import pages

urlpatterns = [
    path("incidents/<str:key>/problem/", pages.from_incident),
    path("problems/<str:key>/duplicate/", pages.duplicate),
    path("problems/<str:key>/communicate/<slug:name>/", pages.communicate),
]

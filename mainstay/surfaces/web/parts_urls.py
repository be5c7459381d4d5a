"""The routes of the reference of components, below `-/parts/`."""

from django.urls import path

from mainstay.surfaces.web import parts

urlpatterns = [
    path("", parts.show),
    path("sheets/<slug:way>/<slug:called>.css", parts.sheet),
    path("<slug:group>/", parts.group),
]

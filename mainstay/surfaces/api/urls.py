"""What is mounted at /api/: version 1 and its schema; any other path is a problem in our shape."""

from django.urls import include, path, re_path

from mainstay.surfaces.api import build, openapi, serving

urlpatterns = [
    path("v1/openapi.json", openapi.served),
    path("v1/", include(build.patterns())),
    re_path("", serving.unknown),
]

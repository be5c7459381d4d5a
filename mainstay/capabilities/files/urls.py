"""Where the box one writes in sends files ahead of the message."""

from django.urls import path

from mainstay.capabilities.files import pages

urlpatterns = [
    path("<slug:plural>/<str:key>/uploads/", pages.upload),
    path("<slug:plural>/<str:key>/uploads/<str:part>/", pages.take_back),
]

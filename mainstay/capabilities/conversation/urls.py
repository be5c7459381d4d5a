"""What the box one writes in asks of a record, beside sending."""

from django.urls import path

from mainstay.capabilities.conversation import pages

urlpatterns = [
    path("<slug:plural>/<str:key>/draft/", pages.draft),
    path("<slug:plural>/<str:key>/preview/", pages.preview),
    path("<slug:plural>/<str:key>/mentions/", pages.mentions),
]

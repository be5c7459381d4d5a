"""The page of publishing beside those every record type has."""

from django.urls import path

from mainstay.capabilities.notices import pages

urlpatterns = [path("<slug:plural>/<str:key>/notices/", pages.publish)]

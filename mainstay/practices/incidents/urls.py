"""The pages of incidents beside those every record type has."""

from django.urls import path

from mainstay.practices.incidents import pages

urlpatterns = [path("incidents/<str:key>/tell-children/", pages.tell_children)]

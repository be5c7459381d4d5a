"""What is done with the views of a list, below its address."""

from django.urls import path

from mainstay.capabilities.views import pages

urlpatterns = [
    path("<slug:plural>/view/new/", pages.new),
    path("<slug:plural>/view/name/", pages.name),
    path("<slug:plural>/view/keep/", pages.keep),
    path("<slug:plural>/view/place/", pages.place),
    path("<slug:plural>/view/delete/", pages.delete),
    path("<slug:plural>/view/<str:key>/back/", pages.back),
]

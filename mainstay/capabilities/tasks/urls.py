"""The pages of a record's tasks beside those every record type has."""

from django.urls import path

from mainstay.capabilities.tasks import pages

urlpatterns = [
    path("<slug:plural>/<str:key>/tasks/", pages.add),
    path("<slug:plural>/<str:key>/tasks/from-template/", pages.apply),
    path("<slug:plural>/<str:key>/tasks/order/", pages.order),
    path("<slug:plural>/<str:key>/tasks/<str:number>/<slug:verb>/", pages.act),
]

"""The routes of the workspace: a few of its own, and those that serve every record type."""

from django.urls import path

from mainstay.surfaces.web import (
    audit,
    editing,
    files,
    home,
    jobs,
    many,
    pages,
    people,
    queue,
    removal,
    signin,
    workload,
)

urlpatterns = [
    path("", home.my_work),
    path("sign-in", signin.sign_in),
    path("sign-out", signin.sign_out),
    path("welcome/<str:secret>", signin.first_visit),
    path("r/<str:number>", pages.find),
    path("files/<str:number>/<str:key>/<str:name>", files.download),
    path("jobs/", jobs.own),
    path("jobs/<str:key>/", jobs.show),
    path("jobs/<str:key>/undo/", jobs.undo),
    path("audit/", audit.show),
    path("workload/", workload.show),
    path("teams/<str:key>/members/", people.member),
    path("users/<str:key>/roles/", people.role),
    path("users/<str:key>/skills/", people.skill),
    path("users/<str:key>/password/", people.new_password),
    path("<slug:plural>/", queue.show),
    path("<slug:plural>/bulk/", many.many),
    path("<slug:plural>/new/", pages.create),
    path("<slug:plural>/options/", pages.options),
    path("<slug:plural>/restore/", removal.restore),
    path("<slug:plural>/<str:key>/", pages.see),
    path("<slug:plural>/<str:key>/edit/", editing.edit),
    path("<slug:plural>/<str:key>/set/<slug:name>/", editing.set_field),
    path("<slug:plural>/<str:key>/move/<slug:name>/", pages.move),
    path("<slug:plural>/<str:key>/remove/", removal.remove),
    path("<slug:plural>/<str:key>/talk/", pages.talk),
    path("<slug:plural>/<str:key>/link/", pages.link),
]

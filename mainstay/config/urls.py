"""Every route of the product."""

from django.urls import include, path

from mainstay.config import health

urlpatterns = [
    path("health", health.show),
    path("api/", include("mainstay.surfaces.api.urls")),
    path("portal/search/", include("mainstay.capabilities.search.portal_urls")),
    path("portal/inbox/", include("mainstay.capabilities.telling.portal_urls")),
    path("portal/notices/", include("mainstay.capabilities.notices.portal_urls")),
    path("portal/", include("mainstay.surfaces.portal.urls")),
    # Above the pages of records: a group of components may be called as one of them is.
    path("-/parts/", include("mainstay.surfaces.web.parts_urls")),
    # First, so that they stand first beside a record.
    path("", include("mainstay.capabilities.tasks.urls")),
    path("", include("mainstay.capabilities.notices.urls")),
    path("", include("mainstay.capabilities.conversation.urls")),
    path("", include("mainstay.capabilities.files.urls")),
    path("", include("mainstay.capabilities.views.urls")),
    path("", include("mainstay.practices.incidents.urls")),
    path("", include("mainstay.practices.problems.urls")),
    path("search/", include("mainstay.capabilities.search.urls")),
    path("", include("mainstay.capabilities.telling.urls")),
    path("", include("mainstay.surfaces.web.urls")),
]

handler400 = "mainstay.surfaces.web.errors.bad"
handler403 = "mainstay.surfaces.web.errors.denied"
handler404 = "mainstay.surfaces.web.errors.not_found"
handler500 = "mainstay.surfaces.web.errors.failed"

"""All addresses. A person is named by a random id; a person number stands in no address."""

from django.conf import settings
from django.urls import include, path

from dap.access import draft_views, login_views
from dap.access.enums import Permission
from dap.access.views import reader
from dap.design.views import gallery
from dap.dialogue import urls as dialogue
from dap.plan import urls as plan
from dap.portfolio import urls as portfolio
from dap.record import views as record

_PERSON_PAGES = ([*plan.urlpatterns, *dialogue.urlpatterns], "person")

urlpatterns = [
    path("", record.start, name="start"),
    path("logg-inn", login_views.login, name="login"),
    path("logg-ut", login_views.end, name="logout"),
    path("mer", login_views.more, name="more"),
    path("valg", login_views.choose, name="choose"),
    path("utkast", draft_views.save, name="draft_save"),
    path("utkast/forkast", draft_views.discard, name="draft_discard"),
    *portfolio.urlpatterns,
    path("p/<uuid:person_id>/", include(_PERSON_PAGES, namespace="person")),
    path("vis/<uuid:person_id>/", include(_PERSON_PAGES, namespace="as_citizen")),
]
if settings.DEMO:
    from dap.demo import views as demo

    urlpatterns = [  # the demo's login stands before the one that it replaces
        path("logg-inn", demo.personas, name="login"),
        path("logg-inn/som", demo.begin, name="login_begin"),
        path("design/", reader(Permission.PUBLIC)(gallery), name="gallery"),
        *urlpatterns,
    ]

handler400 = "dap.config.errors.bad_request"
handler404 = "dap.config.errors.not_found"
handler500 = "dap.config.errors.server_error"

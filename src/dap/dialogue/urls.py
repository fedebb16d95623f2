"""Addresses of the dialogue, below /p/<person>/."""

from django.urls import path

from dap.access.views import by_method
from dap.dialogue import views

urlpatterns = [
    path("dialog", views.thread_list, name="dialogue"),
    path("dialog/venter", views.waiting_thread, name="thread_waiting"),
    path("dialog/ny", by_method(get=views.new_thread, post=views.start_thread), name="thread_new"),
    path("dialog/<uuid:thread_id>", by_method(get=views.thread, post=views.reply), name="thread"),
    path("dialog/<uuid:thread_id>/venter", views.mark_waits, name="thread_waits"),
    path(
        "aktivitet/<uuid:activity_id>/dialog",
        by_method(get=views.about_activity, post=views.write_about_activity),
        name="activity_thread",
    ),
]

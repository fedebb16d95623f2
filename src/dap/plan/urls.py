"""Addresses of the plan, below /p/<person>/."""

from django.urls import path

from dap.access.views import by_method
from dap.plan import activity_form_views, activity_views, board_views, goal_views

urlpatterns = [
    path("plan", board_views.board, name="plan"),
    path("plan/liste", board_views.plan_list, name="plan_list"),
    path("plan/sett", board_views.mark_all_seen, name="plan_seen"),
    path("maal", by_method(get=goal_views.goal, post=goal_views.set_goal), name="goal"),
    path("aktivitet/ny", activity_form_views.choose_type, name="activity_types"),
    path(
        "aktivitet/ny/<str:type_code>",
        by_method(get=activity_form_views.new, post=activity_form_views.create),
        name="activity_new",
    ),
    path("aktivitet/<uuid:activity_id>", activity_views.activity, name="activity"),
    path(
        "aktivitet/<uuid:activity_id>/endre",
        by_method(get=activity_form_views.edit, post=activity_form_views.save),
        name="activity_edit",
    ),
    path(
        "aktivitet/<uuid:activity_id>/flytt",
        by_method(get=board_views.move, post=board_views.change_status),
        name="activity_move",
    ),
    path("aktivitet/<uuid:activity_id>/angre", board_views.undo, name="activity_undo"),
    path("aktivitet/<uuid:activity_id>/soknad", activity_views.set_application, name="activity_application"),
    path("aktivitet/<uuid:activity_id>/avtal", activity_views.agree, name="activity_agree"),
]

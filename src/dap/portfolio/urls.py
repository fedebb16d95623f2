"""Addresses of the overview."""

from django.urls import path

from dap.access.views import by_method
from dap.portfolio import views

urlpatterns = [
    path("mine-brukere", views.my_people, name="my_people"),
    path("enheten", views.office_people, name="office_people"),
    path("sok", by_method(get=views.search, post=views.start_search), name="search"),
]

"""The gallery's address; mounted in demo mode only."""

from django.urls import path

from dap.design import views

app_name = "design"
urlpatterns = [path("", views.gallery, name="gallery")]

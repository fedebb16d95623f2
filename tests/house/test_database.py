"""Addresses of the database roles: pure, no server."""

import pytest

from dap.core.database import django_database, parse, url_for, with_role
from dap.core.problem import Problem


def test_each_role_takes_its_own_address() -> None:
    environ = {
        "DATABASE_URL": "postgresql://dap_web@/dap",
        "DATABASE_OWNER_URL": "postgresql://dap_owner@/dap",
        "DATABASE_ERASE_URL": "postgresql://dap_erase@/dap",
    }
    assert [url_for(role, environ) for role in ("web", "owner", "erase")] == list(environ.values())


@pytest.mark.parametrize(
    ("role", "name"), [("web", "dap_web"), ("owner", "dap_owner"), ("erase", "dap_erase")]
)
def test_a_shared_address_takes_the_role_as_it_opens(role: str, name: str) -> None:
    parts = parse(url_for(role, {"DATABASE_URL": "postgresql://app:p%40ss@db.example/plan?sslmode=require"}))
    assert parts == {
        "user": "app",
        "password": "p@ss",
        "host": "db.example",
        "dbname": "plan",
        "sslmode": "require",
        "options": f"-c role={name}",
    }


def test_the_superuser_falls_back_to_the_shared_address_as_it_is() -> None:
    assert url_for("superuser", {"DATABASE_URL": "postgresql://app@/plan"}) == "postgresql://app@/plan"


def test_options_that_were_given_are_kept() -> None:
    url = with_role("postgresql://app@/plan?options=-c%20statement_timeout%3D5s", "dap_web")
    assert parse(url)["options"] == "-c statement_timeout=5s -c role=dap_web"


@pytest.mark.parametrize(
    "environ", [{}, {"DATABASE_URL": "  "}, {"DATABASE_OWNER_URL": "postgresql://o@/dap"}]
)
def test_no_address_is_a_sentence(environ: dict[str, str]) -> None:
    with pytest.raises(Problem, match="DATABASE_URL is not set"):
        url_for("web", environ)


@pytest.mark.parametrize("url", ["postgresql://u:geheim%zz@h/d", "mysql://u:geheim@h/d", "host"])
def test_an_address_that_is_not_understood_does_not_show_the_password(url: str) -> None:
    with pytest.raises(Problem, match="not understood") as caught:
        parse(url)
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_django_gets_the_socket_and_the_rest_as_options() -> None:
    assert django_database("postgresql://dap_web@/dap?host=/tmp/dap-x&port=5432&connect_timeout=3") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "dap",
        "USER": "dap_web",
        "PASSWORD": "",
        "HOST": "/tmp/dap-x",
        "PORT": "5432",
        "OPTIONS": {"connect_timeout": "3"},
    }

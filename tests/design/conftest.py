"""The design system on its own: its templates in a plain Jinja environment, its pages without a server."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django
import pytest
from django.conf import settings
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

import dap.design
from dap.design.jinja_globals import install

DESIGN = Path(dap.design.__file__).parent

if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
    settings.configure(USE_I18N=False, INSTALLED_APPS=["dap.design"])
    django.setup()


@pass_context
def _form_token(context: Context, place: str) -> str:
    """Like the real one it reads the request, which a macro's own context has not."""
    return f"{context['request'].key}-of-{place}"


def make_environment() -> Environment:
    """Build an environment as strict as the real one, with the words as they stand in the source."""
    env = Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(DESIGN / "jinja2"),
        undefined=StrictUndefined,
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(static=lambda path: f"/static/{path}", form_token=_form_token, language=lambda: "nb")
    install(env)
    return env


@pytest.fixture(scope="session")
def env() -> Environment:
    return make_environment()


@pytest.fixture(scope="session")
def ds(env: Environment) -> Any:
    return env.globals["ds"]


def page_context(theme: str = "light") -> dict[str, object]:
    """Return what Django's backend and our middleware give every page."""
    request = SimpleNamespace(csp_nonce="abc123", theme=theme, key="key")
    csrf_input = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="t0ken">')
    return {"request": request, "csrf_token": "t0ken", "csrf_input": csrf_input}


def render_gallery(env: Environment, theme: str = "light") -> str:
    """Draw the gallery as the view does."""
    from dap.design.views import gallery_context

    template = env.get_template("design/gallery.html")
    return template.render({**page_context(theme), **gallery_context(theme)})


@pytest.fixture(scope="session")
def gallery_html(env: Environment) -> str:
    return render_gallery(env)

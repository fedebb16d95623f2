"""The template environment: undefined variables fail, components and words are at hand."""

import hashlib
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

import jinja2
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils import translation
from jinja2 import StrictUndefined
from markupsafe import Markup

from dap.access import enums as access_enums
from dap.access.http import Request, link
from dap.core import clock, form_token, words
from dap.core.links import is_safe_link, with_links
from dap.design import jinja_globals
from dap.dialogue import panel
from dap.portfolio import queries as portfolio
from dap.record import header


class _Context(jinja2.runtime.Context):
    """Jinja's own, with a short way for what a page calls a thousand times: macros and functions.

    Functions of ours that ask for the context read the request and the globals only, so they get it as it is:
    Jinja would make a copy with the loop's variables for each call.
    """

    def call(self, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call from a template."""
        kind = type(obj)
        if kind is jinja2.runtime.Macro:
            args = (self.eval_ctx, *args)
        elif kind is not FunctionType:
            return super().call(obj, *args, **kwargs)
        elif passed := getattr(obj, "jinja_pass_arg", None):
            if passed.name != "context":
                return super().call(obj, *args, **kwargs)
            args = (self, *args)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return obj(*args, **kwargs)


def _gettext(text: str, /, **variables: object) -> Markup:
    """A sentence in the reader's language, always a format string; what is filled in gets escaped."""
    return Markup(translation.gettext(text)) % variables  # noqa: S704  the catalogues are ours


def _ngettext(singular: str, plural: str, num: int, /, **variables: object) -> Markup:
    """The same in the right number, with `num`."""
    return Markup(translation.ngettext(singular, plural, num)) % {"num": num, **variables}  # noqa: S704  as above


@cache
def _static(name: str) -> str:
    """The address of a static file, with its content's hash, since browsers keep it for a year.

    Not so the font, which the stylesheet names too: two addresses would fetch it twice.
    """
    if name.endswith(".woff2"):
        return static(name)
    path = finders.find(name)
    if path is None:
        raise ValueError(f"there is no static file {name}")
    return f"{static(name)}?v={hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]}"


@jinja2.pass_context
def _url(context: jinja2.runtime.Context, name: str, *args: object, **kwargs: object) -> str:
    return link(context["request"], name, *args, **kwargs)


@jinja2.pass_context
def _may(context: jinja2.runtime.Context, permission: str) -> bool:
    request: Request = context["request"]
    actor = getattr(request, "actor", None) or request.visitor
    return bool(actor and actor.may(access_enums.Permission(permission)))


def environment(**options: Any) -> jinja2.Environment:
    """Django's Jinja2 backend calls this once."""
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    env = jinja2.Environment(**options)  # noqa: S701  Django passes autoescape=True
    env.context_class = _Context
    env.globals.update(
        # Jinja's own gettext asks for the context at every call; plain functions are three times as fast.
        _=_gettext,
        gettext=_gettext,
        ngettext=_ngettext,
        static=_static,
        url=_url,
        form_token=form_token.for_visitor,
        may=_may,
        language=lambda: translation.get_language() or "nb",
        today=clock.today,
        local_day=clock.day_of,
        person_header=header.person_header,
        leave_citizen_view=header.leave_citizen_view,
        activity_thread=panel.activity_thread,
        activity_badges=panel.activity_badges,
        own_badges=portfolio.own_badges,
        day_in_words=words.day_in_words,
        moment_in_words=words.moment_in_words,
        long_date=words.long_date,
        short_date=words.short_date,
        weekday_date=words.weekday_date,
        clock_time=words.clock_time,
        period_in_words=words.period_in_words,
        with_links=with_links,
        is_safe_link=is_safe_link,
        tr=translation.gettext,
    )
    jinja_globals.install(env)
    return env

"""The template environment: undefined variables fail, components and words are at hand."""

from typing import Any

import jinja2
from django.templatetags.static import static
from django.utils import translation
from jinja2 import StrictUndefined

from dap.access import enums as access_enums
from dap.access.http import Request, link
from dap.core import clock, form_token, words
from dap.core.links import is_safe_link, with_links
from dap.design import jinja_globals
from dap.dialogue import panel
from dap.portfolio import queries as portfolio
from dap.record import header


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
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        gettext=translation.gettext,
        ngettext=translation.ngettext,
        pgettext=translation.pgettext,
        newstyle=True,
    )
    env.globals.update(
        static=static,
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

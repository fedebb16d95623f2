"""What templates get from this room: `ds` (all components by name), `icon`, and the macros' own helpers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context, Undefined
from markupsafe import Markup, escape

from dap.design.icons import icon

# One file for each component (tiny relatives share one) -> the macros that pages may call.
COMPONENTS = {
    "alerts": ("local_alert", "info_card", "inline_message"),
    "board": ("board", "board_column", "board_card"),
    "bottom_nav": ("bottom_nav",),
    "button": ("button", "link"),
    "cards": ("panel", "task_card", "link_card"),
    "chat": ("chat_bubble",),
    "checkbox": ("checkbox", "checkbox_group"),
    "chips": ("chips",),
    "date_field": ("date_field",),
    "description_list": ("description_list",),
    "error_summary": ("error_summary",),
    "field": ("field",),
    "form": ("form",),
    "guide_panel": ("guide_panel",),
    "help_text": ("help_text",),
    "internal_header": ("internal_header",),
    "loader": ("loader", "progress"),
    "modal": ("modal",),
    "page": ("heading", "page_heading", "empty_state"),
    "pagination": ("pagination",),
    "radio_group": ("radio_group",),
    "read_more": ("read_more",),
    "select": ("select",),
    "table": ("table", "row", "cell"),
    "tabs": ("tabs",),
    "tag": ("tag",),
    "text_field": ("text_field", "search_field"),
    "textarea": ("textarea",),
}
_TEMPLATE_OF = {macro: f"design/{name}.html" for name, macros in COMPONENTS.items() for macro in macros}

_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_:-]*\Z")
_FORBIDDEN_ATTRIBUTE = re.compile(r"(style|on.*|hx-on.*|data-hx-.*)\Z")


def ds_choice(value: object, *allowed: object) -> object:
    """Return `value` if it is one of `allowed`; else raise ValueError (a macro was called wrongly)."""
    if value not in allowed:
        raise ValueError(f"{value!r} is not one of {', '.join(map(repr, allowed))}")
    return value


def ds_required(*values: object) -> str:
    """Raise when a required macro argument is missing or None; return nothing to print."""
    for value in values:
        if isinstance(value, Undefined):
            value._fail_with_undefined_error()  # says the name of the argument
        if value is None:
            raise ValueError("a required argument is None")
    return ""


def ds_attrs(attributes: Mapping[str, object]) -> Markup:
    """Write HTML attributes: None and False are left out, True stands alone, the rest is escaped.

    Raises ValueError for what the content security policy forbids (style, on…, hx-on…, `js:` values).
    """
    parts = []
    for name, value in attributes.items():
        _check_attribute(name)
        if value is None or value is False:
            continue
        if isinstance(value, str) and value.lstrip().lower().startswith(("js:", "javascript:")):
            raise ValueError(f"the attribute {name!r} has a script value")
        parts.append(f" {name}" if value is True else f' {name}="{escape(value)}"')
    return Markup("".join(parts))  # noqa: S704  names are checked, values escaped


@cache  # names come from our templates: a few dozen
def _check_attribute(name: str) -> None:
    if not _ATTRIBUTE.match(name) or _FORBIDDEN_ATTRIBUTE.match(name):
        raise ValueError(f"the attribute {name!r} is not allowed")


@cache  # a list has hundreds of cells, of a handful of kinds
def ds_cell(header: bool, align: str | None, size: str, nowrap: bool) -> Markup:
    """The opening tag of a table's cell: `header` names the row, `align` None or "right"."""
    small = ds_choice(size, "medium", "small") == "small"
    kind, text = ("header", "aksel-label") if header else ("data", "aksel-body-short")
    classes = [
        f"aksel-table__{kind}-cell",
        f"aksel-table__{kind}-cell--align-right" if ds_choice(align, None, "right") else "",
        text,
        f"{text}--small" if small else "",
        "dap-nowrap" if nowrap else "",
    ]
    element = 'th scope="row"' if header else "td"
    return Markup(f'<{element} class="{" ".join(filter(None, classes))}">')  # noqa: S704  no text of anybody


TAG_COLORS = (
    "neutral", "accent", "info", "success", "warning", "danger",
    "meta-purple", "meta-lime", "brand-beige", "brand-blue", "brand-magenta",
)  # fmt: skip


@cache
def ds_tag(color: str, variant: str, size: str) -> Markup:
    """The opening tag of a small label."""
    own = "" if ds_choice(size, "medium", "small", "xsmall") == "medium" else f" aksel-tag--{size}"
    text = "aksel-body-short" if size == "medium" else "aksel-body-short aksel-body-short--small"
    return Markup('<span class="aksel-tag{} {}" data-variant="{}" data-color="{}">').format(
        own, text, ds_choice(variant, "moderate", "outline", "strong"), ds_choice(color, *TAG_COLORS)
    )


class Components:
    """`ds` in templates: each component loaded once; an unknown name is undefined and so raises."""

    def __init__(self, env: Environment) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        if name not in _TEMPLATE_OF:
            raise AttributeError(name)
        macro: Callable[..., Markup] = getattr(self._env.get_template(_TEMPLATE_OF[name]).module, name)
        if name == "form":
            macro = _form(macro)
        if not self._env.auto_reload:  # while developing, a changed file is seen at once
            setattr(self, name, macro)
        return macro


def _form(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    """A macro cannot see the page's context; a form gets from it the CSRF field and its key."""

    @pass_context
    def form(context: Context, *args: Any, **kwargs: Any) -> Markup:
        def key_of(place: str) -> object:
            return context.call(context["form_token"], place)

        return macro(*args, csrf_input=context["csrf_input"], key_of=key_of, **kwargs)

    return form


def install(env: Environment) -> None:
    """Give `env` the design system: `ds`, `icon` and the helpers that the macros use.

    The environment must have StrictUndefined, autoescape, newstyle gettext and the globals `static`
    and `form_token`.
    """
    env.globals.update(
        ds=Components(env),
        icon=icon,
        ds_choice=ds_choice,
        ds_required=ds_required,
        ds_attrs=ds_attrs,
        ds_cell=ds_cell,
        ds_tag=ds_tag,
    )

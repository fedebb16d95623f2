// Small helps on top of pages that work without them. No state, no storage, no markup but the server's.
"use strict";
(() => {
  const closest = (event, selector) => event.target instanceof Element ? event.target.closest(selector) : null;

  // Dialogs: data-opens="id" opens, data-closes closes; the browser gives the focus back to the opener.
  document.addEventListener("click", (event) => {
    const opener = closest(event, "[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      if (!dialog.open) dialog.showModal();
    }
    closest(event, "[data-closes]")?.closest("dialog")?.close();
    for (const help of document.querySelectorAll("details.dap-help[open]")) {
      if (!help.contains(event.target)) help.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    const help = event.key === "Escape" && closest(event, "details.dap-help[open]");
    if (help) {
      help.open = false;
      help.querySelector("summary").focus();
    }
  });

  // Text areas with a limit count down while one types. Line ends count as the server counts them.
  const count = (area) => {
    const counter = document.getElementById(area.dataset.counts);
    if (!counter) return;
    const left = Number(area.dataset.max) - [...area.value].length;
    counter.textContent = (left < 0 ? counter.dataset.over : counter.dataset.left).replace("{n}", Math.abs(left));
    counter.classList.toggle("aksel-textarea__counter--error", left < 0);
  };
  document.addEventListener("input", (event) => {
    if (event.target.dataset?.counts) count(event.target);
  });

  // What the server marks with data-focus (an error summary, a saved card) gets the focus, once.
  const settle = () => {
    document.querySelectorAll("[data-counts]").forEach(count);
    const wanted = [...document.querySelectorAll("[data-focus]")];
    const last = wanted.at(-1);
    (last?.matches("[tabindex], a, button, input") ? last : last?.querySelector("a[href], button, input"))?.focus();
    wanted.forEach((element) => element.removeAttribute("data-focus"));
  };
  // Going to the #part of its address, a browser takes the focus away as it draws the page: ours comes after.
  if (location.hash) requestAnimationFrame(() => requestAnimationFrame(settle));
  else settle();
  document.addEventListener("htmx:after:swap", settle);

  // Answers that are not swapped in place go to the alert region: the server's own sentence
  // ([data-alert] in its answer) or ours for the status.
  const alerts = document.getElementById("alerts");
  const show = (sentence) => {
    const box = document.getElementById("alert").content.cloneNode(true);
    box.querySelector(".aksel-base-alert__content").textContent = sentence;
    alerts.replaceChildren(box);
  };
  const sentenceOf = (context) => {
    const page = new DOMParser().parseFromString(context.text ?? "", "text/html");
    const own = page.querySelector("[data-alert]")?.textContent.trim();
    const status = context.response.status;
    return own || { 403: alerts.dataset.refused, 404: alerts.dataset.missing }[status] || alerts.dataset.failed;
  };
  let failed = null;
  document.addEventListener("htmx:response:error", (event) => {
    const context = event.detail.ctx;
    if ([409, 422].includes(context.response.status) || context.hx?.redirect) return;
    failed = context.sourceElement;
    // The form is from before a login or logout: sent whole, its page gives back what was typed.
    if (context.response.status === 403 && failed instanceof HTMLFormElement && failed.method === "post") {
      failed.submit();
      return;
    }
    show(sentenceOf(context));
  });
  document.addEventListener("htmx:error", (event) => {
    const context = event.detail.ctx;
    if (context?.response) return;
    failed = context?.sourceElement;
    show(alerts.dataset.network);
  });
  document.addEventListener("dap:offline", () => show(alerts.dataset.network));

  // A table that does not scroll needs no stop on the way with Tab.
  for (const region of document.querySelectorAll(".dap-table[tabindex]")) {
    if (region.scrollWidth <= region.clientWidth) region.removeAttribute("tabindex");
  }

  // The alert goes when what failed has succeeded, not when something else (a draft) has.
  document.addEventListener("htmx:after:request", (event) => {
    const context = event.detail.ctx;
    if (context.response.status < 400 && context.sourceElement === failed) alerts.replaceChildren();
  });
})();

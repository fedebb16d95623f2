// What is typed is kept on the server while one types, and nothing is kept in the browser.
"use strict";
(() => {
  const PAUSE = 500;
  const unkept = new Set();  // forms whose last words the server has not got
  const waiting = new WeakMap();  // form -> timer or the request under way

  const tell = (form, words) => {
    const place = form.querySelector("[data-draft-said]");
    if (place && words !== undefined) place.textContent = words;
  };

  const stop = (form) => {
    const state = waiting.get(form);
    if (!state) return;
    clearTimeout(state.timer);
    state.request?.abort();
    waiting.delete(form);
  };

  const save = async (form) => {
    const request = new AbortController();
    waiting.set(form, { request });
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: new FormData(form), signal: request.signal, redirect: "error",
      });
      if (answer.ok) tell(form, (await answer.json()).said);
      else if ([401, 403].includes(answer.status)) tell(form, document.body.dataset.loggedOut);
    } catch (error) {
      if (error.name === "AbortError") return;
      tell(form, document.body.dataset.notKept);  // the text stands in the form
      unkept.add(form);
    }
    if (waiting.get(form)?.request === request) waiting.delete(form);
  };

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (!form) return;
    stop(form);
    waiting.set(form, { timer: setTimeout(save, PAUSE, form) });
  });

  addEventListener("online", () => {
    for (const form of unkept) save(form);
    unkept.clear();
  });

  // Without a network nothing is sent, and the page stays as it is.
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || event.target.method === "get") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    document.dispatchEvent(new CustomEvent("dap:offline"));
  }, true);

  // What is sent is no draft any more; the server too refuses a draft of a form that has been sent.
  document.addEventListener("submit", (event) => stop(event.target), true);

  // Leaving within the pause: the last words go along.
  addEventListener("pagehide", () => {
    for (const form of document.querySelectorAll("form[data-draft]")) {
      if (waiting.get(form)?.timer) navigator.sendBeacon(form.dataset.draft, new FormData(form));
    }
  });

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form[data-composer]");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.getElementById("search") ?? document.querySelector("a[data-search]");
      if (search) {
        event.preventDefault();
        search instanceof HTMLAnchorElement ? search.click() : search.focus();
      }
    }
  });

  // Its button is for those without script.
  const tidy = () => {
    for (const button of document.querySelectorAll("form[data-autosubmit] [type=submit]")) button.hidden = true;
  };
  tidy();
  document.addEventListener("htmx:after:swap", tidy);

  // A form of checkboxes that is sent as soon as one is changed; without script it has its button.
  document.addEventListener("change", (event) => event.target.closest?.("form[data-autosubmit]")?.requestSubmit());
})();

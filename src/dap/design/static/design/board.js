// Dragging cards between columns, by mouse and by a long press. The form in each card does the same
// without it; what the server answers is always the whole board as it now is.
"use strict";
(() => {
  const NOBODY = "00000000-0000-0000-0000-000000000000";

  const address = (board, id) => board.dataset.dragUrl.replace(NOBODY, id);

  const move = (board, card, status) => {
    const form = document.getElementById("dra");
    if (board.dataset.finished.split(" ").includes(status)) {  // a finish is confirmed, with its reason, in the card's own form
      const view = new URLSearchParams({ til: status, visning: form.elements.visning.value });
      document.getElementById("flytt").showModal();
      htmx.ajax("GET", `${address(board, card.dataset.id)}?${view}`, { target: "#flytt-innhold", swap: "innerHTML" });
      return;
    }
    form.elements.to.value = status;
    form.elements.version.value = card.dataset.version;
    htmx.ajax("POST", address(board, card.dataset.id), { source: form, target: "#tavle", swap: "outerHTML" });
  };

  // On a phone one column shows at a time: a card is dropped on the tab of another.
  const tabUnder = (event) => {
    const point = event.changedTouches?.[0] ?? event;
    return document.elementFromPoint(point.clientX, point.clientY)?.closest("[data-drop]");
  };

  const start = () => {
    const board = document.getElementById("tavle");
    const tab = board?.querySelector("[data-drop][aria-current]");  // the chosen status in sight, on a phone
    const row = tab?.closest(".aksel-tabs__tablist");
    if (row) row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.clientWidth) / 2;
    if (!board || !document.getElementById("dra")) return;
    for (const column of board.querySelectorAll("[data-column]")) {
      if (Sortable.get(column)) continue;
      let home = null;
      Sortable.create(column, {
        group: "board",
        sort: false,
        draggable: ".dap-card",
        filter: "a.dap-card__move, button, summary",
        preventOnFilter: false,
        delay: 200,
        delayOnTouchOnly: true,
        touchStartThreshold: 5,
        ghostClass: "dap-card--dragged",
        onMove: (event) => event.dragged.hasAttribute("data-movable"),
        onChoose: (event) => { home = event.item.nextElementSibling; },  // before Sortable adds what follows a finger
        onEnd: (event) => {
          const card = event.item;
          const to = tabUnder(event.originalEvent)?.dataset.drop ?? event.to.dataset.column;
          event.from.insertBefore(card, home);  // the server decides where it lies
          if (to && to !== card.dataset.status && card.hasAttribute("data-movable")) move(board, card, to);
        },
      });
    }
  };
  start();
  document.addEventListener("htmx:after:swap", start);
})();

// Dragging an order to a worker's lane sends the same form as the page behind the order; without it, that page does the work.
(() => {
  "use strict";
  const form = document.getElementById("drop");
  const board = document.querySelector(".board");
  if (!form || !board) return;
  let dragged = null;
  const lane = (event) => event.target.closest(".lane[data-worker]");
  const mark = (one) => {
    for (const over of board.querySelectorAll(".is-over")) if (over !== one) over.classList.remove("is-over");
    if (one) one.classList.add("is-over");
  };
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-order]");
    if (!dragged) return;
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.order);
  });
  board.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    mark(null);
  });
  board.addEventListener("dragover", (event) => {
    const over = lane(event);
    if (!dragged || !over) return;
    event.preventDefault();
    mark(over);
  });
  board.addEventListener("drop", (event) => {
    const over = lane(event);
    if (!dragged || !over) return;
    event.preventDefault();
    if (over.contains(dragged)) return;
    form.action = form.dataset.address.replace("/0/", `/${dragged.dataset.order}/`);
    form.elements.worker.value = over.dataset.worker;
    form.elements.seen.value = dragged.dataset.seen;
    form.submit();
  });
})();

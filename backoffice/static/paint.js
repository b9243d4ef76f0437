// Ticking days of many offices by drawing over them with the mouse, and by the arrow keys; without it each is ticked alone.
"use strict";
(() => {
  const table = document.querySelector("[data-paints] table");
  if (!table) return;
  const tickOf = (cell) => cell?.querySelector("input[type=checkbox]");
  const cellAt = (event) => event.target.closest("td.heat-cell");
  let brush = null;
  let isDrawn = false;

  table.addEventListener("pointerdown", (event) => {
    const tick = tickOf(cellAt(event));
    isDrawn = Boolean(tick) && event.pointerType === "mouse" && event.button === 0;
    if (!isDrawn) return;
    brush = !tick.checked;
    tick.checked = brush;
    tick.focus();
    event.preventDefault();
  });
  table.addEventListener("pointerover", (event) => {
    const tick = brush === null ? null : tickOf(cellAt(event));
    if (tick) tick.checked = brush;
  });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { brush = null; });
  // The press has ticked it already; the click that follows would take that back.
  table.addEventListener("click", (event) => {
    if (isDrawn && event.detail > 0 && cellAt(event)) event.preventDefault();
  });

  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td.heat-cell, th.heat-day");
    const step = steps[event.key];
    if (!cell || !step) return;
    const sign = getComputedStyle(table).direction === "rtl" ? -1 : 1;
    const row = table.rows[cell.parentElement.rowIndex + step[0]];
    const next = tickOf(row?.cells[cell.cellIndex + sign * step[1]]);
    if (!next) return;
    event.preventDefault();
    if (event.shiftKey) next.checked = event.target.checked;
    next.focus();
  });
})();

// The board of the day: minutes go on by themselves, and after a press the keyboard stays with the same person.
"use strict";
(() => {
  const board = () => document.getElementById("board");
  if (!board()) return;

  // ------------------------------------------------------------------------------------------------- minutes of waiting
  // The clock of the device may be wrong: minutes are counted from what the page said when it came.
  let ahead = Date.now() / 1000 - Number(board().dataset.now);
  const tick = () => {
    for (const shown of document.querySelectorAll("[data-since]")) {
      const minutes = Math.max(0, Math.floor((Date.now() / 1000 - ahead - Number(shown.dataset.since)) / 60));
      const text = minutes.toLocaleString("fa", { useGrouping: false });
      if (shown.textContent !== text) shown.textContent = text;
    }
  };
  window.setInterval(tick, 10000);

  // On a phone the own card stands above the parts of the page, whose height depends on their words.
  const parts = document.querySelector(".parts");
  const measure = () => document.documentElement.style.setProperty("--foot", `${parts?.offsetHeight ?? 0}px`);
  window.addEventListener("resize", measure);
  document.fonts?.ready.then(measure);
  measure();

  // ---------------------------------------------------------------------------------- after a press: same person, same key
  let held = null;
  let folds = [];
  document.addEventListener("htmx:before:swap", () => {
    const row = document.activeElement?.closest?.("[data-row]");
    held = row ? { person: row.dataset.person, key: document.activeElement.dataset?.key } : null;
    folds = [...document.querySelectorAll("#board details[id]")].map((fold) => [fold.id, fold.open]);
  });
  const say = (words) => {
    const live = document.getElementById("live");
    if (live) live.textContent = words;
  };
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (!board()) return;
    const target = ctx.target?.id ?? String(ctx.target ?? "").replace("#", "");
    if (target === "found") {
      const field = document.querySelector("[data-find-one]");
      field.value = ""; // it may have been the number of a paper
      const found = document.getElementById("found");
      const act = found.querySelector("[data-focus]");
      if (act) act.focus();
      say(found.innerText.trim().split("\n")[0] ?? "");
      return;
    }
    if (target !== "board") return;
    ahead = Date.now() / 1000 - Number(board().dataset.now);
    for (const [id, open] of folds) {
      const fold = document.getElementById(id);
      if (fold) fold.open = open;
    }
    document.getElementById("found")?.replaceChildren();
    const said = board().querySelector("[data-said]");
    if (said) say(said.textContent.trim());
    const focused = document.activeElement;
    if (focused && focused !== document.body) return;
    const again = held?.person && document.querySelector(`#board [data-row][data-person="${held.person}"]`);
    const next = again && again.closest("details:not([open])") === null ? again : document.querySelector('#board [data-key="next"], #board [data-mine]');
    (next ?? board()).focus({ preventScroll: true });
  });

  // What was found stands until Escape or until the search is left empty.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    const found = document.getElementById("found");
    if (!found?.children.length) return;
    found.replaceChildren();
    document.querySelector("[data-find-one]").focus();
  });
})();

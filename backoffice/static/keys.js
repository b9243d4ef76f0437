// Single keys for people who work from the list all day. Keys are told apart by their place, not their letter,
// so a Persian keyboard does the same as a Latin one.
"use strict";
(() => {
  const SWITCH = "mizban-keys";
  const isOn = () => {
    try {
      return window.localStorage.getItem(SWITCH) !== "off";
    } catch {
      return true;
    }
  };

  const box = document.querySelector("[data-keys-switch]");
  if (box) {
    box.checked = isOn();
    box.addEventListener("change", () => {
      try {
        window.localStorage.setItem(SWITCH, box.checked ? "on" : "off");
      } catch {
        // Private windows keep nothing; the keys stay on.
      }
    });
  }

  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(Math.max(here + by, 0), all.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const press = (name) => {
    // On the board a key without a row is for the person at one's own counter.
    const row = document.activeElement?.closest?.("[data-row]") ?? document.querySelector("[data-mine]");
    const button = row?.querySelector(`[data-key="${name}"]`);
    if (button) button.click();
    return Boolean(button);
  };

  const PLACES = {
    KeyA: "arrive", KeyS: "served", KeyB: "back", KeyX: "absent", KeyU: "undo", KeyC: "call", KeyE: "begin", KeyH: "hold",
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !isOn()) return;
    if (event.target.closest("input, textarea, select, dialog[open]")) return;
    if (event.key === "?" || event.key === "؟") {
      document.getElementById("help")?.showModal();
    } else if (event.code === "Slash" && !event.shiftKey) {
      document.querySelector("[data-search], [data-find-one]")?.focus();
    } else if (event.code === "KeyJ") {
      step(1);
    } else if (event.code === "KeyK") {
      step(-1);
    } else if (event.code === "KeyP" && document.querySelector("[data-paper]")) {
      document.querySelector("[data-paper]").focus();
    } else if (event.code === "KeyN") {
      document.querySelector('[data-key="next"]')?.click();
    } else if (event.code === "Enter" && event.target.matches("[data-row]")) {
      event.target.querySelector("a")?.click();
    } else if (!(event.code in PLACES) || !press(PLACES[event.code])) {
      return;
    }
    event.preventDefault();
  });
})();

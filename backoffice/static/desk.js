// Small conveniences; every page works without them.
"use strict";
(() => {
  document.documentElement.classList.add("script");

  // Forms and buttons that act on a change, such as the choice of an office.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    if (event.target.closest("[data-print]")) window.print();
    const copier = event.target.closest("[data-copies]");
    if (copier) {
      navigator.clipboard?.writeText(copier.dataset.copies);
      say(copier.dataset.done);
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details.menu[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  // A form that cannot be undone asks first, in its own words.
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.asks;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  const say = (words) => {
    const live = document.getElementById("live");
    if (live) live.textContent = words || "";
  };

  // While a row is being recorded a second tap would speak to the old row; afterwards the keyboard stays in it and
  // its new state is read out.
  let returning = null;
  const rowOf = (event) => event.detail?.ctx?.sourceElement?.closest?.("[data-row]");
  document.addEventListener("htmx:before:request", (event) => {
    const row = rowOf(event);
    if (!row || event.detail.ctx.request.method === "GET") return;
    returning = row.id;
    row.inert = true;
  });
  document.addEventListener("htmx:after:swap", () => {
    document.querySelector("[data-focus]:not(:focus)")?.focus();
    const row = returning && document.getElementById(returning);
    returning = null;
    if (!row) return;
    row.focus({ preventScroll: true });
    say([...row.querySelectorAll(".turn-who bdi, .turn-state")].map((part) => part.textContent.trim()).join(" "));
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const row = rowOf(event);
    if (row) row.inert = false;
  });

  // The picker reads Latin digits only; the field shows Persian ones whenever it is left.
  const latin = (text) => text.replace(/[۰-۹]/g, (sign) => "۰۱۲۳۴۵۶۷۸۹".indexOf(sign));
  const persian = (text) => text.replace(/[0-9]/g, (sign) => "۰۱۲۳۴۵۶۷۸۹"[sign]);
  const isDay = (element) => element instanceof HTMLInputElement && "jdp" in element.dataset;
  window.addEventListener("focusin", (event) => {
    if (isDay(event.target)) event.target.value = latin(event.target.value);
  }, true);
  window.addEventListener("focusout", (event) => {
    if (isDay(event.target)) event.target.value = persian(event.target.value);
  });

  // The day picker of the solar calendar; the field stays a plain text field.
  if (window.jalaliDatepicker) {
    const options = {
      persianDigits: true,
      autoReadOnlyInput: false,
      showEmptyBtn: false,
      zIndex: 2000,
      minDate: { year: 1400, month: 1, day: 1 },
      maxDate: { year: 1420, month: 12, day: 29 },
    };
    if (document.documentElement.lang === "fa-AF") {
      options.months = ["حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت"];
    }
    window.jalaliDatepicker.startWatch(options);
  }
})();

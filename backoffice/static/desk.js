// Small conveniences; every page works without them.
"use strict";
(() => {
  document.documentElement.classList.add("script");

  // Forms and buttons that act on a change, such as the choice of an office.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
    // A choice that asks for more fields shows them.
    for (const more of event.target.form?.querySelectorAll("details[data-shown-by]") ?? []) {
      if (more.dataset.shownBy === event.target.name && more.dataset.shownAt === event.target.value) more.open = true;
    }
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

  // What was asked for to be printed opens the printer by itself.
  if (document.querySelector("[data-print-now]")) window.addEventListener("load", () => window.print());

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details.menu[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  // A form that cannot be undone asks first, in its own words.
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.asks ?? event.target.dataset.asks;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // A search that is sent as a form: what holds no digit is a name and goes on to its address, anything else is
  // answered in place. Once sent, it overtakes what is still looked for while one types.
  let isSent = false;
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-search]")) isSent = false;
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-find]")) return;
    isSent = true;
    if (!/\p{N}/u.test(event.target.querySelector("[data-search]").value)) event.stopPropagation();
  }, true);
  for (const step of ["request", "swap"]) {
    document.addEventListener(`htmx:before:${step}`, (event) => {
      if (isSent && event.detail.ctx.sourceElement?.matches?.("[data-search]")) event.preventDefault();
    });
  }

  // The second press of a hurried hand is not sent at all, so the answer of the first one is what is seen.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // How much room a text has left, said once it gets short; nothing that is pasted is cut.
  const count = (field) => {
    const counter = field.closest(".field")?.querySelector("[data-counter]");
    if (!counter) return;
    const most = Number(field.dataset.longest);
    const length = [...field.value].length;
    counter.hidden = length < most * 0.8;
    counter.classList.toggle("counter-over", length > most);
    counter.textContent = `${length.toLocaleString("fa")} / ${most.toLocaleString("fa")}`;
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-longest]")) count(event.target);
  });
  for (const field of document.querySelectorAll("[data-longest]")) count(field);

  const say = (words) => {
    const live = document.getElementById("live");
    if (live) live.textContent = words || "";
  };

  // What went wrong stands in the row that was pressed, else above the page; the page itself stays as it is.
  const fault = document.createElement("div");
  fault.className = "problem fault";
  fault.setAttribute("role", "alert");
  const complain = (row, words) => {
    const home = row?.isConnected ? row : document.getElementById("main");
    const parts = [...words.childNodes];
    if (!home || !parts.length) return;
    // A piece that is asked for again and again complains once.
    if (fault.parentNode === home && fault.textContent === words.textContent) return;
    fault.replaceChildren(...parts);
    if (home === row) home.append(fault);
    else home.prepend(fault);
  };
  const lost = () => document.getElementById("offline")?.content.cloneNode(true) ?? document.createDocumentFragment();

  // A reply that is being written is kept on the server whenever the writing pauses or the page is left, and goes along
  // with any other form of the page. Signed out meanwhile, the words stay and the way to the sign-in stands above.
  const PAUSE = 1200;
  const written = document.querySelector("[data-draft]");
  if (written) {
    const text = written.querySelector("textarea");
    let kept = text.value;
    let timer = 0;
    const keep = async () => {
      clearTimeout(timer);
      const sent = text.value;
      if (sent === kept) return;
      kept = sent;
      const { _token, seen } = written.elements;
      const body = new URLSearchParams({ _token: _token.value, seen: seen.value, text: sent });
      try {
        const headers = { "hx-request": "true", "hx-current-url": window.location.href };
        const answer = await fetch(written.dataset.draft, { method: "POST", body, headers, keepalive: sent.length < 9000 });
        const words = new DOMParser().parseFromString(await answer.text(), "text/html").body;
        if (answer.ok) {
          written.querySelector("[data-draft-said]").replaceChildren(...words.childNodes);
          if (fault.isConnected) fault.remove();
        } else {
          kept = null;
          complain(null, answer.headers.get("hx-reswap") === "none" ? words : lost());
        }
      } catch {
        kept = null;
        complain(null, lost());
      }
    };
    text.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") keep();
    });
    document.addEventListener("submit", (event) => {
      if (event.defaultPrevented || event.target.method !== "post") return;
      clearTimeout(timer);
      const before = kept;
      kept = text.value;
      if (event.target === written || before === text.value) return;
      for (const [name, value] of [["draft", text.value], ["seen", written.elements.seen.value]]) {
        if (event.target.elements[name]) continue;
        const more = document.createElement("input");
        Object.assign(more, { type: "hidden", name, value });
        event.target.append(more);
      }
    });
  }

  // Ctrl+Enter in a text sends it; with Shift, the reply is sent and the case closed.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("textarea")) return;
    const form = event.target.closest("[data-ctrl-enter]");
    const button = form?.querySelector(event.shiftKey ? "[data-ctrl-shift-enter]" : "[type=submit]");
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  });

  // The form for the day somebody comes back: only one stands open, and leaving it leads back to its row.
  const close = (more) => {
    const held = more.contains(document.activeElement);
    more.replaceChildren();
    if (held) more.closest("[data-row]").focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    const more = event.target.closest("[data-leave]")?.closest("[data-more]");
    if (!more) return;
    event.preventDefault();
    more.closest("[data-row]").focus({ preventScroll: true });
    close(more);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    for (const more of document.querySelectorAll("[data-more]:not(:empty)")) {
      more.closest("[data-row]").focus({ preventScroll: true });
      close(more);
    }
  });

  // While a row is being recorded a second tap would speak to the old row; afterwards the keyboard stays in it and
  // its new state is read out. Whoever has gone on to another place meanwhile stays there.
  const rowOf = (ctx) => ctx?.sourceElement?.closest?.("[data-row]");
  const records = (ctx) => ctx.request.method !== "GET";
  const landed = (ctx) => {
    const target = typeof ctx.target === "string" ? document.querySelector(ctx.target) : ctx.target;
    return !target || target.isConnected ? target : document.getElementById(target.id);
  };
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    const row = rowOf(ctx);
    if (row && records(ctx)) row.inert = true;
  });
  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    // What is not an answer of ours, such as the page of a proxy, is not shown.
    const isOurs = ctx.hx.reswap === "none";
    ctx.hx.reswap = "none";
    complain(rowOf(ctx), isOurs ? new DOMParser().parseFromString(ctx.text, "text/html").body : lost());
  });
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    if (ctx?.request && !ctx.response) complain(rowOf(ctx), lost());
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    const place = ctx.swap === "none" ? null : landed(ctx);
    if (!place) return;
    fault.remove();
    const found = isSent && place.querySelector("[data-found]");
    if (found) {
      document.querySelector("[data-search]").value = ""; // the number of a paper is left nowhere
      say(found.textContent.trim());
    }
    const row = place.closest("[data-row]");
    const active = document.activeElement;
    const hasLeft = active && active !== document.body && !(row || place).contains(active);
    // A piece may name its own place: a field for a day would open its picker over everything.
    const wanted = place.querySelector("[data-focus]") ?? place.querySelector("[autofocus], [aria-invalid]");
    if (wanted && hasLeft && active.closest("[data-row]")) {
      // It came too late: its buttons would be pressed for somebody else.
      close(wanted.closest("[data-more]"));
    } else if (wanted) {
      for (const more of document.querySelectorAll("[data-more]:not(:empty)")) {
        if (!more.contains(wanted)) close(more);
      }
      wanted.focus();
    } else if (row && records(ctx) && !hasLeft) {
      row.focus({ preventScroll: true });
    }
    if (row && records(ctx)) {
      say([...row.querySelectorAll(".appointment-who bdi, .appointment-state")].map((part) => part.textContent.trim()).join(" "));
    }
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    const row = rowOf(ctx);
    if (!row || !records(ctx)) return;
    row.inert = false;
    // Where nothing came, the keyboard is given back to the row too.
    if (row.isConnected && document.activeElement === document.body) row.focus({ preventScroll: true });
  });

  // The mark of the present moment goes on while the list stays open.
  const moveNow = () => {
    const mark = document.querySelector("[data-now]");
    if (!mark) return;
    const rows = [...mark.parentElement.querySelectorAll("[data-starts]")];
    const next = rows.find((row) => Number(row.dataset.starts) * 1000 > Date.now());
    if (next && mark.nextElementSibling !== next) next.before(mark);
    else if (!next && mark.nextElementSibling) mark.parentElement.append(mark);
  };
  window.setInterval(moveNow, 30000);

  // The picker reads Latin digits only; the field shows Persian ones whenever it is left.
  const latin = (text) => text.replace(/[۰-۹]/g, (sign) => "۰۱۲۳۴۵۶۷۸۹".indexOf(sign));
  const persian = (text) => text.replace(/[0-9]/g, (sign) => "۰۱۲۳۴۵۶۷۸۹"[sign]);
  const isDay = (element) => element instanceof HTMLInputElement && "jdp" in element.dataset;
  // What stands in a day field is chosen as a whole when it is entered: typing replaces it, arrows still edit it. A
  // press ends after the focus has come and would set the caret into the middle, so its end chooses again.
  let entered = null;
  const enter = (element) => {
    if (!isDay(element)) return;
    element.value = latin(element.value);
    element.select();
    entered = element;
  };
  window.addEventListener("focusin", (event) => enter(event.target), true);
  enter(document.activeElement); // the focus may have come before this script
  window.addEventListener("click", (event) => {
    if (event.target === entered) entered.select();
    entered = null;
  }, true);
  window.addEventListener("focusout", (event) => {
    if (isDay(event.target)) event.target.value = persian(event.target.value);
  });

  // The day picker of the solar calendar; the field stays a plain text field.
  if (window.jalaliDatepicker) {
    // It stands over the page, and its field may be gone when the answer comes. While it is still opening (for 300 ms)
    // it would come back by itself, so it is hidden once more, unless another field for a day was entered meanwhile.
    // Whoever goes on with the keyboard has left it: the next field may lie below it.
    let entries = 0;
    const putAway = () => {
      const before = entries;
      window.jalaliDatepicker.hide();
      window.setTimeout(() => { if (entries === before) window.jalaliDatepicker.hide(); }, 400);
    };
    // A field that has the focus from the beginning has a reason below it, which is read first: the picker does not
    // hear of it.
    let isTouched = false;
    for (const act of ["pointerdown", "keydown"]) window.addEventListener(act, () => { isTouched = true; }, true);
    window.addEventListener("focusin", (event) => {
      if (!isDay(event.target)) return;
      entries += 1;
      if (!isTouched) event.stopPropagation();
    }, true);
    // A press opens it, also where the field has the focus already and nothing tells of it: from the beginning, after
    // Escape, after a day was chosen.
    const isOpen = () => document.querySelector("jdp-container")?.style.display === "block";
    window.addEventListener("click", (event) => {
      if (!isDay(event.target)) return;
      entries += 1;
      if (!isOpen()) window.jalaliDatepicker.show(event.target);
    });
    for (const end of ["submit", "jdp:change"]) window.addEventListener(end, putAway, true);
    window.addEventListener("keydown", (event) => {
      if (isDay(event.target) && (event.key === "Tab" || event.key === "Escape")) putAway();
    }, true);
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

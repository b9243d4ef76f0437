// Pages that stay open follow what others do: a signal says what changed, the page fetches its own piece again.
// One tab of a browser listens for all of them. Without script the pages are as they were when they were opened.
"use strict";
(() => {
  const regions = () => [...document.querySelectorAll("[data-live]")];
  const above = document.querySelector("[data-from]"); // a piece that stands above every page and is fetched by itself
  if (!regions().length && !above || !window.EventSource || !window.BroadcastChannel || !navigator.locks) return;

  const ADDRESS = "/live";
  // Milliseconds between a signal and the look, and at least three times as many between two looks: where people are
  // called, a press shows on all screens within a second.
  const PAUSE = document.querySelector("[data-live][data-quick]") ? 150 : 400;
  const channel = new BroadcastChannel("mizban-live");
  let isStale = false;
  let timer = null;
  let looked = 0;

  // ------------------------------------------------------------------------------------------- what concerns this page
  const concerns = (told) => regions().some(({ dataset }) => {
    if (told.subject === "everything") return true;
    if (told.subject !== dataset.live) return false;
    return (!told.office || !dataset.office || String(told.office) === dataset.office)
      && (!told.day || !dataset.day || told.day === dataset.day);
  });
  const fetchAbove = async () => {
    if (!above) return;
    try {
      const answer = await fetch(above.dataset.from, { headers: { "mizban-by-itself": "1" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(above.id);
      if (fresh) above.replaceChildren(...document.importNode(fresh, true).childNodes);
    } catch {
      // the stream tells when there is a connection again
    }
  };
  fetchAbove();
  const hear = (told) => {
    if (told.subject === "crowd" || told.subject === "everything") fetchAbove();
    if (!concerns(told)) return;
    isStale = true;
    plan();
  };
  const plan = () => {
    if (!isStale || timer || document.hidden) return;
    timer = setTimeout(look, Math.max(PAUSE, looked + 3 * PAUSE - Date.now()));
  };
  document.addEventListener("visibilitychange", plan);
  // What depends on the time alone, such as who is next, is looked at each minute.
  if (document.querySelector("[data-live][data-quick]")) setInterval(hear, 60000, { subject: "everything" });

  // ------------------------------------------------------------------------------------------------- looking anew
  // With the words that are typed and perhaps not yet in the address. Those of a search that is sent as a form may be
  // the number of somebody's paper and go into no address, here neither.
  const asked = () => {
    const options = { headers: { "mizban-by-itself": "1" }, credentials: "same-origin" };
    const words = document.querySelector("[data-search]");
    if (words?.form.method === "post") {
      options.headers["hx-request"] = "true";
      return [words.form.action, { ...options, method: "POST", body: new URLSearchParams(new FormData(words.form)) }];
    }
    const address = new URL(window.location.href);
    if (words) address.searchParams.set(words.name, words.value);
    return [address, options];
  };
  const look = async () => {
    timer = null;
    isStale = false;
    looked = Date.now();
    try {
      const answer = await fetch(...asked());
      if (!answer.ok || answer.redirected) return void show("ended");
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const region of regions()) {
        const next = fresh.getElementById(region.id);
        if (next) renew(region, next);
      }
    } catch {
      isStale = true; // the stream tells when there is a connection again
    }
  };

  // What a row answered to the person before it. Their own press is signalled to them too: the answer stays until the
  // row answers anew, or the look that follows would take it away unread.
  const answers = (row) => [...row.querySelectorAll(":scope > .notice, :scope > .problem")];
  // Hidden fields hold what is new in each rendering, so they say nothing about a change; nor does the space that an
  // answer leaves.
  const content = (element) => {
    const copy = element.cloneNode(true);
    for (const field of copy.querySelectorAll("input[type=hidden]")) field.remove();
    if (copy.matches("[data-row]")) for (const answer of answers(copy)) answer.remove();
    copy.classList.remove("is-fresh");
    return copy.outerHTML.replace(/\s+/g, " ");
  };
  // What somebody is busy with stays under their hands: it is renewed with the next signal.
  const isBusy = (element) => element.inert
    || element.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")
    || [...element.querySelectorAll("[data-more]")].some((more) => more.children.length);
  const replace = (old, next) => {
    if (content(old) === content(next)) return;
    if (isBusy(old)) {
      isStale = true;
      return;
    }
    const held = old.contains(document.activeElement);
    const fresh = document.importNode(next, true);
    if (fresh.matches("[data-row]") && !answers(fresh).length) fresh.append(...answers(old));
    fresh.classList.add("is-fresh");
    old.replaceWith(fresh);
    window.htmx?.process(fresh);
    // Of a region without a row of its own, the row or the button that stands in it.
    if (held) (fresh.matches("[data-row]") ? fresh : fresh.querySelector("[data-row], [data-key]"))?.focus({ preventScroll: true });
  };
  const renew = (region, next) => {
    const rowsOf = (element) => [...element.querySelectorAll(":scope [data-row][id]")];
    const before = new Map(rowsOf(region).map((row) => [row.id, row]));
    const after = rowsOf(next);
    const list = before.size && after.length ? rowsOf(region)[0].parentElement : null;
    if (!list || rowsOf(region).some((row) => row.parentElement !== list)) {
      replace(region, next);
      return;
    }
    let place = null;
    for (const row of after) {
      const old = before.get(row.id);
      if (old) {
        before.delete(row.id);
        replace(old, row);
        place = document.getElementById(row.id);
      } else {
        const fresh = document.importNode(row, true);
        fresh.classList.add("is-fresh");
        if (place) place.after(fresh);
        else list.prepend(fresh);
        window.htmx?.process(fresh);
        place = fresh;
      }
    }
    for (const gone of before.values()) if (!isBusy(gone)) gone.remove();
  };

  // ------------------------------------------------------------------------------------------------ the one stream
  const show = (state) => {
    document.documentElement.dataset.stream = state;
  };
  let wasLost = false;
  const receive = ({ state, told }) => {
    if (told) hear(told);
    if (!state) return;
    show(state);
    // Whatever happened while nothing could be heard is looked for once.
    if (state === "open" && wasLost) hear({ subject: "everything" });
    wasLost = state !== "open";
  };
  const pass = (message) => {
    receive(message);
    channel.postMessage(message);
  };
  let isListening = false;
  channel.onmessage = ({ data }) => {
    if (!data.asks) receive(data);
    else if (isListening) channel.postMessage({ state: document.documentElement.dataset.stream });
  };
  channel.postMessage({ asks: true }); // a tab that comes later learns from the first how things stand

  const listen = () => navigator.locks.request("mizban-live", () => new Promise((leave) => {
    isListening = true;
    const stream = new EventSource(ADDRESS);
    stream.addEventListener("open", () => pass({ state: "open" }));
    stream.addEventListener("error", () => pass({ state: "lost" }));
    stream.addEventListener("changed", (event) => pass({ told: JSON.parse(event.data) }));
    stream.addEventListener("ended", () => {
      stream.close();
      pass({ state: "ended" });
      leave();
    });
    window.addEventListener("pagehide", () => {
      stream.close();
      leave();
    }, { once: true });
  }));
  listen();
  // A page that comes back out of the browser's memory has missed what happened meanwhile.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    listen();
    hear({ subject: "everything" });
  });
})();

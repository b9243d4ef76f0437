// The page: a phone for each messenger, tabs on narrow screens, the lab.
import * as api from "./api.js";
import { h } from "./dom.js";
import { Lab } from "./lab.js";
import { Phone } from "./phone.js";
import { W } from "./words.js";

function tabs(phones) {
  const list = document.getElementById("tabs");
  const choose = (chosen) => {
    phones.forEach((phone, index) => {
      phone.element.classList.toggle("chosen", phone === chosen);
      list.children[index].setAttribute("aria-selected", String(phone === chosen));
      list.children[index].tabIndex = phone === chosen ? 0 : -1;
    });
    chosen.scroll.scrollTop = chosen.scroll.scrollHeight;
  };
  const step = (event, index) => {
    const way = { ArrowLeft: 1, ArrowRight: -1 }[event.key];
    if (!way) return;
    const next = (index + way + phones.length) % phones.length;
    choose(phones[next]);
    list.children[next].focus();
  };
  list.replaceChildren(...phones.map((phone, index) => h("button", {
    type: "button", role: "tab", class: `tab ${phone.bot.dialect}`, "aria-controls": phone.frame.id,
    onclick: () => choose(phone), onkeydown: (event) => step(event, index),
  }, W.messenger[phone.bot.dialect])));
  list.hidden = phones.length < 2;
  if (phones.length) choose(phones[0]);
}

// What an app for codes would show on the phone of a member of staff: the sign-in asks for it after the password.
async function showCodes() {
  const codes = await api.codes();
  document.getElementById("codes").hidden = !codes.length;
  document.getElementById("codes-list").replaceChildren(...codes.flatMap((one) => [
    h("dt", { dir: "ltr" }, one.name),
    h("dd", {}, h("b", { dir: "ltr" }, one.code), h("span", { class: "hint" }, W.codeLasts(one.left))),
  ]));
  if (codes.length) setTimeout(() => showCodes().catch(() => {}), 1000);
}

async function open() {
  const bots = await api.bots();
  const phones = bots.slice(0, 2).map((bot) => new Phone(bot));
  document.getElementById("table").replaceChildren(...phones.map((phone) => phone.element));
  tabs(phones);
  const lab = new Lab(bots);
  document.getElementById("open-lab").addEventListener("click", () => lab.open());
  for (const link of await api.links()) {
    document.getElementById("links").append(h("a", { href: link.url, target: "_blank", rel: "noopener" }, link.label));
  }
  await showCodes();
  await Promise.all(phones.map((phone) => phone.open()));
  const refresh = async () => {
    for (const fresh of await api.bots()) {
      const phone = phones.find((one) => one.bot.username === fresh.username);
      if (phone) Object.assign(phone.bot, fresh);
    }
  };
  setInterval(() => refresh().catch(() => {}), 10000);
}

open();

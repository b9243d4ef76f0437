// One phone: who holds it, the chat as it changes, and everything that can be done in it.
import * as api from "./api.js";
import { bubble, dayLine } from "./bubbles.js";
import { Composer } from "./composer.js";
import { dayOf, h, icon, timeOf } from "./dom.js";
import { notice, toast } from "./sheets.js";
import { W } from "./words.js";

const RETRY_PAUSE = 1500;

export class Phone {
  constructor(bot) {
    this.bot = bot;
    this.person = null;
    this.people = [];
    this.state = null;
    this.shown = new Map();
    this.answersSeen = new Set();
    this.following = null;
    this.build();
  }

  build() {
    const { dialect, first_name: name } = this.bot;
    this.list = h("ol", { class: "messages" });
    this.scroll = h("div", { class: "scroll", tabindex: "0", role: "log", "aria-label": name }, this.list);
    this.status = h("span", { class: "status" }, W.bot);
    this.holder = h("select", { "aria-label": `${W.person} (${W.messenger[dialect]})`, onchange: () => this.switchTo(this.holder.value) });
    this.composer = new Composer(this);
    this.clock = h("span", { class: "phone-clock" });
    this.ban = h("button", { type: "button", class: "head-tool", "aria-label": W.block, title: W.block, "aria-pressed": "false",
      onclick: () => this.act(this.state?.person.blocked ? "unblock" : "block") }, icon("ban"));
    const fresh = h("button", { type: "button", class: "head-fresh", onclick: () => this.newPerson() }, icon("plus"), W.newPerson);
    this.frame = h("section", { class: `phone ${dialect}`, id: `phone-${this.bot.username}`, "aria-label": `${W.messenger[dialect]}: ${name}` },
      h("div", { class: "phone-top", "aria-hidden": "true" }, this.clock, h("span", { class: "island" }), h("span", { class: "battery" })),
      h("div", { class: "head" },
        h("div", { class: "avatar", "aria-hidden": "true" }, [...name][0]),
        h("div", { class: "head-words" }, h("h2", {}, name, h("small", {}, W.messenger[dialect])), this.status),
        this.ban),
      this.scroll, this.composer.element);
    this.holderBar = h("div", { class: "holder" }, h("span", { class: "holder-sign", "aria-hidden": "true" }, icon("person")), this.holder, fresh);
    this.element = h("div", { class: "seat" }, this.holderBar, this.frame);
    this.atEnd = true;
    this.scroll.addEventListener("scroll", () => {
      this.atEnd = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 60;
    }, { passive: true });
    const watch = new ResizeObserver(() => this.stick());
    watch.observe(this.scroll);
    watch.observe(this.list);
    this.tick();
    setInterval(() => this.tick(), 20000);
  }

  tick() {
    this.clock.textContent = timeOf(Date.now() / 1000);
  }

  /** Stay at the newest message while the person has not scrolled up. */
  stick() {
    if (this.atEnd) this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  toast(text) {
    toast(this.frame, text);
  }

  // ---------------------------------------------------------------- who holds the phone
  async open() {
    const everybody = (await api.people()).filter((person) => person.bot === this.bot.username);
    const kept = sessionStorage.getItem(`person-${this.bot.username}`);
    const mine = everybody.find((person) => person.key === kept);
    this.people = everybody;
    if (mine) this.follow(mine);
    else await this.newPerson();
  }

  async newPerson() {
    const used = new Set(this.people.map((person) => person.first_name));
    const free = W.names.filter((name) => !used.has(name));
    const pool = free.length ? free : W.names;
    const person = await api.newPerson(this.bot.username, pool[Math.floor(Math.random() * pool.length)]);
    this.people.push(person);
    this.follow(person);
  }

  switchTo(key) {
    const person = this.people.find((one) => one.key === key);
    if (person) this.follow(person);
  }

  follow(person) {
    this.following?.abort();
    this.person = person;
    sessionStorage.setItem(`person-${this.bot.username}`, person.key);
    this.holder.replaceChildren(...this.people.map((one) => h("option", { value: one.key }, one.first_name)));
    this.holder.value = person.key;
    this.shown.clear();
    this.answersSeen.clear();
    this.list.replaceChildren();
    this.state = null;
    this.following = new AbortController();
    this.listen(person.key, this.following.signal);
  }

  async listen(key, signal) {
    let version = -1;
    while (!signal.aborted) {
      try {
        const state = await api.chat(key, version, signal);
        if (signal.aborted) return;
        const first = version < 0;
        version = state.version;
        this.show(state, first);
      } catch (failure) {
        if (signal.aborted) return;
        if (failure.message === "no such person") { // the emulator was started anew
          await this.open();
          return;
        }
        this.status.textContent = W.lost;
        await new Promise((resolve) => { setTimeout(resolve, RETRY_PAUSE); });
        version = -1;
      }
    }
  }

  // ---------------------------------------------------------------- acting
  async act(what, body = {}) {
    try {
      return await api.act(this.person.key, what, body);
    } catch (failure) {
      this.toast(failure.message);
      return null;
    }
  }

  say(text) { return this.act("say", { text }); }

  press(messageId, data) { return this.act("press", { message_id: messageId, data }); }

  goTo(id) {
    const line = this.list.querySelector(`[data-id="${id}"]`);
    line?.scrollIntoView({ block: "center", behavior: "smooth" });
    line?.classList.add("pointed");
    setTimeout(() => line?.classList.remove("pointed"), 1200);
  }

  // ---------------------------------------------------------------- showing
  show(state, first) {
    const grew = !this.state || state.messages.length !== this.state.messages.length;
    const lastMine = state.messages.at(-1)?.mine && grew;
    this.state = state;
    this.status.textContent = state.typing ? W.typing : W.bot;
    this.status.classList.toggle("busy", state.typing);
    this.drawMessages(state);
    this.composer.show(state);
    this.showAnswers(state, first);
    this.ban.setAttribute("aria-pressed", String(state.person.blocked));
    if (first || lastMine) this.atEnd = true;
    this.stick();
  }

  drawMessages(state) {
    const spinning = new Set(state.spinning.map((query) => `${query.message_id}|${query.data}`));
    const lines = [];
    let lastDay = "";
    for (const message of state.messages) {
      const day = dayOf(message.date);
      if (day !== lastDay) lines.push(this.keep(`day-${day}`, day, () => dayLine(message.date)));
      lastDay = day;
      const waits = message.rows.flat().map((button) => spinning.has(`${message.message_id}|${button.data}`));
      const look = JSON.stringify([message, waits]);
      lines.push(this.keep(`m-${message.message_id}`, look, () => bubble(message, { all: state.messages, spinning, doing: this })));
    }
    if (!lines.length) lines.push(this.keep("empty", "", () => h("li", { class: "empty" },
      h("span", { class: "avatar", "aria-hidden": "true" }, [...this.bot.first_name][0]),
      h("strong", {}, this.bot.first_name), h("p", {}, W.emptyChat))));
    const wanted = new Set(lines);
    for (const child of [...this.list.children]) if (!wanted.has(child)) child.remove();
    lines.forEach((line, index) => {
      if (this.list.children[index] !== line) this.list.insertBefore(line, this.list.children[index] ?? null);
    });
  }

  /** Return the element drawn before for this name when nothing about it changed, else a new one. */
  keep(name, look, draw) {
    const before = this.shown.get(name);
    if (before?.look === look) return before.element;
    const element = draw();
    if (!before) element.classList.add("fresh");
    this.shown.set(name, { look, element });
    return element;
  }

  showAnswers(state, first) {
    for (const answer of state.answers) {
      if (this.answersSeen.has(answer.id)) continue;
      this.answersSeen.add(answer.id);
      if (first || !answer.text) continue;
      if (answer.alert) notice(this.frame, this.bot.first_name, answer.text);
      else this.toast(answer.text);
    }
  }
}

// The drawer where the network is made bad: fault switches, what the bot asked of the server, rules it broke.
import * as api from "./api.js";
import { h, persian, timeOf } from "./dom.js";
import { FAULTS, W } from "./words.js";

const REFRESH = 1500;
const SHOWN_CALLS = 14;

export class Lab {
  constructor(bots) {
    this.active = new Map();
    this.chance = h("input", { type: "range", min: "5", max: "100", step: "5", value: "30", id: "lab-chance",
      oninput: () => this.showChance(), onchange: () => this.again() });
    this.chanceWords = h("output", { for: "lab-chance" });
    this.target = h("select", { id: "lab-target", onchange: () => this.again() },
      h("option", { value: "*" }, W.both), bots.map((bot) => h("option", { value: bot.username }, W.messenger[bot.dialect])));
    this.calls = h("ol", { class: "calls" });
    this.broken = h("ul", { class: "broken" });
    this.switches = FAULTS.map((fault) => this.toggle(fault));
    const off = h("button", { type: "button", class: "wide", onclick: () => this.clear() }, W.clearFaults);
    const close = h("button", { type: "button", class: "quiet", onclick: () => this.dialog.close() }, W.close);
    this.dialog = h("dialog", { class: "lab", "aria-labelledby": "lab-title" },
      h("div", { class: "lab-body" },
        h("div", { class: "lab-head" }, h("h2", { id: "lab-title" }, W.lab), close),
        h("p", { class: "hint" }, W.labHint),
        h("h3", {}, W.faultsHead),
        h("div", { class: "lab-options" },
          h("label", { for: "lab-chance" }, W.chance, " ", this.chanceWords), this.chance,
          h("label", { for: "lab-target" }, W.target), this.target),
        h("div", { class: "switches" }, this.switches.map((one) => one.element)), off,
        h("h3", {}, W.violations), this.broken,
        h("h3", {}, W.callsHead), this.calls));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => clearInterval(this.watching));
    document.body.append(this.dialog);
    this.showChance();
  }

  showChance() {
    this.chanceWords.textContent = persian(this.chance.value);
  }

  toggle(fault) {
    const box = h("input", { type: "checkbox", role: "switch", onchange: () => (box.checked ? this.add(fault) : this.remove(fault)) });
    const element = h("label", { class: "switch" }, h("span", { "aria-hidden": "true" }, fault.icon), h("span", { class: "switch-words" }, fault.label), box);
    return { fault, box, element };
  }

  async add(fault) {
    const made = await api.addFault({ kind: fault.kind, bot: this.target.value, probability: this.chance.value / 100, ...fault.options });
    this.active.set(fault.kind, made.id);
  }

  async remove(fault) {
    const id = this.active.get(fault.kind);
    this.active.delete(fault.kind);
    if (id) await api.removeFault(id);
  }

  async again() {
    for (const { fault, box } of this.switches) {
      if (box.checked) {
        await this.remove(fault);
        await this.add(fault);
      }
    }
  }

  async clear() {
    await api.clearFaults();
    this.active.clear();
    for (const { box } of this.switches) box.checked = false;
  }

  open() {
    this.dialog.showModal();
    this.refresh();
    this.watching = setInterval(() => this.refresh(), REFRESH);
  }

  async refresh() {
    const [calls, broken] = await Promise.all([api.calls(), api.violations()]);
    const told = calls.filter((call) => call.method.toLowerCase() !== "getupdates").slice(-SHOWN_CALLS).reverse();
    this.calls.replaceChildren(...(told.length ? told.map((call) => h("li", { class: call.ok ? "good" : "bad" },
      h("time", {}, timeOf(call.at)), h("code", { dir: "ltr" }, call.method), h("span", {}, W.messenger[call.dialect]),
      h("bdi", { dir: "ltr", class: "outcome" }, call.ok ? "✓" : `${call.status || "…"} ${call.fault || call.error}`)))
      : [h("li", { class: "faint" }, W.noCalls)]));
    this.broken.replaceChildren(...(broken.length ? broken.slice(-6).reverse().map((one) => h("li", { class: "bad" },
      h("code", { dir: "ltr" }, one.method), h("bdi", { dir: "ltr" }, one.why)))
      : [h("li", { class: "good" }, W.noViolations)]));
  }
}

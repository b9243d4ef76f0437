// What slides up over a phone: notices of the bot, sharing a number, choosing a place, the attachment menu.
import { h, persian } from "./dom.js";
import { PLACES, W } from "./words.js";

let number = 0;

/** Show a sheet inside `phone`; `fill(close)` returns its content. Escape, the backdrop and `close` end it. */
export function sheet(phone, title, fill, kind = "") {
  const label = `sheet-${(number += 1)}`;
  const dialog = h("dialog", { class: `sheet ${kind}`, "aria-labelledby": label });
  const close = () => dialog.close();
  dialog.append(h("div", { class: "sheet-body" }, h("h3", { id: label }, title), ...fill(close)));
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  dialog.addEventListener("close", () => dialog.remove());
  const lay = () => {
    const frame = phone.getBoundingClientRect();
    dialog.style.left = `${frame.left + phone.clientLeft}px`;
    dialog.style.width = `${phone.clientWidth}px`;
    dialog.style.bottom = `${window.innerHeight - frame.bottom + phone.clientLeft}px`;
  };
  lay();
  window.addEventListener("resize", lay);
  window.addEventListener("scroll", lay, { passive: true });
  dialog.addEventListener("close", () => {
    window.removeEventListener("resize", lay);
    window.removeEventListener("scroll", lay);
  });
  phone.append(dialog);
  dialog.showModal();
  return dialog;
}

const button = (label, act, kind = "") => h("button", { type: "button", class: `wide ${kind}`, onclick: act }, label);

export function notice(phone, title, text) {
  sheet(phone, title, (close) => [h("p", { dir: "auto", class: "sheet-text" }, text), button(W.ok, close, "primary")], "notice");
}

export function shareContact(phone, person, share) {
  sheet(phone, W.contact, (close) => [
    h("p", {}, W.shareContact),
    h("p", { class: "number", dir: "ltr" }, persian(`+${person.phone}`)),
    h("div", { class: "sheet-row" },
      button(W.shareYes, () => { close(); share(); }, "primary"), button(W.cancel, close)),
  ]);
}

export function choosePlace(phone, choose) {
  sheet(phone, W.where, (close) => {
    const problem = h("p", { class: "problem", role: "status" });
    const pick = (place) => { close(); choose(place); };
    const locate = () => {
      const failed = () => { problem.textContent = W.hereFailed; };
      if (!navigator.geolocation) { failed(); return; }
      navigator.geolocation.getCurrentPosition((found) => pick(found.coords), failed, { timeout: 8000 });
    };
    return [
      h("div", { class: "places" }, PLACES.map((place) => button(`📍 ${place.name}`, () => pick(place)))),
      button(W.here, locate, "primary"),
      problem,
    ];
  });
}

export function attachments(phone, choices) {
  sheet(phone, W.attach, (close) => [
    h("div", { class: "tiles" }, choices.map(([sign, label, act]) =>
      h("button", { type: "button", class: "tile", onclick: () => { close(); act(); } },
        h("span", { class: "tile-sign", "aria-hidden": "true" }, sign), h("span", {}, label)))),
  ]);
}

export function commandList(phone, commands, say) {
  sheet(phone, W.commands, (close) => [
    h("div", { class: "places one" }, commands.map((command) =>
      h("button", { type: "button", class: "wide command-row", onclick: () => { close(); say(`/${command.command.replace(/^\//, "")}`); } },
        h("bdi", { dir: "ltr", class: "faint" }, `/${command.command.replace(/^\//, "")}`), h("span", {}, command.description)))),
  ]);
}

export function toast(place, text, sign = "") {
  const note = h("div", { class: "toast", role: "status" }, sign ? `${sign} ` : "", h("span", { dir: "auto" }, text));
  place.append(note);
  setTimeout(() => note.classList.add("gone"), 3200);
  setTimeout(() => note.remove(), 3600);
}

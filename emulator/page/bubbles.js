// One message as a bubble with its inline keyboard.
import { card } from "./cards.js";
import { copyText, dayOf, h, icon, timeOf } from "./dom.js";
import { formatted, isBigEmoji } from "./entities.js";
import { W } from "./words.js";

function inlineButton(message, button, spinning, doing) {
  const style = button.style ? ` style-${button.style}` : "";
  if (button.url) {
    return h("a", { class: `key${style}`, href: button.url, target: "_blank", rel: "noopener noreferrer" },
      h("span", { dir: "auto" }, button.label), icon("link"));
  }
  if (button.copy) {
    const copy = () => copyText(button.copy).then(() => doing.toast(W.copied));
    return h("button", { type: "button", class: `key${style}`, onclick: copy }, h("span", { dir: "auto" }, button.label), icon("copy"));
  }
  const waiting = spinning.has(`${message.message_id}|${button.data}`);
  const press = (event) => {
    event.currentTarget.classList.add("waiting");
    doing.press(message.message_id, button.data);
  };
  return h("button", { type: "button", class: `key${style}${waiting ? " waiting" : ""}`, onclick: press },
    h("span", { dir: "auto" }, button.label), h("span", { class: "spinner", "aria-hidden": "true" }));
}

function keyboard(message, spinning, doing) {
  if (!message.rows.length) return null;
  return h("div", { class: "keys" }, message.rows.map((row) =>
    h("div", { class: "keys-row" }, row.map((button) => inlineButton(message, button, spinning, doing)))));
}

function quoted(message, all, doing) {
  const origin = message.reply_to === null ? null : all.find((other) => other.message_id === message.reply_to);
  if (!origin) return null;
  return h("button", { type: "button", class: "quoted", onclick: () => doing.goTo(origin.message_id) },
    h("span", { dir: "auto" }, origin.text ? origin.text.slice(0, 60) : "…"));
}

export function bubble(message, { all, spinning, doing }) {
  const big = message.kind === "text" && !message.entities.length && isBigEmoji(message.text);
  const inside = card(message);
  const bare = message.kind === "sticker" || big;
  const words = message.text
    ? h("div", { class: `words${big ? " big" : ""}`, dir: "auto" }, formatted(message.text, message.entities, doing)) : null;
  const stamp = h("span", { class: "stamp" }, message.edited ? h("span", {}, W.edited) : null,
    h("time", {}, timeOf(message.date)), message.mine ? h("span", { class: "ticks", "aria-hidden": "true" }, "✓✓") : null);
  const body = h("div", { class: `bubble kind-${message.kind}${bare ? " bare" : ""}${words ? "" : " no-words"}` },
    quoted(message, all, doing), inside, words, stamp);
  return h("li", { class: `line ${message.mine ? "mine" : "theirs"}`, "data-id": String(message.message_id) },
    body, keyboard(message, spinning, doing));
}

export const dayLine = (seconds) => h("li", { class: "day" }, h("span", {}, dayOf(seconds)));

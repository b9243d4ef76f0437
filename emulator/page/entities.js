// Formatted text: entities (offset and length in UTF-16 units, as JavaScript counts) become elements.
import { copyText, h } from "./dom.js";
import { W } from "./words.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", blockquote: "blockquote",
  expandable_blockquote: "blockquote", spoiler: "span", pre: "pre", code: "code",
};

function wrap(entity, piece, content, doing) {
  if (entity.type === "code" || entity.type === "pre") {
    const copy = () => copyText(piece).then(() => doing.toast(W.copied));
    const button = h("button", { type: "button", class: `copyable ${entity.type}`, title: W.copy, onclick: copy }, content);
    return button;
  }
  if (entity.type === "url" || entity.type === "text_link") {
    const address = entity.url || (/^[a-z]+:/i.test(piece) ? piece : `https://${piece}`);
    return h("a", { href: address, target: "_blank", rel: "noopener noreferrer", dir: "auto" }, content);
  }
  if (entity.type === "bot_command") {
    return h("button", { type: "button", class: "command", dir: "ltr", onclick: () => doing.say(piece) }, content);
  }
  const tag = TAGS[entity.type];
  if (!tag) return content;
  return h(tag, { class: entity.type === "spoiler" ? "spoiler" : undefined }, content);
}

/** Return the nodes of `text` between `from` and `to`, with the entities inside nested where they nest. */
function build(text, from, to, entities, doing) {
  const nodes = [];
  let position = from;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const start = Math.max(entity.offset, position);
    const end = Math.min(entity.offset + entity.length, to);
    index += 1;
    if (end <= start) continue;
    if (start > position) nodes.push(text.slice(position, start));
    const inner = [];
    while (index < entities.length && entities[index].offset < end) inner.push(entities[index++]);
    nodes.push(wrap(entity, text.slice(start, end), build(text, start, end, inner, doing), doing));
    position = end;
  }
  if (position < to) nodes.push(text.slice(position, to));
  return nodes;
}

export function formatted(text, entities, doing) {
  return build(text, 0, text.length, entities, doing);
}

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\s){1,8}$/u;
export const isBigEmoji = (text) => ONLY_EMOJI.test(text) && /\p{Extended_Pictographic}/u.test(text);

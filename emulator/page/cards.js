// What is not text inside a bubble: photos, voices, files, places, contacts, stickers.
import { duration, h, icon, persian, svg } from "./dom.js";
import { PLACES, W } from "./words.js";

const media = (file) => `/_emulator/media/${encodeURIComponent(file.file_unique_id)}`;

function photo(message) {
  const sizes = message.media.photo;
  const largest = sizes[sizes.length - 1];
  return h("img", { class: "photo", src: media(largest), alt: message.text ? "" : W.photo, width: String(largest.width),
    height: String(largest.height), loading: "lazy" });
}

/** Heights of the bars of a voice note: always the same for the same file. */
function bars(seed) {
  let state = 7;
  for (const letter of seed) state = (state * 31 + letter.codePointAt(0)) % 9973;
  return Array.from({ length: 30 }, () => {
    state = (state * 137 + 71) % 9973;
    return 4 + (state % 17);
  });
}

function voice(message) {
  const file = message.media.voice;
  const wave = svg("svg", { viewBox: "0 0 120 24", class: "wave", "aria-hidden": "true" },
    ...bars(file.file_unique_id).map((height, index) =>
      svg("rect", { x: index * 4, y: 12 - height / 2, width: 2.2, height, rx: 1.1 })));
  const left = h("span", { class: "length" }, duration(file.duration || 0));
  const sound = new Audio();
  const button = h("button", { type: "button", class: "round", "aria-label": W.play }, icon("play"));
  const show = (playing) => {
    button.replaceChildren(icon(playing ? "pause" : "play"));
    button.setAttribute("aria-label", playing ? W.pause : W.play);
    if (!playing) wave.style.setProperty("--played", "0%");
  };
  button.addEventListener("click", () => {
    if (!sound.src) sound.src = media(file);
    if (sound.paused) sound.play().then(() => show(true), () => show(false));
    else sound.pause();
  });
  sound.addEventListener("pause", () => show(false));
  sound.addEventListener("ended", () => show(false));
  sound.addEventListener("timeupdate", () => {
    const whole = Number.isFinite(sound.duration) ? sound.duration : file.duration || 1;
    wave.style.setProperty("--played", `${Math.min(100, (sound.currentTime / whole) * 100)}%`);
  });
  return h("div", { class: "voice" }, button, h("div", { class: "wave-box" }, wave, left));
}

function documentCard(message) {
  const file = message.media.document;
  const size = file.file_size < 1024 ? `${persian(file.file_size)} بایت` : `${persian(Math.round(file.file_size / 1024))} کیلوبایت`;
  return h("a", { class: "file", href: media(file), download: file.file_name, "aria-label": `${W.download} ${file.file_name}` },
    h("span", { class: "round" }, icon("file")),
    h("span", { class: "file-words" }, h("bdi", {}, file.file_name), h("small", {}, size)));
}

function nearest(point) {
  const far = (place) => (place.latitude - point.latitude) ** 2 + (place.longitude - point.longitude) ** 2;
  const best = PLACES.reduce((one, other) => (far(other) < far(one) ? other : one));
  return far(best) < 0.2 ? best.name : "";
}

/** A drawn map: streets, a park and a river that shift a little with the place, and a pin in the middle. */
function map(point) {
  const shift = Math.abs(Math.round(point.latitude * 7919 + point.longitude * 104729)) % 40;
  const line = (d, kind) => svg("path", { d, class: kind });
  return svg("svg", { viewBox: "0 0 260 130", class: "map", "aria-hidden": "true", preserveAspectRatio: "xMidYMid slice" },
    svg("rect", { width: 260, height: 130, class: "land" }),
    svg("rect", { x: 150 - shift, y: 14, width: 64, height: 40, rx: 8, class: "park" }),
    line(`M-10 ${100 + shift / 3} C 60 ${70 + shift / 2}, 120 130, 280 ${96 - shift / 2}`, "river"),
    line(`M-10 ${40 + shift / 2} L 280 ${20 + shift / 3}`, "road wide"),
    line(`M${60 + shift} -10 L ${90 + shift / 2} 140`, "road wide"),
    line(`M-10 ${78 - shift / 4} L 280 ${66 + shift / 4}`, "road"),
    line(`M${150 + shift / 2} -10 L ${170 - shift / 3} 140 M${214 - shift / 2} -10 L ${226 - shift / 3} 140`, "road"),
    line(`M${14 + shift / 2} -10 L ${24 + shift / 3} 140`, "road"),
    svg("ellipse", { cx: 130, cy: 84, rx: 9, ry: 3, class: "shade" }),
    svg("path", { d: "M130 84 c-14 -18 -18 -24 -18 -32 a18 18 0 0 1 36 0 c0 8 -4 14 -18 32z", class: "pin" }),
    svg("circle", { cx: 130, cy: 52, r: 7, class: "pin-eye" }));
}

function place(message) {
  const point = message.media.location;
  const venue = message.media.venue;
  const numbers = `${point.latitude.toFixed(4)}, ${point.longitude.toFixed(4)}`;
  const words = venue
    ? [h("strong", {}, venue.title), h("span", {}, venue.address)]
    : [h("strong", {}, nearest(point) || W.location), h("bdi", { class: "faint", dir: "ltr" }, numbers)];
  return h("div", { class: "place" }, map(point), h("div", { class: "place-words" }, ...words));
}

function contact(message) {
  const card = message.media.contact;
  const number = `+${String(card.phone_number).replace(/^\+/, "")}`;
  return h("div", { class: "contact" }, h("span", { class: "round" }, icon("person")),
    h("span", { class: "file-words" }, h("strong", {}, card.first_name), h("bdi", { dir: "ltr" }, number)));
}

const sticker = () => h("div", { class: "sticker", role: "img", "aria-label": W.sticker }, "🙂");
const KINDS = { photo, voice, document: documentCard, location: place, venue: place, contact, sticker };

export const card = (message) => (KINDS[message.kind] ? KINDS[message.kind](message) : null);

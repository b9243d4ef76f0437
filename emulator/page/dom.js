// Small tools for building elements, Persian digits and times, and copying.
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(tag, props = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const DIGITS = "۰۱۲۳۴۵۶۷۸۹";
export const persian = (value) => String(value).replace(/\d/g, (digit) => DIGITS[digit]);

const clock = new Intl.DateTimeFormat("fa-IR", { hour: "2-digit", minute: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat("fa-IR", { weekday: "long", day: "numeric", month: "long" });
export const timeOf = (seconds) => clock.format(new Date(seconds * 1000));
export const dayOf = (seconds) => day.format(new Date(seconds * 1000));

export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return persian(`${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`);
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "off-screen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

export function icon(name) {
  const paths = {
    send: "M3 11.5 20.5 4 14 20.5l-3-6.5z",
    mic: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zm-6 8a6 6 0 0 0 12 0M12 17v4",
    clip: "M20 11.5 12 19.5a5 5 0 0 1-7-7l8.5-8.5a3.4 3.4 0 0 1 5 5L10 17.2a1.7 1.7 0 0 1-2.4-2.4L15 7.5",
    menu: "M4 7h16M4 12h16M4 17h16",
    more: "M12 5h.01M12 12h.01M12 19h.01",
    play: "M8 5v14l11-7z",
    pause: "M8 5h3v14H8zM14 5h3v14h-3z",
    file: "M7 3h7l4 4v14H7zM14 3v4h4",
    person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7 8a7 7 0 0 1 14 0z",
    back: "M9 5l7 7-7 7",
    plus: "M12 5v14M5 12h14",
    copy: "M9 9h11v11H9zM5 15H4V4h11v1",
    ban: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM6 6l12 12",
    link: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  };
  const filled = ["send", "play", "pause", "person"].includes(name);
  return svg("svg", { viewBox: "0 0 24 24", class: `icon icon-${name}${filled ? " filled" : ""}`, "aria-hidden": "true" },
    svg("path", { d: paths[name] }));
}

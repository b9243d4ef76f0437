// The foot of a phone: start button, text field, attachments, voice, and the bot's reply keyboard.
import * as api from "./api.js";
import { duration, h, icon } from "./dom.js";
import { attachments, choosePlace, commandList, shareContact } from "./sheets.js";
import { sampleTone, startRecording } from "./voice.js";
import { W } from "./words.js";

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.field = h("textarea", { rows: "1", placeholder: W.placeholder, "aria-label": W.placeholder, dir: "auto",
      oninput: () => this.typed(), onkeydown: (event) => this.key(event) });
    this.sendButton = h("button", { type: "button", class: "send", "aria-label": W.voice, onclick: () => this.main() }, icon("mic"));
    this.clip = h("button", { type: "button", class: "tool", "aria-label": W.attach, onclick: () => this.attach() }, icon("clip"));
    this.commands = h("button", { type: "button", class: "tool", "aria-label": W.commands, hidden: true,
      onclick: () => commandList(phone.frame, phone.bot.commands, (text) => phone.say(text)) }, icon("menu"));
    this.file = h("input", { type: "file", accept: "image/*", class: "off-screen", tabindex: "-1", "aria-hidden": "true",
      onchange: () => this.sendPhoto() });
    this.bar = h("div", { class: "composer" }, this.commands, h("div", { class: "field" }, this.field, this.clip), this.sendButton, this.file);
    this.keys = h("div", { class: "reply-keys", hidden: true });
    this.startButton = h("button", { type: "button", class: "start", onclick: () => phone.act("start") }, W.start);
    this.blockedBar = h("button", { type: "button", class: "start", onclick: () => phone.act("unblock") }, W.unblock);
    this.element = h("div", { class: "foot" });
    this.mode = "";
    this.keysSeen = "";
  }

  show(state) {
    const mode = state.person.blocked ? "blocked" : state.person.started ? "chat" : "start";
    if (mode !== this.mode) {
      this.mode = mode;
      const content = { blocked: [this.blockedBar], start: [this.startButton], chat: [this.bar, this.keys] }[mode];
      this.element.replaceChildren(...content);
    }
    this.commands.hidden = !this.phone.bot.commands.length;
    const seen = JSON.stringify(state.keyboard_rows);
    if (seen !== this.keysSeen) {
      this.keysSeen = seen;
      this.keys.hidden = !state.keyboard_rows.length;
      this.keys.replaceChildren(...state.keyboard_rows.map((row) => h("div", { class: "keys-row" }, row.map((button) =>
        h("button", { type: "button", class: `key style-${button.style || "none"}`, onclick: () => this.replyKey(button) },
          h("span", { dir: "auto" }, button.label))))));
    }
  }

  replyKey(button) {
    if (button.asks === "contact") this.contact();
    else if (button.asks === "location") this.place();
    else this.phone.act("press", { label: button.label });
  }

  typed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 110)}px`;
    const text = this.field.value.trim() !== "";
    this.sendButton.replaceChildren(icon(text ? "send" : "mic"));
    this.sendButton.setAttribute("aria-label", text ? W.send : W.voice);
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (this.field.value.trim()) this.main();
    }
  }

  main() {
    const text = this.field.value.trim();
    if (!text) { this.record(); return; }
    this.field.value = "";
    this.typed();
    this.phone.say(text);
  }

  contact() {
    shareContact(this.phone.frame, this.phone.person, () => this.phone.act("contact"));
  }

  place() {
    choosePlace(this.phone.frame, (spot) =>
      this.phone.act("location", { latitude: spot.latitude, longitude: spot.longitude }));
  }

  attach() {
    attachments(this.phone.frame, [
      ["🖼️", W.photo, () => this.file.click()],
      ["🌄", W.samplePhoto, () => this.phone.act("photo")],
      ["📍", W.location, () => this.place()],
      ["👤", W.contact, () => this.contact()],
      ["👥", W.otherContact, () => this.phone.act("contact", { own: false, phone: "989120000000" })],
      ["📄", W.document, () => this.phone.act("document")],
      ["🙂", W.sticker, () => this.phone.act("sticker")],
    ]);
  }

  async sendPhoto() {
    const [picked] = this.file.files;
    this.file.value = "";
    if (picked) this.phone.act("photo", { content: await api.base64(picked), mime: picked.type || "image/jpeg" });
  }

  async sendVoice(sound) {
    this.phone.act("voice", { content: await api.base64(sound.blob), duration: sound.duration, mime: sound.mime });
  }

  async record() {
    let recording;
    try {
      recording = await startRecording();
    } catch {
      this.phone.toast(W.noMicrophone);
      this.sendVoice(sampleTone());
      return;
    }
    const began = performance.now();
    const clock = h("span", { class: "clock" }, duration(0));
    const ticking = setInterval(() => { clock.textContent = duration((performance.now() - began) / 1000); }, 250);
    const end = () => { clearInterval(ticking); this.element.replaceChildren(this.bar, this.keys); };
    const stop = async () => { end(); this.sendVoice(await recording.stop()); };
    const cancel = () => { end(); recording.cancel(); };
    this.element.replaceChildren(h("div", { class: "composer recording" },
      h("button", { type: "button", class: "tool text", onclick: cancel }, W.cancel),
      h("span", { class: "field" }, h("span", { class: "red", "aria-hidden": "true" }), W.recording, clock),
      h("button", { type: "button", class: "send", "aria-label": W.send, onclick: stop }, icon("send"))));
  }
}

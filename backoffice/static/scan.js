// The camera reads the code of a ticket: with the reader of the browser where it has one, else with the one that comes
// along. What it read goes into the search as if it had been typed. Pictures stay in memory until the next one.
"use strict";
(() => {
  const dialog = document.getElementById("scanner");
  const form = document.querySelector("[data-find-one]")?.form;
  if (!dialog || !form) return;
  const video = dialog.querySelector("video");
  const PAUSE = 120; // milliseconds between two looks, so that a phone keeps cool
  const WIDEST = 960; // pixels of a picture that is looked at: a code held to the camera is large

  const tell = (why) => {
    for (const said of document.querySelectorAll("[data-scan-not]")) said.hidden = said.dataset.scanNot !== why;
  };
  if (!window.isSecureContext) return void tell("insecure");
  if (!navigator.mediaDevices?.getUserMedia) return void tell("none");
  document.documentElement.classList.add("has-camera");

  const built = async () => {
    if (!("BarcodeDetector" in window)) return null;
    const known = await BarcodeDetector.getSupportedFormats();
    if (!known.includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: known.filter((format) => format !== "unknown") });
    return async () => (await detector.detect(video))[0]?.rawValue ?? "";
  };
  const brought = async () => {
    const { decodeQR } = await import(dialog.dataset.reader);
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      const by = Math.min(1, WIDEST / video.videoWidth);
      canvas.width = Math.round(video.videoWidth * by);
      canvas.height = Math.round(video.videoHeight * by);
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      try {
        return decodeQR(pen.getImageData(0, 0, canvas.width, canvas.height));
      } catch {
        return ""; // no code in this picture
      }
    };
  };

  let stream = null;
  let timer = null;
  const stop = () => {
    clearTimeout(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.srcObject = null;
  };
  const found = (text) => {
    dialog.close();
    navigator.vibrate?.(60);
    form.querySelector("[data-find-one]").value = text;
    form.requestSubmit(form.querySelector("[type=submit]"));
  };
  const look = async (read) => {
    if (!stream) return;
    const text = video.videoWidth ? (await read().catch(() => "")).trim() : "";
    if (!stream) return;
    if (text) found(text);
    else timer = setTimeout(look, PAUSE, read);
  };
  const open = async () => {
    tell(null);
    dialog.showModal();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      if (!dialog.open) return void stop();
      video.srcObject = stream;
      const read = await built().catch(() => null) ?? await brought();
      await video.play();
      look(read);
    } catch (problem) {
      stop();
      dialog.close();
      tell(problem.name === "NotAllowedError" ? "refused" : "none");
      form.querySelector("[data-find-one]").focus();
    }
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-scan]")) open();
  });
  dialog.addEventListener("close", stop);
  window.addEventListener("pagehide", stop);
})();

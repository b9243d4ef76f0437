// Makes the hash of the word in the browser, so that the word itself is not sent.
"use strict";
(() => {
  if (!window.crypto || !window.crypto.subtle) return;
  const hashed = async (word) => {
    const text = new TextEncoder().encode(`mizban draw part\n${word.trim().normalize("NFC")}`);
    const sum = await crypto.subtle.digest("SHA-256", text);
    return [...new Uint8Array(sum)].map((each) => each.toString(16).padStart(2, "0")).join("");
  };
  for (const typed of document.querySelectorAll("[data-word-of]")) {
    const into = typed.form.elements[typed.dataset.wordOf];
    typed.closest("[data-word]").hidden = false;
    into.readOnly = true;
    typed.addEventListener("input", async () => {
      const word = typed.value;
      const long = [...word.trim()].length >= 12;
      const sum = long ? await hashed(word) : "";
      if (typed.value === word) into.value = sum;
    });
  }
})();

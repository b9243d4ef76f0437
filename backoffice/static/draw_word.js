// Makes the hash of the word in the browser, so that the word itself is not sent.
"use strict";
(() => {
  if (!window.crypto || !window.crypto.subtle) return;
  // What the desk takes away at both ends (`bytes_of_word`): trim() knows neither all of it nor only that.
  const space = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
  const ends = new RegExp(`^${space}|${space}$`, "g");
  const composed = (word) => word.replace(ends, "").normalize("NFC");
  const hashed = async (word) => {
    const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`mizban draw part\n${word}`));
    return [...new Uint8Array(sum)].map((each) => each.toString(16).padStart(2, "0")).join("");
  };
  for (const typed of document.querySelectorAll("[data-word-of]")) {
    const into = typed.form.elements[typed.dataset.wordOf];
    typed.closest("[data-word]").hidden = false;
    into.readOnly = true;
    typed.addEventListener("input", async () => {
      const word = composed(typed.value);
      const letters = [...word].length; // counted as the desk counts: composed, by code points
      const fits = letters >= Number(typed.dataset.least) && letters <= Number(typed.dataset.most);
      const sum = fits ? await hashed(word) : "";
      if (composed(typed.value) === word) into.value = sum;
    });
  }
})();

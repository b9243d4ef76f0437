// Asks the browser for a passkey and puts its answer into the form of the button that was pressed.
"use strict";
(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

  const asked = (options) => {
    const made = { ...options, challenge: bytes(options.challenge) };
    if (options.user) made.user = { ...options.user, id: bytes(options.user.id) };
    for (const list of ["excludeCredentials", "allowCredentials"]) {
      if (options[list]) made[list] = options[list].map((each) => ({ ...each, id: bytes(each.id) }));
    }
    return made;
  };

  const told = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
  };

  for (const button of document.querySelectorAll("[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const publicKey = asked(JSON.parse(button.dataset.passkey));
      const failed = document.getElementById(button.dataset.failed);
      failed.hidden = true;
      try {
        const credential = await (button.dataset.creates
          ? navigator.credentials.create({ publicKey })
          : navigator.credentials.get({ publicKey }));
        button.form.elements[button.dataset.into].value = JSON.stringify(told(credential));
        button.form.noValidate = true;
        button.form.requestSubmit();
      } catch {
        failed.hidden = false; // left off, or there is none: what else opens stands beside
      }
    });
  }
})();

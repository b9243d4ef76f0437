// The control API of the emulator as the page uses it.
async function request(verb, path, body, signal) {
  const options = { method: verb, signal };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  const response = await fetch(`/_emulator/${path}`, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || response.statusText);
  return answer;
}

export const bots = () => request("GET", "bots");
export const links = () => request("GET", "links");
export const codes = () => request("GET", "codes");
export const people = () => request("GET", "people");
export const newPerson = (bot, name) => request("POST", "people", { bot, first_name: name });
export const calls = () => request("GET", "calls");
export const violations = () => request("GET", "violations");
export const faults = () => request("GET", "faults");
export const addFault = (fault) => request("POST", "faults", fault);
export const removeFault = (id) => request("DELETE", `faults/${id}`);
export const clearFaults = () => request("DELETE", "faults");
export const chat = (key, since, signal) =>
  request("GET", `people/${encodeURIComponent(key)}/chat${since >= 0 ? `?since=${since}` : ""}`, undefined, signal);
export const act = (key, what, body = {}) => request("POST", `people/${encodeURIComponent(key)}/${what}`, body);

export async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let start = 0; start < bytes.length; start += 32768) {
    text += String.fromCharCode(...bytes.subarray(start, start + 32768));
  }
  return btoa(text);
}

// Messages above the list: what went wrong and what to do, what other windows changed.
import { text } from "./strings.js";

const area = () => document.getElementById("notices");

function element(words, kind, hint) {
  const notice = document.createElement("div");
  notice.className = `notice ${kind}`;
  notice.setAttribute("role", kind === "error" ? "alert" : "status");
  const message = document.createElement("p");
  const quoted = document.createElement("bdi");
  quoted.textContent = hint ? `${words} ${hint}` : words;
  message.append(quoted);
  notice.append(message);
  return notice;
}

function button(key, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text(key);
  made.addEventListener("click", act);
  return made;
}

/** Shows a message that stays until it is closed. A message of the same name replaces it. */
export function show(name, words, { kind = "info", hint, retry } = {}) {
  hide(name);
  const notice = element(words, kind, hint);
  notice.dataset.name = name;
  if (retry) notice.append(button("tryAgain", retry));
  const close = button("close", () => notice.remove());
  notice.append(close);
  area().append(notice);
}

/** Removes the message of a name. */
export function hide(name) {
  for (const notice of area().children) if (notice.dataset.name === name) notice.remove();
}

/** Shows a message that ends by itself, and reads it to screen readers. */
export function tell(words) {
  say(words);
  hide("brief");
  const notice = element(words, "brief");
  notice.dataset.name = "brief";
  notice.removeAttribute("role");
  area().append(notice);
  setTimeout(() => notice.remove(), 4000);
}

/** Reads a text to screen readers. */
export function say(words) {
  document.getElementById("spoken").textContent = words;
}

/** Shows a failed request: the program's words and its hint. */
export function failed(failure, retry) {
  if (failure.status === undefined) throw failure;
  if (failure.status === 0) return show("error", text("unreachable"), { kind: "error", retry });
  if (failure.status === 409) return show("stale", text("stale"));
  show("error", sentence(failure.message), { kind: "error", hint: failure.hint && sentence(failure.hint) });
}

function sentence(words) {
  const first = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?؟]$/.test(first) ? first : `${first}.`;
}

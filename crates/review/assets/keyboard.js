// Keys to commands. With an Arabic keyboard, a letter key counts as the Latin letter of the same key.
import { isOpen } from "./dialog.js";

const PLAIN = {
  ArrowDown: "down",
  j: "down",
  ArrowUp: "up",
  k: "up",
  ArrowLeft: "left",
  h: "left",
  ArrowRight: "right",
  l: "right",
  PageDown: "pageDown",
  PageUp: "pageUp",
  Home: "first",
  End: "last",
  Enter: "confirm",
  n: "next",
  m: "merge",
  s: "split",
  0: "unalign",
  x: "reject",
  e: "cut",
  p: "pair",
  c: "note",
  t: "correct",
  Delete: "clear",
  Backspace: "clear",
  u: "undo",
  r: "redo",
  "/": "search",
  g: "go",
  o: "order",
  a: "above",
  "?": "help",
  Escape: "escape",
};
const SHIFT = { ArrowDown: "lowerDown", ArrowUp: "lowerUp" };
const ALT_SHIFT = { ArrowDown: "upperDown", ArrowUp: "upperUp" };
const ALT = { ArrowDown: "nextSegment", ArrowUp: "previousSegment" };
const CONTROL = { z: "undo", y: "redo", s: "export" };
const CONTROL_SHIFT = { z: "redo" };

/** The name of a key, with the Latin letter of keys that write another script. */
function keyName(event) {
  if (/^Key[A-Z]$/.test(event.code) && !/^[a-z]$/i.test(event.key)) return event.code[3].toLowerCase();
  if (/^Digit[0-9]$/.test(event.code) && /^[٠-٩۰-۹]$/.test(event.key)) return event.code[5];
  if (event.code === "Slash" && event.key === "؟") return "?";
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

/** The command of a key, or undefined. */
export function command(event) {
  const key = keyName(event);
  if (event.ctrlKey || event.metaKey) {
    if (event.altKey) return undefined;
    return (event.shiftKey ? CONTROL_SHIFT : CONTROL)[key];
  }
  if (event.altKey) return (event.shiftKey ? ALT_SHIFT : ALT)[key];
  if (event.shiftKey && key in SHIFT) return SHIFT[key];
  return PLAIN[key];
}

/** Calls `act` with the command of each key that is meant for the page. */
export function listen(act) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isOpen() || event.isComposing) return;
    const { target } = event;
    // The focus may still be in a dialog that has just been closed: its fields take no keys then.
    const field = target.closest?.("dialog") ? undefined : target;
    if (field?.closest?.("input, textarea, select, [role=menu]")) return;
    if (field?.closest?.("button, a") && (event.key === "Enter" || event.key === " ")) return;
    const name = command(event);
    if (!name) return;
    event.preventDefault();
    act(name);
  });
}

// The help: what the page is for and its keys.
import { ask, h } from "./dialog.js";
import { text } from "./strings.js";

/** Keys and the text of what they do, in the order of the help. */
export const KEYS = [
  [["j", "k", "↓", "↑"], "keyMove"],
  [["←", "→"], "keySide"],
  [["Alt+↑", "Alt+↓"], "keySegment"],
  [["Home", "End"], "keyEnds"],
  [["Enter"], "keyConfirm"],
  [["n"], "keyNext"],
  [["m"], "keyMerge"],
  [["s"], "keySplit"],
  [["Shift+↓", "Shift+↑"], "keyShift"],
  [["Alt+Shift+↓", "Alt+Shift+↑"], "keyShiftTop"],
  [["0"], "keyUnalign"],
  [["x"], "keyReject"],
  [["e"], "keyCut"],
  [["p"], "keyPair"],
  [["t"], "keyCorrect"],
  [["c"], "keyNote"],
  [["Delete"], "keyClear"],
  [["u", "r"], "keyUndo"],
  [["/"], "keySearch"],
  [["g"], "keyGo"],
  [["o"], "keyOrder"],
  [["a"], "keyAbove"],
  [["Ctrl+S"], "keyExport"],
  [["?"], "keyHelp"],
];

/** Opens the help. */
export function showHelp() {
  const rows = KEYS.map(([keys, key]) =>
    h("tr", {},
      h("td", { dir: "ltr" }, ...keys.flatMap((name) => [h("kbd", {}, name), " "])),
      h("td", {}, text(key))));
  const table = h("table", {}, h("caption", {}, text("keys")), h("tbody", {}, ...rows));
  const content = ["helpLead", "helpColours", "helpMouse"].map((key) => h("p", {}, text(key)));
  return ask(text("helpTitle"), [...content, h("div", { class: "scroll", tabindex: 0 }, table)], []);
}

// Dialogs. Each returns a promise of what was entered, or undefined if it was closed.
import { text } from "./strings.js";

const dialog = () => document.getElementById("dialog");

/** Makes an element: `h("p", { class: "x" }, "text", child)`. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Presses the main button of the dialog that an element is in. */
export const submit = (element) =>
  element.closest("form").requestSubmit(element.closest("form").querySelector("button.main"));

/** Whether a dialog is open. */
export const isOpen = () => dialog().open;

/** Opens a dialog with a title, content and buttons `[value, key]`, the first being the main one. */
export function ask(title, content, buttons, read) {
  const element = dialog();
  const form = h("form", { method: "dialog" });
  const made = buttons.map(([value, key], index) =>
    h("button", { value, class: index === 0 ? "main" : "" }, text(key)));
  const cancel = h("button", { value: "", type: "button" }, text(buttons.length ? "cancel" : "close"));
  cancel.addEventListener("click", () => element.close());
  form.append(
    h("h2", { id: "dialog-title" }, title),
    ...content,
    h("p", { class: "buttons" }, ...made, cancel),
  );
  element.replaceChildren(form);
  element.showModal();
  (form.querySelector("[autofocus]") ?? cancel).focus();
  let chosen = "";
  form.addEventListener("submit", (event) => { chosen = event.submitter.value; });
  return new Promise((done) => {
    const closed = () => {
      // The event comes later than the closing, when the next dialog may be open already.
      if (form.isConnected && element.open) return;
      element.removeEventListener("close", closed);
      if (form.isConnected) element.replaceChildren();
      done(chosen ? read?.(chosen) ?? chosen : undefined);
    };
    element.addEventListener("close", closed);
  });
}

/** Asks for a probability in per cent and returns it as a share. */
export function askProbability() {
  const input = h("input", { id: "value", type: "number", min: 50, max: 100, step: "any", value: 98, required: true, autofocus: true, inputmode: "decimal" });
  const label = h("label", { for: "value" }, text("aboveLead"));
  return ask(text("aboveTitle"), [h("p", { class: "field" }, label, " ", input, " %")], [["do", "aboveDo"]],
    () => Number(input.value) / 100);
}

/** Asks for a row and returns its index. */
export function askRow(total, row) {
  const input = h("input", { id: "value", type: "number", min: 1, max: total, value: row + 1, required: true, autofocus: true, inputmode: "numeric" });
  const label = h("label", { for: "value" }, text("goLead", { n: total }));
  const asked = ask(text("goTitle"), [h("p", { class: "field" }, label, " ", input)], [["do", "goDo"]],
    () => Number(input.value));
  input.select();
  return asked.then((entered) => entered && entered - 1);
}

// A field for a text of several lines; Ctrl and Enter save it.
function textArea(value, attributes) {
  const input = h("textarea", { id: "value", autofocus: true, ...attributes });
  input.value = value;
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(input);
  });
  return input;
}

/** Asks for the corrected text of a side and returns it; `original` is the text of the document. */
export function askText(row, shown, original, language) {
  const dir = language === "ar" ? "rtl" : "ltr";
  const input = textArea(shown, { rows: 6, lang: language, dir, required: true });
  const label = h("label", { for: "value" }, text("correctLead"));
  const buttons = [["do", "save"], ...(shown === original ? [] : [["original", "correctOriginal"]])];
  return ask(text("correctTitle", { n: row + 1 }), [label, input], buttons,
    (button) => ({ text: button === "original" ? original : input.value }));
}

/** Asks for a note and returns it. */
export function askNote(row, note) {
  const input = textArea(note ?? "", { rows: 4, dir: "auto" });
  const label = h("label", { for: "value" }, text("noteLead"));
  return ask(text("noteTitle", { n: row + 1 }), [label, input], [["do", "save"]], () => ({ note: input.value }));
}

/** Asks for a format and returns its name. */
export function askFormat(formats) {
  const options = formats.map((format, index) => {
    const input = h("input", { type: "radio", name: "format", value: format.name, checked: index === 0, autofocus: index === 0 });
    const title = h("bdi", { class: "soft", lang: "en", dir: "ltr" }, format.title);
    return h("label", { class: "choice" }, input, " ", h("bdi", { lang: "en", dir: "ltr" }, format.name), " ", title);
  });
  const group = h("fieldset", {}, h("legend", {}, text("exportFormat")), ...options);
  return ask(text("exportTitle"), [group], [["do", "exportDo"]],
    () => group.querySelector("input:checked").value);
}

// The texts of the interface in English and Arabic, and their numbers and plurals.
import { english } from "./english.js";
import { arabic } from "./arabic.js";

const languages = { en: english, ar: arabic };
const stored = "nasaq-review-language";

let language = initial();

function initial() {
  try {
    const chosen = localStorage.getItem(stored);
    if (chosen in languages) return chosen;
  } catch {
    // Storage may be turned off; the choice then lasts as long as the page.
  }
  return navigator.language?.startsWith("ar") ? "ar" : "en";
}

/** The language of the interface, `en` or `ar`. */
export const current = () => language;

/** Switches the language of the interface and of everything that `translate` has filled. */
export function switchLanguage() {
  language = language === "en" ? "ar" : "en";
  try {
    localStorage.setItem(stored, language);
  } catch {
    // As above.
  }
  translate(document);
}

/** A number as the interface's language writes it, with Western digits in both. */
export function number(value, digits = 0) {
  const locale = language === "ar" ? "ar-u-nu-latn" : "en";
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

/** A share as a percentage; a share that is not 1 is never shown as 100. */
export function percent(share) {
  const value = share < 1 ? Math.min(share * 100, 99.9) : 100;
  const shown = number(value, value > 0 && (value < 1 || value > 99) && value < 100 ? 1 : 0) + "\u00a0%";
  // Isolated, so that the sign stands to the right of the number in Arabic too.
  return language === "ar" ? `\u2066${shown}\u2069` : shown;
}

/** The text of a key. `{n}` is replaced by a value; a text with plurals is chosen by the value `n`. */
export function text(key, values = {}) {
  let found = languages[language][key] ?? english[key];
  if (found === undefined) throw new Error(`no text for ${key}`);
  if (typeof found === "object") {
    const category = new Intl.PluralRules(language).select(values.n);
    found = found[category] ?? found.other;
  }
  return found.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? number(value, 1) : String(value);
  });
}

/** Fills the elements below a root that name a key in `data-text`, `data-label` or `data-tip`. */
export function translate(root) {
  if (root === document) {
    document.documentElement.lang = language;
    document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  }
  for (const element of root.querySelectorAll("[data-text]")) {
    element.textContent = text(element.dataset.text);
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(element.dataset.label));
  }
}

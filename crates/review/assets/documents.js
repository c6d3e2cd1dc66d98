// The documents of a corpus, those with the most expected wrong pairs first.
import { h } from "./dialog.js";
import { number, text } from "./strings.js";

/** Fills an element with the list of documents. */
export function showDocuments(element, documents) {
  const heading = ["documentName", "documentRows", "documentConfirmed", "documentWrong"];
  const row = (found) =>
    h("tr", {},
      h("th", { scope: "row" }, h("a", { href: `#d/${encodeURIComponent(found.id)}` }, h("bdi", {}, found.name))),
      h("td", { class: "count" }, number(found.rows)),
      h("td", { class: "count" }, number(found.confirmed)),
      h("td", { class: "count" }, number(found.expected_wrong, 1)));
  const table = h("table", {},
    h("caption", {}, text("documentsTitle")),
    h("thead", {}, h("tr", {}, ...heading.map((key, index) =>
      h("th", { scope: "col", class: index > 0 ? "count" : undefined }, text(key))))),
    h("tbody", {}, ...documents.map(row)));
  element.replaceChildren(table);
  element.hidden = false;
}

// Starts the page: finds the documents, opens the one that the address names, connects buttons and keys.
import { get } from "./api.js";
import { App } from "./app.js";
import { showDocuments } from "./documents.js";
import { listen } from "./keyboard.js";
import { failed, hide, show } from "./notices.js";
import { Review } from "./review.js";
import { text, translate } from "./strings.js";

const byId = (id) => document.getElementById(id);

translate(document);
const app = new App();
let documents = [];
// How often the address has been followed.
let routes = 0;

/** The document and row of a fragment: `#row-12` or `#d/ID/row-12`. */
function address(fragment) {
  const [, id, row] = /^#(?:d\/([^/]*))?\/?(?:row-(\d+))?$/.exec(fragment) ?? [];
  return { id: id === undefined ? undefined : decodeURIComponent(id), row: row === undefined ? undefined : row - 1 };
}

async function route(fragment = location.hash) {
  const own = ++routes;
  const wanted = address(fragment);
  // In the document that is shown nothing needs to be fetched.
  if (app.review && (wanted.id ?? only()) === app.review.id) return choose(wanted.row);
  try {
    hide("error");
    const found = await get("documents");
    // An answer that comes late must not undo what was chosen since.
    if (own !== routes) return;
    documents = found;
    byId("to-documents").hidden = documents.length === 1;
    const { id = only(), row } = wanted;
    if (id === undefined) return showAll();
    if (!documents.some((found) => found.id === id)) {
      show("error", text("noDocument"), { kind: "error" });
      return showAll();
    }
    await open(id, row, own);
  } catch (error) {
    failed(error, () => route(fragment));
  }
}

/** The id of the document, if there is only one. */
function only() {
  return documents.length === 1 ? documents[0].id : undefined;
}

function choose(row) {
  if (row !== undefined) app.select(row);
}

function showAll() {
  app.hide();
  byId("name").textContent = "";
  byId("language").textContent = text("other");
  showDocuments(byId("documents"), documents);
}

async function open(id, row, own) {
  const review = await Review.open(id);
  if (own !== routes) return;
  review.isOnly = documents.length === 1;
  app.show(review, row ?? 0);
  for (const [index, notice] of (review.session.notices ?? []).entries()) show(`session-${index}`, notice);
  if (row !== undefined) return;
  const next = (await review.next(-1, app.order)) ?? 0;
  if (own === routes) app.select(next, { where: "centre" });
}

// Another window may have changed the review while this one was in the background.
async function follow() {
  if (document.visibilityState !== "visible" || !app.review) return;
  const changed = await app.review.follow().catch(() => false);
  if (changed) show("stale", text("staleSeen"));
}

function toggleMenu(isOpen = byId("menu").hidden) {
  byId("menu").hidden = !isOpen;
  document.querySelector("[data-do=more]").setAttribute("aria-expanded", isOpen);
  if (isOpen) byId("menu").querySelector("button").focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button?.dataset.do === "more") return toggleMenu();
  const wasInMenu = byId("menu").contains(button);
  if (!byId("menu").hidden) toggleMenu(false);
  if (!button) return;
  app.actions.run(button.dataset.do);
  // Keys then work on the rows again.
  if ((wasInMenu || byId("bar").contains(button)) && app.review) app.focus();
});

byId("menu").addEventListener("keydown", (event) => {
  const items = [...byId("menu").querySelectorAll("button:not([hidden])")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) items.at(to % items.length).focus();
  else if (event.key === "Escape") {
    toggleMenu(false);
    document.querySelector("[data-do=more]").focus();
  } else return;
  event.preventDefault();
});

listen((name) => app.actions.run(name));
// The address of the event: by now, the page may have written where it was before.
addEventListener("hashchange", (event) => route(event.newURL ? new URL(event.newURL).hash : undefined));
document.addEventListener("visibilitychange", follow);
addEventListener("focus", follow);
route();

// The page of one document: the rows, the selection, and what follows a change.
import { Actions } from "./actions.js";
import { beadElement, place, placeholder } from "./bead.js";
import { Drag } from "./drag.js";
import { List } from "./list.js";
import { say } from "./notices.js";
import { printRows } from "./print.js";
import { showProgress } from "./progress.js";
import { Ribbon } from "./ribbon.js";
import { Search } from "./search.js";
import { switchLanguage, text } from "./strings.js";
import { Words } from "./words.js";

const byId = (id) => document.getElementById(id);

export class App {
  constructor() {
    this.scroller = byId("list");
    this.row = 0;
    this.side = "src";
    this.order = "risk";
    this.list = new List(
      this.scroller, byId("space"), byId("rows"),
      (row, old) => this.draw(row, old), (...range) => this.viewed(...range),
    );
    this.actions = new Actions(this);
    this.search = new Search(this);
    this.ribbon = new Ribbon(byId("ribbon"), byId("ribbon-canvas"), byId("ribbon-view"),
      (row) => this.list.show(row, "start"));
    new Drag(this, this.scroller);
    new Words(this, this.scroller);
    this.scroller.addEventListener("click", (event) => this.clicked(event));
    // A smaller window would hide the row that keys act on.
    new ResizeObserver(() => this.review && this.list.show(this.row)).observe(this.scroller);
  }

  /** Shows a review from a row. */
  show(review, row) {
    this.review = review;
    this.row = Math.max(0, Math.min(row, review.total - 1));
    this.segment = undefined;
    for (const id of ["work", "bar", "tools", "progress"]) byId(id).hidden = false;
    byId("documents").hidden = true;
    review.addEventListener("reload", () => this.review === review && this.restart());
    review.addEventListener("load", () => this.review === review && this.list.schedule());
    review.addEventListener("change", (event) => this.review === review && this.changed(event.detail));
    this.restart();
    this.focus();
  }

  /** Leaves the document. */
  hide() {
    this.review = undefined;
    this.list.reset(0);
    for (const id of ["work", "bar", "tools", "progress", "menu", "search"]) byId(id).hidden = true;
  }

  restart() {
    const { session, total } = this.review;
    byId("name").textContent = session.name;
    document.title = `${session.name} · nasaq`;
    this.row = Math.max(0, Math.min(this.row, total - 1));
    this.scroller.setAttribute("aria-rowcount", total);
    this.list.reset(total);
    this.ribbon.show(this.review);
    this.showState();
    this.list.show(this.row, "centre");
    this.select(this.row);
  }

  changed(answer) {
    const { first_row: first, removed, inserted } = answer;
    this.scroller.setAttribute("aria-rowcount", this.review.total);
    this.list.splice(first, removed, inserted.length);
    this.ribbon.draw();
    this.showState();
    this.search.again();
  }

  showState() {
    byId("work").dataset.revision = this.review.revision;
    showProgress(byId("progress"), this.review.session.summary);
    byId("undo").disabled = !this.review.session.can_undo;
    byId("redo").disabled = !this.review.session.can_redo;
    const keys = { risk: "orderRisk", reading: "orderReading", sample: "orderSample" };
    byId("order").textContent = text(keys[this.order]);
    byId("language").textContent = text("other");
    byId("language").lang = document.documentElement.lang === "ar" ? "en" : "ar";
  }

  draw(row, old) {
    const bead = this.review.bead(row);
    const moves = bead ? this.review.movesOf(row) : undefined;
    if (old && old.bead === bead && old.moves === moves?.key) {
      place(old, row);
      return old;
    }
    const element = bead
      ? beadElement({ ...bead, ...moves }, row, this.review.session.languages)
      : placeholder(row);
    element.bead = bead;
    element.moves = moves?.key;
    this.mark(element, row);
    return element;
  }

  viewed(first, end, drawnFirst, drawnEnd) {
    if (!this.review) return;
    this.ribbon.seen(first, end);
    this.mark();
    this.search.mark();
    clearTimeout(this.needing);
    const load = () => this.review?.need(drawnFirst, drawnEnd).catch((error) => this.actions.failed(error));
    // While the list is scrolled fast, rows that are only passed are not loaded.
    this.needing = setTimeout(load, this.review.bead(first) ? 0 : 50);
  }

  // Selection.

  /** Selects a row, and a segment of it where one is named, and brings it into view. */
  select(row, { side, segment, where } = {}) {
    this.row = Math.max(0, Math.min(row, this.review.total - 1));
    if (side) this.side = side;
    this.segment = segment;
    this.list.show(this.row, where);
    this.mark();
    this.review.need(this.row, this.row + 1).then(() => this.mark()).catch((error) => this.actions.failed(error));
    this.remember();
  }

  /** Selects the row that has a segment, near a row that a decision has changed. */
  selectSegment(side, segment, near) {
    for (let distance = 0; distance < 300; distance++) {
      for (const row of [near + distance, near - distance]) {
        const span = this.review.bead(row)?.[side];
        if (span && span[0] <= segment && segment < span[1]) return this.select(row, { side, segment });
      }
    }
    this.select(near);
  }

  /** The side and segment in focus: the chosen segment, or the first of the row. */
  focusPlace() {
    const bead = this.review.bead(this.row);
    const side = bead[this.side][0] < bead[this.side][1] ? this.side : this.side === "src" ? "tgt" : "src";
    const [start, end] = bead[side];
    const isHere = side === this.side && this.segment >= start && this.segment < end;
    return { side, segment: isHere ? this.segment : start };
  }

  move(step) {
    const row = this.row + step;
    if (row >= 0 && row < this.review.total) this.select(row);
  }

  movePage(step) {
    const rows = Math.max(1, Math.floor(this.scroller.clientHeight / this.list.heights.estimate) - 1);
    this.select(this.row + step * rows);
  }

  chooseSide(script) {
    const { src } = this.review.session.languages;
    this.side = (src === "ar") === (script === "arabic") ? "src" : "tgt";
    this.segment = undefined;
    this.mark();
  }

  keepSide(side) {
    this.side = side;
    this.segment = undefined;
    this.mark();
  }

  moveSegment(step) {
    const { side, segment } = this.focusPlace();
    const [start, end] = this.review.bead(this.row)[side];
    this.side = side;
    this.segment = Math.max(start, Math.min(segment + step, end - 1));
    this.mark();
  }

  /** Shows the selection on the rows that are drawn. */
  mark(element, row) {
    if (element) return this.markRow(element, row);
    for (const [at, each] of this.list.elements) this.markRow(each, at);
    const current = this.list.elements.get(this.row);
    if (current) this.scroller.setAttribute("aria-activedescendant", current.id);
    else this.scroller.removeAttribute("aria-activedescendant");
  }

  markRow(element, row) {
    const isCurrent = row === this.row;
    element.classList.toggle("current", isCurrent);
    element.classList.toggle("pairing", row === this.pairing);
    element.setAttribute("aria-selected", isCurrent);
    if (!isCurrent && !element.marked) return;
    element.marked = isCurrent;
    for (const cell of element.querySelectorAll(".side")) {
      cell.classList.toggle("in-focus", isCurrent && cell.dataset.side === this.side);
      for (const segment of cell.querySelectorAll(".segment")) {
        const isChosen = isCurrent && cell.dataset.side === this.side && Number(segment.dataset.index) === this.segment;
        segment.classList.toggle("chosen", isChosen);
      }
    }
  }

  clicked(event) {
    const link = event.target.closest("[data-to]");
    if (link) {
      event.preventDefault();
      return this.select(Number(link.dataset.to), { where: "centre" });
    }
    const element = event.target.closest(".bead");
    if (!element || !getSelection().isCollapsed) return;
    const side = event.target.closest(".side")?.dataset.side;
    const segment = event.target.closest(".segment")?.dataset.index;
    this.select(element.row, { side, segment: segment === undefined ? undefined : Number(segment) });
  }

  /** The element with the text of a segment, if it is drawn. */
  passage(row, side, segment) {
    const selector = `[data-side="${side}"] [data-index="${segment}"] .passage`;
    return this.list.elements.get(row)?.querySelector(selector);
  }

  focus() {
    this.scroller.focus({ preventScroll: true });
  }

  // The address names the row, so that it can be reloaded and shared between windows. Browsers refuse
  // more than 100 changes of it in 30 seconds.
  remember() {
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => {
      if (this.review) history.replaceState(null, "", this.review.address(this.row));
    }, 400);
  }

  setOrder(order) {
    this.order = order;
    this.showState();
    say(byId("order").textContent);
  }

  setPairing(row) {
    this.pairing = row;
    this.mark();
  }

  switchLanguage() {
    switchLanguage();
    byId("language").textContent = text("other");
    byId("language").lang = document.documentElement.lang === "ar" ? "en" : "ar";
    if (!this.review) return dispatchEvent(new Event("hashchange"));
    this.list.clear();
    this.list.render();
    this.ribbon.draw();
    this.showState();
    this.list.show(this.row);
    this.mark();
  }

  print() {
    return printRows(this.review, (row) =>
      beadElement({ ...this.review.bead(row), ...this.review.movesOf(row) }, row, this.review.session.languages));
  }
}


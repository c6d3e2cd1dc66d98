// Search in the whole document, by the program; hits in view are marked.
import { get } from "./api.js";
import { light, rangeOf } from "./passage.js";
import { text } from "./strings.js";
import { failed } from "./notices.js";

const DELAY = 150;

export class Search {
  constructor(app) {
    this.app = app;
    this.form = document.getElementById("search");
    this.input = document.getElementById("query");
    this.output = document.getElementById("hits");
    this.hits = [];
    this.at = -1;
    this.input.addEventListener("input", () => this.typed());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.input.addEventListener("keydown", (event) => this.key(event));
  }

  open() {
    this.form.hidden = false;
    this.input.focus();
    this.input.select();
  }

  close() {
    this.form.hidden = true;
    this.forget();
    this.input.value = "";
    this.app.focus();
  }

  forget() {
    this.hits = [];
    this.at = -1;
    this.output.textContent = "";
    light("hit", []);
    light("hit-now", []);
  }

  key(event) {
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.wanted === this.input.value) this.step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.find(), DELAY);
  }

  async find(isAgain = false) {
    const query = this.input.value;
    this.wanted = query;
    if (query.trim() === "") return this.forget();
    try {
      const found = await get(`${this.app.review.path}/search`, { q: query });
      if (this.wanted !== query) return;
      this.hits = found.hits;
      this.total = found.total;
      const next = this.hits.findIndex((hit) => hit.row >= this.app.row);
      this.at = this.hits.length === 0 ? -1 : Math.max(next, 0);
      if (isAgain) this.mark();
      else this.visit();
    } catch (error) {
      failed(error, () => this.find());
    }
  }

  /** Goes to the next or previous hit; after the last comes the first. */
  step(by) {
    if (this.hits.length === 0) return;
    this.at = (this.at + by + this.hits.length) % this.hits.length;
    this.visit();
  }

  visit() {
    const hit = this.hits[this.at];
    if (!hit) {
      this.output.textContent = text("hits", { n: 0 });
      return this.mark();
    }
    const values = { i: this.at + 1, n: this.total, max: this.hits.length };
    this.output.textContent = text(this.total > this.hits.length ? "hitsFirst" : "hitOf", values);
    this.app.select(hit.row, { side: hit.side, segment: hit.segment });
    this.mark();
  }

  /** Marks the hits in the rows that are drawn. */
  mark() {
    const now = this.hits[this.at];
    const all = [];
    const here = [];
    for (const hit of this.form.hidden ? [] : this.drawnHits()) {
      const passage = this.app.passage(hit.row, hit.side, hit.segment);
      if (!passage) continue;
      for (const [start, end] of hit.ranges) {
        const range = rangeOf(passage, start, end);
        if (range) (hit === now ? here : all).push(range);
      }
    }
    light("hit", all);
    light("hit-now", here);
  }

  drawnHits() {
    const [first, end] = this.app.list.range;
    return this.hits.filter((hit) => hit.row >= first && hit.row < end);
  }

  /** Searches again after a change of rows, because the hits may be elsewhere, and stays in place. */
  again() {
    if (this.form.hidden || this.hits.length === 0) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.find(true), DELAY);
  }
}

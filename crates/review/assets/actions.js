// What the keys and buttons do. Commands run one after another: each sees the rows and the selection
// that the one before has left.
import * as edits from "./edits.js";
import { askFormat, askNote, askProbability, askRow, askText } from "./dialog.js";
import { askCut } from "./cut.js";
import { showHelp } from "./help.js";
import { failed, hide, say, show, tell } from "./notices.js";
import { download, post } from "./api.js";
import { text } from "./strings.js";

const ORDERS = ["risk", "reading", "sample"];
// Rows on each side of the current one that an edit may need.
const AROUND = 200;

export class Actions {
  constructor(app) {
    this.app = app;
    this.running = Promise.resolve();
  }

  /** Runs a command after those before it. */
  run(name) {
    this.running = this.running.then(() => this.attempt(name));
    return this.running;
  }

  async attempt(name) {
    if (!this.app.review && !["help", "language", "escape"].includes(name)) return;
    try {
      await this[name]?.();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Whether commands are running, for those who cannot see it. */
  setBusy(isBusy) {
    this.app.scroller.setAttribute("aria-busy", isBusy);
  }

  /** Shows a failed request, with a button that loads the review again. */
  failed(error) {
    failed(error, () => {
      hide("error");
      this.review.reload().catch((again) => this.failed(again));
    });
  }

  get review() {
    return this.app.review;
  }

  // Moving.
  down() { return this.app.move(1); }
  up() { return this.app.move(-1); }
  pageDown() { return this.app.movePage(1); }
  pageUp() { return this.app.movePage(-1); }
  first() { this.app.select(0); }
  last() { this.app.select(this.review.total - 1); }
  left() { this.app.chooseSide("latin"); }
  right() { this.app.chooseSide("arabic"); }
  nextSegment() { this.app.moveSegment(1); }
  previousSegment() { this.app.moveSegment(-1); }

  async go() {
    const row = await askRow(this.review.total, this.app.row);
    if (row !== undefined) this.app.select(row, { where: "centre" });
  }

  async next() {
    const row = await this.review.next(this.app.row, this.app.order);
    this.visit(row);
  }

  visit(row) {
    if (row === undefined || row === null) tell(text("nothingLeft"));
    else this.app.select(row);
  }

  order() {
    const hasSample = Boolean(this.review.session.summary.sample);
    const orders = hasSample ? ORDERS : ORDERS.slice(0, 2);
    this.app.setOrder(orders[(orders.indexOf(this.app.order) + 1) % orders.length]);
  }

  // Decisions.
  async confirm() {
    await this.review.need(this.app.row, this.app.row + 1);
    const { row } = this.app;
    const bead = this.review.bead(row);
    if (bead.decided !== "aligner") return this.next();
    const answer = await this.send(edits.onRow(this.review, "confirm", row));
    this.visit(answer.next?.[this.app.order]);
  }

  merge() { return this.edit((review, row) => edits.merge(review, row), "nothingToMerge"); }

  split() {
    const make = (review, row) => {
      const { side, segment } = this.app.focusPlace();
      return edits.split(review, row, side, segment);
    };
    return this.edit(make, "nothingToSplit");
  }

  lowerDown() { return this.shift("lower", 1); }
  lowerUp() { return this.shift("lower", -1); }
  upperDown() { return this.shift("upper", 1); }
  upperUp() { return this.shift("upper", -1); }

  shift(edge, step) {
    const make = (review, row, side) => edits.shift(review, row, side, edge, step);
    return this.edit(make, "nothingToShift", (bead, side) => edits.anchor(bead, side, edge));
  }

  async unalign() {
    await this.onRow("unalign");
  }

  async reject() {
    await this.onRow("reject");
  }

  async clear() {
    await this.onRow("clear");
  }

  async onRow(type) {
    await this.review.need(this.app.row, this.app.row + 1);
    await this.decide(edits.onRow(this.review, type, this.app.row));
  }

  async edit(make, otherwise, anchor) {
    const { row, side } = this.app;
    await this.review.need(Math.max(0, row - AROUND), row + AROUND);
    const decision = make(this.review, row, side);
    if (!decision) return tell(text(otherwise));
    await this.decide(decision, anchor?.(this.review.bead(row), side));
    if (anchor) this.app.keepSide(side);
  }

  /** Takes a decision that the mouse made, after the commands before it. */
  take(decision, { side, segment, row }) {
    const focus = { side, segment: segment ?? this.review.bead(row)[side][0] };
    this.running = this.running.then(() => this.decide(decision, focus)).catch((error) => this.failed(error));
    return this.running;
  }

  /** Takes a decision and keeps the segment in focus selected. */
  async decide(decision, focus = this.app.focusPlace()) {
    const answer = await this.send(decision);
    this.app.selectSegment(focus.side, focus.segment, answer.first_row);
  }

  async send(decision) {
    this.setBusy(true);
    const answer = await this.review.decide(decision).finally(() => this.setBusy(false));
    hide("error");
    hide("stale");
    for (const notice of answer.notices ?? []) tell(notice);
    return answer;
  }

  async pair() {
    const { row } = this.app;
    await this.review.need(row, row + 1);
    const first = this.app.pairing;
    if (first === undefined || first === row) {
      this.app.setPairing(first === row ? undefined : row);
      if (first !== row) show("pair", text("pairFirst"));
      return;
    }
    const decision = edits.pairRows(this.review, first, row);
    if (!decision) return tell(text("pairSame"));
    this.escape();
    await this.decide(decision, { side: "src", segment: decision.src[0] });
  }

  async cut() {
    await this.review.need(this.app.row, this.app.row + 1);
    const { side, segment } = this.app.focusPlace();
    const bead = this.review.bead(this.app.row);
    const chosen = bead[`${side}_segments`].find(({ index }) => index === segment);
    if (!chosen) return;
    const { languages, sizes } = this.review.session;
    const asked = await askCut(chosen, languages[side], segment + 1 < sizes[side]);
    this.app.focus();
    if (!asked) return;
    const what = asked.join ? { type: "join" } : { type: "cut", at: asked.at };
    await this.decide({ ...what, side, segment });
  }

  async note() {
    const { row } = this.app;
    await this.review.need(row, row + 1);
    const asked = await askNote(row, this.review.bead(row).note);
    this.app.focus();
    if (asked) await this.decide({ type: "note", row, text: asked.note });
  }

  async correct() {
    const { row } = this.app;
    await this.review.need(row, row + 1);
    const { side } = this.app.focusPlace();
    const bead = this.review.bead(row);
    const original = edits.textOf(bead, side);
    const shown = bead.edited?.[side] ?? original;
    const asked = await askText(row, shown, original, this.review.session.languages[side]);
    this.app.focus();
    if (!asked || asked.text.trim() === shown.trim()) return;
    await this.decide({ ...edits.onRow(this.review, "edit", row), side, text: asked.text });
    this.app.keepSide(side);
  }

  async above() {
    const probability = await askProbability();
    this.app.focus();
    if (probability === undefined) return;
    const before = this.review.session.summary.confirmed;
    await this.decide({ type: "confirm_above", probability });
    tell(text("aboveDone", { n: this.review.session.summary.confirmed - before }));
  }

  async sample() {
    const answer = await post(`${this.review.path}/sample`, { revision: this.review.revision });
    this.review.apply(answer);
    this.app.setOrder("sample");
    tell(text("sampleDrawn", { n: answer.summary.sample.drawn }));
    this.visit(answer.next?.sample);
  }

  undo() { return this.back("undo", "can_undo", "nothingToUndo", "undone"); }
  redo() { return this.back("redo", "can_redo", "nothingToRedo", "redone"); }

  async back(what, can, otherwise, done) {
    if (!this.review.session[can]) return tell(text(otherwise));
    const answer = await this.review[what]();
    this.app.select(Math.min(answer.first_row, this.review.total - 1));
    say(text(done));
  }

  // The page.
  search() { this.app.search.open(); }
  closeSearch() { this.app.search.close(); }
  nextHit() { this.app.search.step(1); }
  previousHit() { this.app.search.step(-1); }

  async export() {
    const format = await askFormat(this.review.session.formats);
    this.app.focus();
    if (!format) return;
    const { parts } = this.review.session.formats.find(({ name }) => name === format);
    let losses = "";
    for (const part of parts.keys()) {
      losses = await download(`${this.review.path}/export`, { format, part });
    }
    if (losses) show("losses", text("losses", { format, losses }));
  }

  async help() {
    await showHelp();
    this.app.focus();
  }

  language() { this.app.switchLanguage(); }
  print() { return this.app.print(); }
  documents() { location.hash = "#"; }

  escape() {
    this.app.setPairing(undefined);
    hide("pair");
  }
}

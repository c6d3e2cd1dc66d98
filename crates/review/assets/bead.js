// The element of a row: one bead with its segments, its probability, and why it is doubtful.
import { fill } from "./passage.js";
import { number, percent, text } from "./strings.js";

const tones = (probability) =>
  probability >= 0.9 ? "ready" : probability >= 0.5 ? "check" : "reject";

function make(name, className, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** The element of a row that is not loaded. */
export function placeholder(row) {
  const cell = make("div", "state", make("span", "number", number(row + 1)));
  cell.setAttribute("role", "gridcell");
  const element = make("div", "bead loading", cell);
  element.setAttribute("role", "row");
  element.setAttribute("aria-rowindex", row + 1);
  element.setAttribute("aria-busy", "true");
  return element;
}

/** The element of a bead. `languages` are those of the two sides. */
export function beadElement(bead, row, languages) {
  const element = make("div", "bead");
  element.setAttribute("role", "row");
  element.dataset.decided = bead.decided;
  if (bead.decided === "aligner") element.dataset.tone = tones(bead.probability);
  if (isNull(bead)) element.dataset.null = bead.src[0] === bead.src[1] ? "src" : "tgt";
  if (bead.moved) element.dataset.moved = "";
  const sides = ["src", "tgt"].map((side) => sideCell(bead, side, languages[side]));
  element.append(stateCell(bead), ...sides);
  const remarks = remarksCell(bead);
  if (remarks) element.append(remarks);
  place(element, row);
  return element;
}

export const isNull = (bead) => bead.src[0] === bead.src[1] || bead.tgt[0] === bead.tgt[1];

/** Sets what depends on the place of a row, which other decisions change. */
export function place(element, row) {
  if (element.dataset.row === String(row)) return;
  element.dataset.row = row;
  element.id = `row-${row + 1}`;
  element.setAttribute("aria-rowindex", row + 1);
  const shown = element.querySelector(".number");
  if (shown) shown.textContent = number(row + 1);
}

function stateCell(bead) {
  const cell = make("div", "state", make("span", "number"));
  cell.setAttribute("role", "gridcell");
  if (bead.decided === "aligner") {
    const meter = make("span", "meter", make("span", "filled"));
    meter.setAttribute("aria-hidden", "true");
    meter.firstChild.style.setProperty("--share", bead.probability);
    const share = make("span", "share", percent(bead.probability));
    const words = make("span", "unseen", text("probability", { share: percent(bead.probability) }));
    share.setAttribute("aria-hidden", "true");
    cell.append(meter, share, words);
  } else {
    const key = bead.decided === "confirmed" ? "decidedConfirmed" : "decidedChanged";
    const sign = make("span", "sign", bead.decided === "confirmed" ? "✓" : "✎");
    sign.setAttribute("aria-hidden", "true");
    cell.append(make("span", "verdict", sign, " ", text(key)));
  }
  return cell;
}

function sideCell(bead, side, language) {
  const cell = make("div", "side");
  cell.setAttribute("role", "gridcell");
  cell.dataset.side = side;
  cell.lang = language;
  cell.dir = language === "ar" ? "rtl" : "ltr";
  cell.classList.add(language === "ar" ? "arabic" : "latin");
  const segments = bead[`${side}_segments`];
  for (const segment of segments) cell.append(segmentElement(bead, side, segment));
  if (segments.length === 0) {
    const none = make("p", "none", text("noCounterpart"));
    speak(none);
    cell.append(none);
  }
  const edited = bead.edited?.[side];
  if (edited !== undefined && edited !== null) {
    cell.classList.add("has-edit");
    const corrected = make("p", "corrected");
    fill(corrected, edited);
    cell.prepend(corrected);
  }
  const boundary = make("span", "boundary");
  boundary.setAttribute("aria-hidden", "true");
  cell.append(boundary);
  return cell;
}

// Words of the interface inside a text of the corpus are in the language of the interface.
function speak(element) {
  element.lang = document.documentElement.lang;
  element.dir = document.documentElement.dir;
}

function segmentElement(bead, side, segment) {
  const grip = make("span", "grip", number(segment.index + 1));
  grip.title = text("dragSegment");
  grip.setAttribute("aria-hidden", "true");
  const passage = make("span", "passage");
  const marks = [];
  for (const doubt of bead.doubts ?? []) {
    if (doubt.side && doubt.side !== side) continue;
    for (const [index, start, end] of doubt.ranges ?? []) {
      if (index === segment.index) marks.push({ start, end, kind: doubt.kind });
    }
  }
  fill(passage, segment.text, marks);
  const element = make("p", "segment", grip, passage);
  element.dataset.index = segment.index;
  if (segment.place) element.title = segment.place;
  return element;
}

function remarksCell(bead) {
  const remarks = [];
  if (bead.moved) {
    const link = make("a", "remark moved", text("movedTo", { n: (bead.moved_to ?? 0) + 1 }));
    link.href = `#row-${(bead.moved_to ?? 0) + 1}`;
    link.dataset.to = bead.moved_to ?? 0;
    link.tabIndex = -1;
    remarks.push(link);
  }
  for (const doubt of bead.decided === "aligner" ? bead.doubts ?? [] : []) {
    remarks.push(make("span", `remark doubt-${doubt.kind}`, doubtText(doubt)));
  }
  if (bead.moved_here?.length) {
    const rows = bead.moved_here.map((row) => row + 1).join(", ");
    const link = make("a", "remark moved", text("movedHere", { n: bead.moved_here.length, rows }));
    link.href = `#row-${bead.moved_here[0] + 1}`;
    link.dataset.to = bead.moved_here[0];
    link.tabIndex = -1;
    remarks.push(link);
  }
  if (bead.note) {
    const note = make("span", "remark note", make("bdi", ""));
    fill(note.firstChild, bead.note);
    remarks.push(note);
  }
  if (remarks.length === 0) return undefined;
  const cell = make("div", "remarks", ...remarks);
  cell.setAttribute("role", "gridcell");
  return cell;
}

function doubtText(doubt) {
  const keys = {
    number: "doubtNumber",
    name: "doubtName",
    words: "doubtWords",
    length: "doubtLength",
    null: "doubtNull",
    low: "doubtLow",
  };
  // U+2068 and U+2069 isolate the corpus's text from the direction of the interface's.
  const quoted = doubt.text ? `\u2068${doubt.text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "")}\u2069` : "";
  return text(keys[doubt.kind] ?? "doubtPlain", { text: quoted });
}

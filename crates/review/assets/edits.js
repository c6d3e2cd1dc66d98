// From what the reviewer does to rows, to the decision that the program takes. Rows of moved text have
// their place in the list by their source and are not in order with the others, which are called the
// path. An edit of the path replaces the beads of a run of its rows.
import { isNull } from "./bead.js";

const size = ([start, end]) => end - start;

/** The next row of the path from a row in a direction (1 or -1), or undefined. */
export function pathRow(review, row, step) {
  for (let at = row + step; at >= 0 && at < review.total; at += step) {
    const bead = review.bead(at);
    if (!bead) return undefined;
    if (!bead.moved) return at;
  }
  return undefined;
}

function run(review, first, last) {
  const rows = [];
  for (let row = first; row <= last; row++) {
    const bead = review.bead(row);
    if (!bead.moved) rows.push({ src: bead.src, tgt: bead.tgt });
  }
  return rows;
}

/** The span from the first to the last segment of several spans. */
function union(spans) {
  const full = spans.filter(size);
  if (full.length === 0) return spans[0];
  return [Math.min(...full.map(([start]) => start)), Math.max(...full.map(([, end]) => end))];
}

function setBeads(old, beads) {
  return {
    type: "set_beads",
    src: union(old.map((bead) => bead.src)),
    tgt: union(old.map((bead) => bead.tgt)),
    beads: inOrder(beads.filter((bead) => size(bead.src) + size(bead.tgt) > 0)),
  };
}

// An empty side is placed where the side before it ends.
function inOrder(beads) {
  return beads.map((bead, index) => {
    const placed = { ...bead };
    for (const side of ["src", "tgt"]) {
      if (size(bead[side]) > 0) continue;
      const before = beads.slice(0, index).findLast((each) => size(each[side]) > 0);
      const after = beads.slice(index).find((each) => size(each[side]) > 0);
      const at = before ? before[side][1] : after ? after[side][0] : bead[side][0];
      placed[side] = [at, at];
    }
    return placed;
  });
}

/** Names a row together with the segments that the reviewer sees in it. */
export function onRow(review, type, row) {
  const { src, tgt } = review.bead(row);
  return { type, row, seen: { src, tgt } };
}

/** The text of a side of a row in the document. */
export const textOf = (bead, side) =>
  bead[`${side}_segments`].map((segment) => segment.text).filter(Boolean).join(" ");

/** Merges a row with the next one. */
export function merge(review, row) {
  const bead = review.bead(row);
  const next = bead.moved ? row + 1 : pathRow(review, row, 1);
  const other = review.bead(next);
  if (!other || bead.moved !== other.moved) return undefined;
  const joined = { src: union([bead.src, other.src]), tgt: union([bead.tgt, other.tgt]) };
  if (bead.moved) return { type: "pair_moved", ...joined };
  return setBeads([bead, other], [joined]);
}

/** Splits a row before a segment of a side; the other side is split where its text is as long. */
export function split(review, row, side, segment) {
  const bead = review.bead(row);
  const other = side === "src" ? "tgt" : "src";
  const count = size(bead[side]);
  if (count < 2) return undefined;
  const before = Math.max(1, segment - bead[side][0]);
  const at = bead[side][0] + before;
  const share = textShare(bead[`${side}_segments`], before);
  const otherAt = bead[other][0] + placeOfShare(bead[`${other}_segments`], share);
  const parts = [
    { [side]: [bead[side][0], at], [other]: [bead[other][0], otherAt] },
    { [side]: [at, bead[side][1]], [other]: [otherAt, bead[other][1]] },
  ];
  if (!bead.moved) return setBeads([bead], parts);
  if (parts.some(isNull)) return undefined;
  return { type: "all", decisions: parts.map((part) => ({ type: "pair_moved", ...part })) };
}

function textShare(segments, count) {
  const length = (list) => list.reduce((sum, segment) => sum + segment.text.length, 0);
  return length(segments.slice(0, count)) / Math.max(1, length(segments));
}

function placeOfShare(segments, share) {
  if (segments.length < 2) return segments.length;
  let best = 1;
  for (let count = 1; count < segments.length; count++) {
    const distance = Math.abs(textShare(segments, count) - share);
    if (distance < Math.abs(textShare(segments, best) - share)) best = count;
  }
  return best;
}

/** Extends a side of a row downwards until a segment (not included). */
export function takeBelow(review, row, side, end) {
  let last = row;
  for (let at = row; at !== undefined; at = pathRow(review, at, 1)) {
    const span = review.bead(at)[side];
    if (size(span) > 0 && span[0] >= end) break;
    last = at;
  }
  const old = run(review, row, last);
  const all = union(old.map((bead) => bead[side]));
  const beads = old.map((bead, index) => ({
    ...bead,
    [side]: index === 0 ? [all[0], end] : [Math.max(bead[side][0], end), Math.max(bead[side][1], end)],
  }));
  return setBeads(old, beads);
}

/** Extends a side of a row upwards from a segment. */
export function takeAbove(review, row, side, start) {
  let first = row;
  for (let at = row; at !== undefined; at = pathRow(review, at, -1)) {
    const span = review.bead(at)[side];
    if (size(span) > 0 && span[1] <= start) break;
    first = at;
  }
  const old = run(review, first, row);
  const all = union(old.map((bead) => bead[side]));
  const beads = old.map((bead, index) => ({
    ...bead,
    [side]: index === old.length - 1
      ? [start, all[1]]
      : [Math.min(bead[side][0], start), Math.min(bead[side][1], start)],
  }));
  return setBeads(old, beads);
}

// The last segment of a row becomes a row of its own, if there is no row to take it.
function detach(review, row, side, at, isFirst) {
  const bead = review.bead(row);
  const alone = { src: [0, 0], tgt: [0, 0] };
  const rest = { ...bead };
  [alone[side], rest[side]] = isFirst
    ? [[bead[side][0], at], [at, bead[side][1]]]
    : [[at, bead[side][1]], [bead[side][0], at]];
  const beads = isFirst ? [alone, rest] : [rest, alone];
  return setBeads([bead], beads.map(({ src, tgt }) => ({ src, tgt })));
}

function neighbour(review, row, side, step) {
  let at = pathRow(review, row, step);
  while (at !== undefined && size(review.bead(at)[side]) === 0) at = pathRow(review, at, step);
  return at;
}

/** Moves the lower or upper boundary of a side of a row by one segment, down (1) or up (-1). */
export function shift(review, row, side, edge, step) {
  const bead = review.bead(row);
  const [start, end] = bead[side];
  if (bead.moved) return shiftMoved(bead, side, edge, step);
  const isTaking = (edge === "lower") === (step > 0);
  if (isTaking) {
    const from = neighbour(review, row, side, step);
    if (from === undefined) return undefined;
    const other = review.bead(from)[side];
    return edge === "lower"
      ? takeBelow(review, row, side, other[0] + 1)
      : takeAbove(review, row, side, other[1] - 1);
  }
  if (start === end) return undefined;
  const to = pathRow(review, row, edge === "lower" ? 1 : -1);
  if (to === undefined) {
    if (size(bead.src) + size(bead.tgt) < 2) return undefined;
    return edge === "lower" ? detach(review, row, side, end - 1) : detach(review, row, side, start + 1, true);
  }
  return edge === "lower"
    ? takeAbove(review, to, side, end - 1)
    : takeBelow(review, to, side, start + 1);
}

/** A segment that stays in a row while a boundary of it is moved. */
export function anchor(bead, side, edge) {
  const other = side === "src" ? "tgt" : "src";
  if (size(bead[other]) > 0) return { side: other, segment: bead[other][0] };
  return { side, segment: edge === "lower" ? bead[side][0] : bead[side][1] - 1 };
}

function shiftMoved(bead, side, edge, step) {
  const span = [...bead[side]];
  span[edge === "lower" ? 1 : 0] += step;
  if (size(span) < 1) return undefined;
  return { type: "pair_moved", src: bead.src, tgt: bead.tgt, [side]: span };
}

/** Moves the boundary below a row on a side to a segment. */
export function moveBoundary(review, row, side, to) {
  const end = review.bead(row)[side][1];
  const next = pathRow(review, row, 1);
  if (to === end || review.bead(row).moved) return undefined;
  if (next === undefined) return to < end ? detach(review, row, side, to) : undefined;
  return to > end ? takeBelow(review, row, side, to) : takeAbove(review, next, side, to);
}

/** What dropping a segment on another row does: a decision and how to describe it. */
export function drop(review, from, side, segment, to) {
  const [source, target] = [review.bead(from), review.bead(to)];
  if (!source || !target || from === to || source.moved || target.moved) return undefined;
  const other = side === "src" ? "tgt" : "src";
  const passed = between(review, from, to).some((row) => size(review.bead(row)[side]) > 0);
  if (passed && size(source[other]) === 0 && size(target[side]) === 0) {
    const decision = { type: "pair_moved", [side]: [segment, segment + 1], [other]: target[other] };
    return { decision, kind: "dropPair" };
  }
  const decision = to > from
    ? takeAbove(review, to, side, segment)
    : takeBelow(review, to, side, segment + 1);
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const taken = run(review, low, high).filter((_, index, all) => index !== (to > from ? all.length - 1 : 0));
  const n = taken.reduce((sum, bead) => {
    const [start, end] = bead[side];
    return sum + Math.max(0, to > from ? end - Math.max(start, segment) : Math.min(end, segment + 1) - start);
  }, 0);
  return { decision, kind: "dropShift", n };
}

function between(review, from, to) {
  const rows = [];
  for (let row = Math.min(from, to) + 1; row < Math.max(from, to); row++) {
    if (!review.bead(row)) return [];
    if (!review.bead(row).moved) rows.push(row);
  }
  return rows;
}

/** Pairs the text of two rows, one side of each, as moved text. */
export function pairRows(review, one, two) {
  const [a, b] = [review.bead(one), review.bead(two)];
  if (!a || !b || one === two) return undefined;
  // The null sides decide where they can; otherwise the source is of the first row.
  const isTargetFirst = size(a.src) === 0 || (size(b.tgt) === 0 && size(b.src) > 0);
  const [source, target] = isTargetFirst ? [b, a] : [a, b];
  if (size(source.src) === 0 || size(target.tgt) === 0) return undefined;
  return { type: "pair_moved", src: source.src, tgt: target.tgt };
}

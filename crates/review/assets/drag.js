// Dragging a segment by its number to another row, and the boundary between two rows.
import * as edits from "./edits.js";
import { text } from "./strings.js";

const THRESHOLD = 5;
const EDGE = 60;

export class Drag {
  constructor(app, list) {
    this.app = app;
    this.list = list;
    list.addEventListener("pointerdown", (event) => this.press(event));
    list.addEventListener("pointermove", (event) => this.move(event));
    list.addEventListener("pointerup", (event) => this.release(event));
    list.addEventListener("pointercancel", () => this.end());
    window.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.held) return;
      event.stopPropagation();
      this.end();
    }, true);
  }

  press(event) {
    if (event.button !== 0) return;
    const grip = event.target.closest(".grip");
    const boundary = event.target.closest(".boundary");
    const held = grip ?? boundary;
    const row = held?.closest(".bead");
    if (!row?.bead) return;
    event.preventDefault();
    this.list.setPointerCapture(event.pointerId);
    const side = held.closest(".side").dataset.side;
    const segment = grip && Number(grip.parentElement.dataset.index);
    const { clientX: x, clientY: y } = event;
    this.held = { kind: grip ? "segment" : "boundary", row: row.row, side, segment, x, y };
  }

  move(event) {
    if (!this.held) return;
    const { clientX: x, clientY: y } = event;
    if (!this.label && Math.hypot(x - this.held.x, y - this.held.y) < THRESHOLD) return;
    this.label ??= this.makeLabel();
    this.point = [x, y];
    this.follow();
    this.scrollNearEdge();
  }

  follow() {
    const [x, y] = this.point;
    this.label.style.transform = `translate(${x + 14}px, ${y + 14}px)`;
    const below = document.elementsFromPoint(x, y).find((each) => this.list.contains(each));
    const row = below?.closest(".bead");
    this.target = row?.bead ? this.outcome(row, y) : undefined;
    this.light(row, this.target);
    const { kind = "dropNone", n = 0 } = this.target ?? {};
    this.label.textContent = text(kind, { n });
  }

  outcome(row, y) {
    const { review } = this.app;
    if (this.held.kind === "segment") {
      return edits.drop(review, this.held.row, this.held.side, this.held.segment, row.row);
    }
    const to = boundaryAt(row, this.held.side, y);
    const decision = to === undefined ? undefined : edits.moveBoundary(review, this.held.row, this.held.side, to);
    if (!decision) return undefined;
    const n = Math.abs(to - review.bead(this.held.row)[this.held.side][1]);
    return { decision, kind: "dropShift", n };
  }

  light(row, target) {
    this.list.querySelector(".drop")?.classList.remove("drop");
    if (row && target) row.classList.add("drop");
  }

  // The list scrolls while the pointer is at its upper or lower edge.
  scrollNearEdge() {
    cancelAnimationFrame(this.frame);
    const box = this.list.getBoundingClientRect();
    const y = this.point[1];
    const speed = y < box.top + EDGE ? y - box.top - EDGE : y > box.bottom - EDGE ? y - box.bottom + EDGE : 0;
    if (speed === 0) return;
    this.frame = requestAnimationFrame(() => {
      this.list.scrollTop += speed / 4;
      this.follow();
      this.scrollNearEdge();
    });
  }

  makeLabel() {
    const label = document.createElement("div");
    label.className = "dragging";
    label.setAttribute("aria-hidden", "true");
    document.body.append(label);
    document.body.classList.add("is-dragging");
    return label;
  }

  release() {
    const { held, label, target } = this;
    this.end();
    if (!held) return;
    if (label && target) this.app.actions.take(target.decision, held);
    else if (!label && held.segment !== null) this.app.select(held.row, held);
  }

  end() {
    cancelAnimationFrame(this.frame);
    this.light();
    this.label?.remove();
    document.body.classList.remove("is-dragging");
    this.held = this.label = this.target = undefined;
  }
}

// The place between segments of a side that is nearest to a height on the page.
function boundaryAt(row, side, y) {
  const bead = row.bead;
  const segments = [...row.querySelectorAll(`[data-side="${side}"] .segment`)];
  let at = bead[side][0];
  for (const segment of segments) {
    const box = segment.getBoundingClientRect();
    if (y < box.top + box.height / 2) break;
    at = Number(segment.dataset.index) + 1;
  }
  return segments.length > 0 ? at : undefined;
}

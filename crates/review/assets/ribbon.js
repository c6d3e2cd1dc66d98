// The whole document beside the list: how sure each row is, what is decided, what was found, and where
// the view is. A click goes there.

const CONFIRMED = 1;
const CHANGED = 2;

export class Ribbon {
  constructor(element, canvas, view, goTo) {
    Object.assign(this, { element, canvas, view, goTo });
    new ResizeObserver(() => this.draw()).observe(element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    element.addEventListener("pointerdown", (event) => this.press(event));
    element.addEventListener("pointermove", (event) => event.buttons & 1 && this.visit(event));
    element.addEventListener("keydown", (event) => this.key(event));
  }

  show(review) {
    this.review = review;
    this.draw();
  }

  press(event) {
    this.element.setPointerCapture(event.pointerId);
    this.visit(event);
  }

  visit(event) {
    const box = this.element.getBoundingClientRect();
    const share = (event.clientY - box.top) / box.height;
    const row = Math.floor(share * this.review.total);
    this.goTo(Math.max(0, Math.min(row, this.review.total - 1)));
  }

  key(event) {
    const page = Math.max(1, Math.round(this.review.total / 20));
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const last = this.review.total - 1;
    let row = this.first + (steps[event.key] ?? NaN);
    if (event.key === "Home") row = 0;
    if (event.key === "End") row = last;
    if (Number.isNaN(row)) return;
    event.preventDefault();
    event.stopPropagation();
    this.goTo(Math.max(0, Math.min(row, last)));
  }

  /** Marks the rows that are in view. */
  seen(first, end) {
    if (!this.review || this.review.total === 0) return;
    this.first = first;
    const height = this.element.clientHeight;
    const { total } = this.review;
    const top = (first / total) * height;
    this.view.style.transform = `translateY(${top}px)`;
    this.view.style.height = `${Math.max(4, ((end - first) / total) * height)}px`;
    this.element.setAttribute("aria-valuemax", total);
    this.element.setAttribute("aria-valuenow", first + 1);
  }

  draw() {
    if (!this.review) return;
    const scale = devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.element;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    const context = this.canvas.getContext("2d");
    context.scale(scale, scale);
    const style = getComputedStyle(this.element);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const isMirrored = style.direction === "rtl";
    const { total } = this.review;
    const lines = Math.min(total, Math.floor(height));
    for (let line = 0; line < lines; line++) {
      const first = Math.floor((line * total) / lines);
      const end = Math.max(first + 1, Math.floor(((line + 1) * total) / lines));
      const { tone, share } = this.worst(first, end);
      const top = Math.round((line * height * scale) / lines) / scale;
      const bottom = Math.round(((line + 1) * height * scale) / lines) / scale;
      const gap = bottom - top > 4 ? 1 : 0;
      const long = Math.max(3, share * (width - 8));
      context.fillStyle = colour(tone);
      context.fillRect(isMirrored ? width - 4 - long : 4, top, long, bottom - top - gap);
    }
    this.drawFindings(context, width, height, colour, isMirrored);
  }

  // The least certain row that nobody has decided, or how the rows were decided.
  worst(first, end) {
    const { probability, decided } = this.review;
    let lowest = 256;
    let code = 0;
    let isChanged = false;
    for (let row = first; row < end; row++) {
      const who = decided[row] & 3;
      if (who === CHANGED) isChanged = true;
      if (who !== 0 || probability[row] >= lowest) continue;
      lowest = probability[row];
      code = decided[row];
    }
    if (lowest === 256) return { tone: isChanged ? "changed" : "confirmed", share: 1 };
    const share = lowest / 255;
    const tone = share >= 0.9 ? "sure" : share >= 0.5 ? "check" : "reject";
    return { tone: share >= 0.5 && code & 4 ? "added" : tone, share };
  }

  drawFindings(context, width, height, colour, isMirrored) {
    const { total, findings } = this.review;
    for (const finding of findings) {
      const [first, end] = finding.rows;
      const top = (first / total) * height;
      const long = Math.max(2, ((end - first) / total) * height);
      context.fillStyle = colour(finding.kind === "moved" ? "moved" : "added");
      context.fillRect(isMirrored ? 0 : width - 3, top, 3, long);
    }
  }
}

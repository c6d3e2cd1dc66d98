// The rows that are in view, and few around them, of a list of any length.
//
// The scroll bar belongs to a space as high as all rows, most of which have an estimated height. When
// a row above the view turns out to be higher or lower than estimated, what is seen must not jump, and
// setting the scroll position would stop a running scroll. The difference is therefore kept in
// `drift`, and the scroll position is corrected when scrolling has ended.
import { Heights } from "./heights.js";

const MARGIN = 600;
const MAX_DRIFT = 3000;
const ESTIMATE = 104;

export class List {
  /** `draw(row, old)` returns the element of a row, which may be the old one. */
  constructor(scroller, space, window, draw, onView) {
    Object.assign(this, { scroller, space, window, draw, onView });
    this.heights = new Heights(0, ESTIMATE);
    this.elements = new Map();
    this.drift = 0;
    this.range = [0, 0];
    this.observer = new ResizeObserver((entries) => this.measure(entries));
    this.width = 0;
    new ResizeObserver(() => this.resized()).observe(scroller);
    scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
  }

  /** Starts with a number of rows, at the top. */
  reset(count) {
    this.heights.reset(count, this.heights.estimate);
    this.clear();
    this.render();
  }

  clear() {
    this.observer.disconnect();
    this.elements.clear();
    this.window.replaceChildren();
  }

  splice(first, removed, inserted) {
    this.heights.splice(first, removed, inserted);
    const moved = new Map();
    for (const [row, element] of this.elements) {
      if (row < first) moved.set(row, element);
      else if (row >= first + removed) moved.set(row + inserted - removed, element);
      else this.drop(element);
    }
    this.elements = moved;
    this.render();
  }

  drop(element) {
    this.observer.unobserve(element);
    element.remove();
  }

  scrolled() {
    if (this.drift !== 0 && (this.isNearEnd() || Math.abs(this.drift) > MAX_DRIFT)) this.settle();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), 150);
    this.schedule();
  }

  isNearEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollTop < MAX_DRIFT || scrollHeight - scrollTop - clientHeight < MAX_DRIFT;
  }

  schedule() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = undefined;
      this.render();
    });
  }

  settle() {
    if (this.drift === 0) return;
    const top = this.scroller.scrollTop - this.drift;
    this.drift = 0;
    this.space.style.height = `${this.heights.total}px`;
    this.scroller.scrollTop = top;
    this.place();
  }

  resized() {
    const { clientWidth } = this.scroller;
    if (clientWidth !== this.width && this.width !== 0) {
      const anchor = this.heights.at(this.top);
      this.heights.reset(this.heights.count, this.heights.estimate);
      this.observer.disconnect();
      for (const element of this.elements.values()) this.observer.observe(element);
      this.render();
      this.show(anchor, "start");
    }
    this.width = clientWidth;
    this.render();
  }

  /** The distance of the view from the top of the first row. */
  get top() {
    return this.scroller.scrollTop - this.drift;
  }

  /** Draws the rows in view. */
  render() {
    const { count } = this.heights;
    this.space.style.height = `${this.heights.total}px`;
    if (count === 0) return;
    const bottom = this.top + this.scroller.clientHeight;
    const first = this.heights.at(Math.max(0, this.top - MARGIN));
    const end = this.heights.at(bottom + MARGIN) + 1;
    for (const [row, element] of this.elements) {
      if (row >= first && row < end) continue;
      this.drop(element);
      this.elements.delete(row);
    }
    let before = null;
    for (let row = end - 1; row >= first; row--) before = this.drawRow(row, before);
    this.range = [first, end];
    this.place();
    this.onView(this.heights.at(this.top), this.heights.at(bottom) + 1, first, end);
  }

  drawRow(row, before) {
    const old = this.elements.get(row);
    const element = this.draw(row, old);
    if (element !== old) {
      if (old) this.drop(old);
      this.elements.set(row, element);
      this.window.insertBefore(element, before);
      this.observer.observe(element);
    } else if (element.nextSibling !== before) {
      this.window.insertBefore(element, before);
    }
    element.row = row;
    return element;
  }

  place() {
    const [first] = this.range;
    const top = this.heights.offset(first) + this.drift;
    this.window.style.transform = `translateY(${top}px)`;
  }

  measure(entries) {
    const anchor = this.pinned ?? this.heights.at(this.top);
    const before = this.heights.offset(anchor);
    for (const { target, borderBoxSize } of entries) {
      const height = borderBoxSize[0].blockSize;
      if (target.isConnected && height > 0) this.heights.set(target.row, height);
    }
    this.drift -= this.heights.offset(anchor) - before;
    // At the top there is nothing above that could be out of sight.
    if (this.scroller.scrollTop === 0 && this.drift !== 0) this.drift = 0;
    this.space.style.height = `${this.heights.total}px`;
    this.place();
    this.schedule();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), 150);
  }

  /** Brings a row into view: at the start or the centre of the view, or by as little as is needed. */
  show(row, where = "nearest") {
    if (row < 0 || row >= this.heights.count) return;
    const top = this.heights.offset(row);
    const height = this.heights.of(row);
    const view = this.scroller.clientHeight;
    const edge = Math.min(90, view / 5);
    const isAbove = top < this.top + 1;
    const isBelow = top + height > this.top + view - 1;
    if (where === "nearest" && !isAbove && !isBelow) return;
    const isFar = top + height < this.top - view || top > this.top + 2 * view;
    let to = isAbove ? top - edge : Math.min(top - edge, top + height - view + edge);
    if (where === "centre" || isFar) to = top - Math.max(edge, (view - height) / 3);
    if (where === "start") to = top;
    this.pin(row);
    this.drift = 0;
    this.scroller.scrollTop = Math.max(0, to);
    this.render();
  }

  /** Keeps a row where it is while the rows around it are measured. */
  pin(row) {
    this.pinned = row;
    clearTimeout(this.unpin);
    this.unpin = setTimeout(() => (this.pinned = undefined), 300);
  }
}

// Lights the words that match the one under the pointer.
import { get } from "./api.js";
import { light, passageAt, rangeOf } from "./passage.js";

const DELAY = 60;

export class Words {
  constructor(app, list) {
    this.app = app;
    this.list = list;
    this.links = new WeakMap();
    list.addEventListener("pointermove", (event) => this.moved(event));
    list.addEventListener("pointerleave", () => this.clear());
  }

  moved({ clientX, clientY, pointerType }) {
    if (pointerType === "touch") return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.point(clientX, clientY), DELAY);
  }

  clear() {
    clearTimeout(this.timer);
    light("word", []);
    light("counterpart", []);
  }

  async point(x, y) {
    const place = passageAt(x, y);
    if (!place) return this.clear();
    const element = place.element.closest(".bead");
    const bead = element.bead;
    const found = await this.of(bead, element.row);
    if (!element.isConnected) return;
    const side = place.element.closest(".side").dataset.side;
    const other = side === "src" ? "tgt" : "src";
    const segment = Number(place.element.parentElement.dataset.index);
    const lit = found.filter((link) => {
      const [index, start, end] = link[side];
      return index === segment && start <= place.offset && place.offset < end;
    });
    light("word", ranges(element, side, lit));
    light("counterpart", ranges(element, other, lit));
  }

  async of(bead, row) {
    if (!bead) return [];
    if (!this.links.has(bead)) {
      const { path, revision } = this.app.review;
      const ofBead = (answer) => {
        // The page is behind, or the search is not ready: ask again when the pointer comes back.
        if (!answer.final) this.links.delete(bead);
        return answer.links;
      };
      this.links.set(bead, get(`${path}/words`, { row, revision }).then(ofBead, () => []));
    }
    return this.links.get(bead);
  }
}

function ranges(element, side, links) {
  return links.flatMap((link) => {
    const [index, start, end] = link[side];
    const selector = `[data-side="${side}"] [data-index="${index}"] .passage`;
    const passage = element.querySelector(selector);
    return (passage && rangeOf(passage, start, end)) ?? [];
  });
}

// The text of a segment on the page: only ever text, never markup, with underlined ranges and with
// characters that are invisible or would reorder other text shown as signs. Each is replaced by one
// character, so that offsets stay those of the text.

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/g;

function visible(text) {
  return text.replace(CONTROL, (char) => {
    const code = char.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "\u2421" : "\ufffd";
  });
}

/** Fills an element with a text. `marks` are `{start, end, kind}` in UTF-16 code units. */
export function fill(element, text, marks = []) {
  const shown = visible(text);
  const parts = [];
  let at = 0;
  for (const mark of [...marks].sort((a, b) => a.start - b.start)) {
    const start = Math.max(mark.start, at);
    if (mark.end <= start) continue;
    parts.push(shown.slice(at, start));
    const underlined = document.createElement("u");
    underlined.className = `doubt ${mark.kind}`;
    underlined.textContent = shown.slice(start, mark.end);
    parts.push(underlined);
    at = mark.end;
  }
  parts.push(shown.slice(at));
  element.replaceChildren(...parts.filter((part) => part !== ""));
}

function* textNodes(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) yield walker.currentNode;
}

/** The offset in an element's text of a place in one of its text nodes. */
export function offsetOf(element, node, offset) {
  let before = 0;
  for (const each of textNodes(element)) {
    if (each === node) return before + offset;
    before += each.length;
  }
  return undefined;
}

/** The range of the page that shows a part of an element's text, or undefined. */
export function rangeOf(element, start, end) {
  const range = new Range();
  let before = 0;
  let hasStart = false;
  for (const node of textNodes(element)) {
    const after = before + node.length;
    if (!hasStart && start < after) {
      range.setStart(node, Math.max(0, start - before));
      hasStart = true;
    }
    if (hasStart && end <= after) {
      range.setEnd(node, Math.max(0, end - before));
      return range;
    }
    before = after;
  }
  return undefined;
}

/** The segment's text and the offset in it at a point of the window, or undefined. */
export function passageAt(x, y) {
  const caret = document.caretPositionFromPoint
    ? document.caretPositionFromPoint(x, y)
    : document.caretRangeFromPoint?.(x, y);
  const node = caret?.offsetNode ?? caret?.startContainer;
  const element = node?.parentElement?.closest(".passage");
  if (!element) return undefined;
  const offset = offsetOf(element, node, caret.offset ?? caret.startOffset);
  return offset === undefined ? undefined : { element, offset };
}

/** Lights ranges of the page under a name that the style sheet knows, without changing elements. */
export function light(name, ranges) {
  if (!globalThis.CSS?.highlights) return;
  if (ranges.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...ranges));
}

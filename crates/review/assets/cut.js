// The dialog that cuts a segment in two or joins it with the next. The place of the cut is between two
// words and is moved like a slider.
import { ask, h, submit } from "./dialog.js";
import { text } from "./strings.js";

// The offsets, in UTF-16 code units, where a word begins, without the first.
function places(words) {
  const found = [...words.matchAll(/\s+(?=\S)/gu)].map((match) => match.index + match[0].length);
  return found.filter((at) => at > 0 && words.slice(0, at).trim() !== "");
}

function middle(words, offsets) {
  const distance = (at) => Math.abs(at - words.length / 2);
  return offsets.reduce((best, at, index) => (distance(at) < distance(offsets[best]) ? index : best), 0);
}

/** Returns `{at}` for a cut or `{join: true}`. */
export function askCut(segment, language, canJoin) {
  const offsets = places(segment.text);
  const buttons = [];
  if (offsets.length > 0) buttons.push(["cut", "cutDo"]);
  if (canJoin) buttons.push(["join", "joinDo"]);
  const state = { index: offsets.length > 0 ? middle(segment.text, offsets) : 0 };
  const slider = makeSlider(segment.text, offsets, state, language);
  const content = offsets.length > 0 ? [h("p", {}, text("cutLead")), slider] : [slider];
  return ask(text("cutTitle"), content, buttons, (value) =>
    value === "join" ? { join: true } : { at: offsets[state.index] });
}

function makeSlider(words, offsets, state, language) {
  const direction = language === "ar" ? "rtl" : "ltr";
  const attributes = { class: `slider ${language === "ar" ? "arabic" : "latin"}`, lang: language, dir: direction };
  const parts = [0, ...offsets].map((start, index) =>
    h("span", { class: "word", "data-place": index - 1 }, words.slice(start, offsets[index])));
  const slider = h("div", attributes, ...parts);
  if (offsets.length === 0) return slider;
  for (const [name, value] of Object.entries({
    role: "slider",
    tabindex: 0,
    autofocus: "",
    "aria-label": text("cutSlider"),
    "aria-valuemin": 1,
    "aria-valuemax": offsets.length,
  })) slider.setAttribute(name, value);
  const draw = () => {
    parts.forEach((part, index) => part.classList.toggle("after", index === state.index + 1));
    const before = parts[state.index].textContent.trim();
    const after = parts[state.index + 1].textContent.trim();
    slider.setAttribute("aria-valuenow", state.index + 1);
    slider.setAttribute("aria-valuetext", text("cutValue", { before, after }));
  };
  slider.addEventListener("click", (event) => {
    const part = event.target.closest(".word");
    if (!part) return;
    state.index = Math.max(0, Number(part.dataset.place));
    draw();
  });
  slider.addEventListener("keydown", (event) => {
    const forward = direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = direction === "rtl" ? "ArrowRight" : "ArrowLeft";
    const last = offsets.length - 1;
    const to = { [forward]: state.index + 1, [back]: state.index - 1, Home: 0, End: last }[event.key];
    if (to === undefined && event.key !== "Enter") return;
    // The dialog is closed when the key reaches the page, which must not take it for its own.
    event.preventDefault();
    if (event.key === "Enter") return submit(slider);
    state.index = Math.max(0, Math.min(last, to));
    draw();
  });
  draw();
  return slider;
}

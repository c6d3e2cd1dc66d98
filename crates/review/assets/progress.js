// How far the review is and whether it is enough.
import { percent, text } from "./strings.js";

const ENOUGH = 0.01;

function part(className, words) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = words;
  return element;
}

/** Shows a summary. */
export function showProgress(element, summary) {
  const { rows, confirmed, changed, unlooked, sample } = summary;
  const bar = document.createElement("span");
  bar.className = "done";
  bar.setAttribute("aria-hidden", "true");
  const filled = document.createElement("span");
  filled.style.setProperty("--share", rows > 0 ? (rows - unlooked) / rows : 1);
  bar.append(filled);
  const parts = [
    bar,
    part("confirmed", text("confirmed", { n: confirmed })),
    part("changed", text("changed", { n: changed })),
    part("left", text("left", { n: unlooked })),
  ];
  if (unlooked > 0) {
    const share = percent(rows > 0 ? summary.expected_wrong / rows : 0);
    parts.push(part("wrong", text("expectedWrong", { n: summary.expected_wrong, share })));
    if (summary.enough) parts.push(part("enough", text("enough", { share: percent(summary.bound ?? ENOUGH) })));
  } else {
    parts.push(part("enough", text("allDone")));
  }
  if (sample) parts.push(part("sample", sampleText(sample)));
  element.replaceChildren(...parts);
}

function sampleText(sample) {
  if (sample.checked < sample.drawn) return text("sampleOpen", { checked: sample.checked, size: sample.drawn });
  const [low, high] = [percent(sample.low), percent(sample.high)];
  return text("sampled", { right: sample.right, checked: sample.checked, low, high });
}

// Printing: all rows are drawn once, in a place that only the printer sees.
import { tell } from "./notices.js";
import { text } from "./strings.js";

const MAX_ROWS = 3000;

/** Prints the rows of a review. */
export async function printRows(review, draw) {
  const count = Math.min(review.total, MAX_ROWS);
  await review.need(0, count);
  if (review.total > count) tell(text("printing", { n: count }));
  const sheet = document.createElement("div");
  sheet.id = "sheet";
  for (let row = 0; row < count; row++) {
    const element = draw(row);
    element.removeAttribute("id");
    sheet.append(element);
  }
  document.body.append(sheet);
  window.print();
  sheet.remove();
}

"use strict";
// Counts the judged pairs of each sample, shows the share of right pairs with its Wilson interval, and
// exports the judgements. Everything else on the page works without this script.
(() => {
  const wilson = (right, all) => {
    if (all === 0) return [0, 1];
    const z = 1.959964, p = right / all, z2 = z * z;
    const middle = (p + z2 / (2 * all)) / (1 + z2 / all);
    const half = z / (1 + z2 / all) * Math.sqrt(p * (1 - p) / all + z2 / (4 * all * all));
    return [Math.max(0, middle - half), Math.min(1, middle + half)];
  };
  const percent = (share) => (100 * share).toFixed(1) + " %";
  for (const sample of document.querySelectorAll(".sample")) {
    const pairs = [...sample.querySelectorAll(".pair")];
    const judgements = () => pairs.map((pair) => {
      const chosen = pair.querySelector("input:checked");
      return {
        row: Number(pair.dataset.row),
        code: chosen ? chosen.value : null,
        arabic: pair.querySelector(".ar").textContent,
        english: pair.querySelector(".en").textContent,
      };
    });
    const counts = () => {
      const codes = {};
      for (const input of sample.querySelectorAll("input:checked")) {
        codes[input.value] = (codes[input.value] || 0) + 1;
      }
      const judged = Object.values(codes).reduce((sum, count) => sum + count, 0);
      const right = (codes.CC || 0) + (codes.CB || 0) + (codes.CS || 0);
      return { codes, judged, right };
    };
    const show = () => {
      const { codes, judged, right } = counts();
      const [low, high] = wilson(right, judged);
      const result = sample.querySelector(".result");
      if (judged === 0) {
        result.textContent = "None of " + pairs.length + " judged.";
        return;
      }
      const list = Object.entries(codes).sort().map(([code, count]) => code + " " + count).join(", ");
      result.textContent = judged + " of " + pairs.length + " judged: " + percent(right / judged)
        + " right (95 %: " + percent(low) + " to " + percent(high) + "). " + list + ".";
    };
    const save = (name, type, text) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    };
    const cell = (text) => String(text ?? "").replace(/\s+/g, " ");
    const tsv = () => ["row\tcode\tar\ten", ...judgements().map((pair) =>
      [pair.row, pair.code, pair.arabic, pair.english].map(cell).join("\t"))].join("\n") + "\n";
    const json = () => {
      const { codes, judged, right } = counts();
      return JSON.stringify({
        corpus: sample.dataset.corpus, judged, right, share: judged ? right / judged : null,
        interval: wilson(right, judged), codes, pairs: judgements(),
      }, null, 1) + "\n";
    };
    sample.querySelector(".judged").hidden = false;
    sample.addEventListener("change", show);
    for (const button of sample.querySelectorAll("[data-export]")) {
      button.addEventListener("click", () => button.dataset.export === "tsv"
        ? save("sample.tsv", "text/tab-separated-values", tsv())
        : save("sample.json", "application/json", json()));
    }
    show();
  }
})();

// Languages, paper, and the first drawing.
const charts = () => [timeline, scatter, ...comparisonCharts];
for (const button of document.querySelectorAll("[data-lang]")) {
  button.addEventListener("click", () => {
    speak(button.dataset.lang);
    markLanguage();
  });
}
function markLanguage() {
  for (const button of document.querySelectorAll("[data-lang]")) button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
}

// On paper tables are whole, and charts are as wide as the sheet.
function onPaper(is) {
  document.body.classList.toggle("paper", is);  // as wide as the sheet
  for (const table of pagedTables) {
    table.isWhole = is;
    table.draw();
  }
  drawComparisonCharts();  // names beside the circles stand where there is room
  drawStudy();
  for (const chart of charts()) {
    chart.resize();
    chart.getZr().flush();  // the sheet does not wait for the next frame
  }
  map.invalidateSize({animate: false, pan: false});
  if (is) {
    fitMap();
    placeLabels();
  }
}
window.addEventListener("beforeprint", () => onPaper(true));
window.addEventListener("afterprint", () => onPaper(false));
byId("print").addEventListener("click", () => window.print());

let resizes;
window.addEventListener("resize", () => {
  clearTimeout(resizes);
  resizes = setTimeout(() => { if (!document.body.classList.contains("paper")) charts().forEach(chart => chart.resize()); }, 120);
});

function drawHead() {
  byId("title").textContent = document.title = say(comparison ? "title_compared" : "title");
  byId("plan-title").hidden = !comparison;
  byId("plan-title").textContent = comparison ? say("plan_of", {name: alternativeName(data.alternative)}) : "";
  for (const link of document.querySelectorAll("nav a")) link.hidden = byId(link.hash.slice(1)).hidden;
}

redrawn.push(drawFilter, drawHead);
speak(lang);
markLanguage();
fitMap();

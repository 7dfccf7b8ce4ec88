// The first drawing; the page around it is in one language and stays as it is.
redrawn.push(drawFilter);
speak(lang);
fitMap();
let resizes;
window.addEventListener("resize", () => {
  clearTimeout(resizes);
  resizes = setTimeout(() => [timeline, scatter].forEach(chart => chart.resize()), 120);
});

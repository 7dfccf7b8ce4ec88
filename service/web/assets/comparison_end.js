// The first drawing; the page around it is in one language and stays as it is.
speak(lang);
let resizes;
window.addEventListener("resize", () => {
  clearTimeout(resizes);
  resizes = setTimeout(() => comparisonCharts.forEach(chart => chart.resize()), 120);
});

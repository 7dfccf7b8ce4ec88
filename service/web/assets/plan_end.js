// The first drawing; the page around it is in one language and stays as it is.
// What was searched for in the table of the page stays searched for.
const asked = new URLSearchParams(location.search);
filter.text = asked.get("q") ?? "";
if (asked.get("state") in STATES) filter.state = asked.get("state");
redrawn.push(drawFilter);
speak(lang);
fitMap();
let resizes;
window.addEventListener("resize", () => {
  clearTimeout(resizes);
  resizes = setTimeout(() => [timeline, scatter].forEach(chart => chart.resize()), 120);
});

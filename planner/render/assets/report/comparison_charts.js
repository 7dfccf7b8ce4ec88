// Charts of the comparison: cost beside days of each alternative, and what a vehicle's money goes into.
let bubblesOf = "total";

function newChart(host) {
  const chart = echarts.init(host);
  comparisonCharts.push(chart);
  return chart;
}
function drawComparisonCharts() {
  comparisonCharts.splice(0).forEach(chart => chart.dispose());
  if (!comparison) return;
  const hasCommon = alternatives[0].common.vehicles > 0;
  fillIn("bubbles-tools", hasCommon ? choice(say("vehicles"), [["total", say("bubbles_total")], ["common", say("bubbles_common")]], bubblesOf, value => {
    bubblesOf = value;
    drawBubbles(bubbleChart);
  }) : null);
  const bubbleChart = newChart(byId("bubbles"));
  drawBubbles(bubbleChart);
  fillIn("spent", ...spentTable());
}

function drawBubbles(chart) {
  const shown = alternatives.filter(one => one[bubblesOf].plannedVehicles), most = greatest(shown.map(one => one[bubblesOf].plannedVehicles), 1);
  const masses = shown.map(one => gramsOf(one[bubblesOf])).filter(grams => grams !== null), range = [Math.min(...masses), Math.max(...masses)];
  const colour = own => knowsGrams ? shadeOf(gramsOf(own), ...range) : MODES.other.colour;
  const circles = shown.map(one => {
    const own = one[bubblesOf], size = 12 + 34 * Math.sqrt(own.plannedVehicles / most);
    return {name: alternativeName(one.name), value: [doorOf(own) / 1440, centsOf(own) / 100], symbolSize: size, itemStyle: {color: colour(own), opacity: 0.85, borderColor: "#44586a", borderWidth: 1}};
  });
  const free = alternatives.find(one => one.name === data.alternative)?.besideBaseline;
  const base = bubblesOf === "total" && free?.vehicles ? [{name: say("alternative_baseline"), value: [free.baselineDoorMinutes / free.vehicles / 1440, free.baselineCents / free.vehicles / 100], symbol: "diamond", symbolSize: 13,
    itemStyle: {color: "rgba(255,255,255,0)", borderColor: "#7d8891", borderWidth: 1.4}}] : [];
  const marks = [...circles, ...base];
  const wide = {scale: true, boundaryGap: ["25%", "25%"]};
  const tip = ({dataIndex}) => dataIndex < shown.length ? bubbleTip(shown[dataIndex]) : bubbleBaseTip(free);
  const option = {
    animation: false, textStyle: {fontFamily: chartFont}, grid: {left: 60, right: 20, top: 34, bottom: 46},
    xAxis: {...daysAxis(), ...wide}, yAxis: {...moneyAxis(perVehicle()), ...wide},
    tooltip: {trigger: "item", confine: true, borderColor: "#b7c1c8", className: "tip", formatter: tip}, series: [{type: "scatter", data: marks}],
  };
  chart.setOption(option, {replaceMerge: ["series"]});
  const labels = labelPlaces(marks.map(one => ({at: chart.convertToPixel("grid", one.value), radius: one.symbolSize / 2, text: one.name})), chart.getWidth());
  marks.forEach((one, at) => { one.label = {show: true, formatter: one.name, position: labels[at], fontSize: 12, color: "#1f2c36", distance: 5}; });
  chart.setOption({series: [{type: "scatter", data: marks}]});
  const keys = [knowsGrams && shown.length ? make("span", {class: "key"}, kilograms(range[0]), make("span", {class: "ramp", style: `background:linear-gradient(90deg,${SHADES.join(",")})`}), say("kg_a_vehicle", {count: kilograms(range[1])})) : null,
    base.length ? make("span", {class: "key"}, make("span", {class: "diamond"}), say("bubbles_baseline", {vehicles: counted("vehicles_count", free.vehicles)})) : null];
  fillIn("bubbles-legend", ...keys);
}

// For each mark the side on which its name runs least into other marks, other names and the edge.
function labelPlaces(marks, width) {
  const taken = marks.map(({at: [x, y], radius}) => [x - radius, y - radius, x + radius, y + radius]);
  const overlap = (one, other) => Math.max(0, Math.min(one[2], other[2]) - Math.max(one[0], other[0])) * Math.max(0, Math.min(one[3], other[3]) - Math.max(one[1], other[1]));
  return marks.map(({at: [x, y], radius, text}) => {
    const wide = [...text].reduce((sum, letter) => sum + (letter > "\u2fff" ? 12.5 : 7), 0), far = radius + 5;
    const boxes = {right: [x + far, y - 8, x + far + wide, y + 8], left: [x - far - wide, y - 8, x - far, y + 8], top: [x - wide / 2, y - far - 16, x + wide / 2, y - far], bottom: [x - wide / 2, y + far, x + wide / 2, y + far + 16]};
    const cost = box => taken.reduce((sum, other) => sum + overlap(box, other), 0) + 30 * (Math.max(0, box[2] - width + 8) + Math.max(0, 58 - box[0]));
    const best = Object.keys(boxes).reduce((one, other) => cost(boxes[other]) < cost(boxes[one]) - 1 ? other : one);
    taken.push(boxes[best]);
    return best;
  });
}
const bubbleTip = one => make("div", {class: "tip-body"}, make("b", {}, alternativeName(one.name)), definitions([
  [say("vehicles"), whole(one[bubblesOf].plannedVehicles)], [say("left_out"), one[bubblesOf].unplannedVehicles ? whole(one[bubblesOf].unplannedVehicles) : ""], [say("cost_each"), withCurrency(centsOf(one[bubblesOf]))],
  [say("door_days"), say("days", {count: days(doorOf(one[bubblesOf]))})], [say("co2e_each"), knowsGrams ? say("kg", {count: kilograms(gramsOf(one[bubblesOf]))}) : null]]));
const bubbleBaseTip = own => make("div", {class: "tip-body"}, make("b", {}, say("alternative_baseline")), definitions([
  [say("vehicles"), whole(own.vehicles)], [say("cost_each"), withCurrency(own.baselineCents / own.vehicles)], [say("door_days"), say("days", {count: days(own.baselineDoorMinutes / own.vehicles)})]]));

const KIND_COLOURS = {
  freight: "#2f6690", departure: "#5f93b8", module: "#93b7d0", box_hire: "#7a9e7e", surcharge: "#a9c4a4", insurance: "#c9d8c0", road: "#8a8f94", handling: "#c9a227", stuffing: "#dcbf62", stripping: "#ecdca0",
  storage: "#b07d5b", charge: "#a2643f", carrying: "#7d6b91", early: "#b9a9c9", late: "#b3261e",
};
// A bar an alternative, as long as a vehicle is dear; below it the same kinds as figures.
function spentTable() {
  const shown = alternatives.filter(one => one.total.plannedVehicles), of = (one, kind) => one.centsByKind[kind] / one.total.plannedVehicles;
  if (!shown.length) return [];
  const kinds = Object.keys(shown[0].centsByKind).filter(kind => shown.some(one => one.centsByKind[kind])), dearest = greatest(shown.map(one => centsOf(one.total)), 1);
  const swatch = kind => make("span", {class: "swatch", style: `background:${KIND_COLOURS[kind]}`, "aria-hidden": "true"});
  kinds.sort((one, other) => Object.keys(KIND_COLOURS).indexOf(one) - Object.keys(KIND_COLOURS).indexOf(other));
  const bars = make("div", {class: "spent-bars", "aria-hidden": "true"}, ...shown.flatMap(one => [make("span", {}, alternativeName(one.name)), make("span", {class: "stack", style: `width:${100 * centsOf(one.total) / dearest}%`},
    ...kinds.filter(kind => one.centsByKind[kind] > 0).map(kind => make("span", {title: `${say(`kind_${kind}`)}${say("colon")}${withCurrency(of(one, kind))}`, style: `width:${100 * one.centsByKind[kind] / one.total.cents}%;background:${KIND_COLOURS[kind]}`})))]));
  const rows = kinds.map(kind => [make("span", {}, swatch(kind), say(`kind_${kind}`)), ...shown.map(one => one.centsByKind[kind] ? moneyWhole(of(one, kind)) : NONE)]);
  return [bars, simpleTable([[perVehicle()], ...shown.map(one => [alternativeName(one.name), true])], rows, {foot: [say("total"), ...shown.map(one => moneyWhole(centsOf(one.total)))]})];
}
redrawn.push(drawComparisonCharts);

// Alternatives beside each other, who wins which batch, and where the choice flips. There only if the data has it.
const {comparison} = data;
const sweepCharts = [];

function drawComparison() {
  byId("comparison").hidden = !comparison;
  document.querySelector('nav a[href="#comparison"]').hidden = !comparison;
  if (!comparison) return;
  const {alternatives, batches: rows = [], sweeps = []} = comparison;
  byId("winners-title").hidden = !rows.length;
  const heads = [[say("alternative")], [say("planned"), true], [say("left_out"), true], [say("late"), true], [say("late_slow"), true], [say("in_currency", {currency: data.currency}), true],
    [say("currency_each", {currency: data.currency}), true], [say("days_door"), true], [say("days_haul"), true], [say("kg_each"), true], [say("gap"), true]];
  fillIn("alternatives", simpleTable(heads, alternatives.map(one => [
    alternativeName(one.name), whole(one.planned), whole(one.leftOut), whole(one.late), whole(one.lateUnderSlow), moneyWhole(one.cents),
    one.planned ? moneyWhole(one.cents / one.planned) : NONE, days(one.meanDoorMinutes), days(one.meanHaulMinutes),
    one.planned && one.grams !== null && one.grams !== undefined ? kilograms(one.grams / one.planned) : NONE, one.gap === null || one.gap === undefined ? NONE : `${decimals(100 * Number(one.gap), 0, 3)} %`,
  ])));
  drawSweeps(sweeps);
}

// One of our own alternatives has a name in both languages; one of the user's is called as he called it.
const alternativeName = name => isWord(`alternative_${name}`) ? say(`alternative_${name}`) : name;

if (comparison?.batches?.length) {
  const names = [...new Set(comparison.batches.flatMap(row => Object.keys(row.centsEach ?? {})))];
  new PagedTable("winners", "winners", [
    {key: "batch", head: word("batch"), value: row => row.batchId},
    {key: "vehicles", head: word("vehicles"), value: row => row.vehicles, show: row => whole(row.vehicles), figure: true, down: true},
    {key: "winner", head: word("winner"), value: row => row.winner ?? null, show: row => row.winner ? alternativeName(row.winner) : NONE},
    ...names.map(name => ({key: `alternative ${name}`, head: () => `${alternativeName(name)}${say("comma")}${say("currency_each", {currency: data.currency})}`, figure: true, down: true,
      value: row => row.centsEach?.[name] ?? null, csv: row => money2(row.centsEach?.[name] ?? null),
      show: row => make("span", {class: row.winner === name ? "best" : ""}, moneyWhole(row.centsEach?.[name]))})),
  ], () => comparison.batches, {sort: "batch"});
}

// A line a mode: its share of the vehicles over the price that is swept.
function drawSweeps(sweeps) {
  sweepCharts.splice(0).forEach(chart => chart.dispose());
  fillIn("sweeps", ...sweeps.map(sweep => make("figure", {}, make("figcaption", {}, isWord(`sweep_${sweep.kind}`) ? say(`sweep_${sweep.kind}`) : sweep.kind), make("div", {class: "sweep", role: "img", "aria-label": sweep.kind}))));
  document.querySelectorAll(".sweep").forEach((host, at) => {
    const {points: swept, unit} = sweeps[at], chart = echarts.init(host);
    const modes = Object.keys(MODES).filter(mode => swept.some(point => point.vehiclesByMode[mode]));
    const total = point => Object.values(point.vehiclesByMode).reduce((sum, vehicles) => sum + vehicles, 0) || 1;
    chart.setOption({
      animation: false, textStyle: {fontFamily: chartFont}, grid: {left: 48, right: 16, top: 16, bottom: 44}, tooltip: {trigger: "axis", confine: true, renderMode: "richText"},
      xAxis: {type: "value", scale: true, name: unit, nameLocation: "middle", nameGap: 28, axisLabel: {color: "#5d6b75"}, axisLine: {lineStyle: {color: "#aab4bb"}}, splitLine: {show: false}},
      yAxis: {type: "value", min: 0, max: 100, axisLabel: {color: "#5d6b75", formatter: value => `${value} %`}, splitLine: {lineStyle: {color: "#edf0f2"}}},
      series: modes.map(mode => ({type: "line", name: say(mode), step: false, symbolSize: 5, color: MODES[mode].colour,
        data: swept.map(point => [Number(point.at), Math.round(1000 * (point.vehiclesByMode[mode] ?? 0) / total(point)) / 10])})),
    });
    host.after(make("p", {class: "legend"}, ...modes.map(mode => make("span", {class: "key"}, modeDot(mode), say(mode)))));
    sweepCharts.push(chart);
  });
}
redrawn.push(drawComparison);

// The chart: what a vehicle costs beside the days it takes; large circles are many vehicles.
const scatter = echarts.init(byId("scatter"), null, {renderer: "canvas"});
let scatterColour = "mode", showsBaseline = true;
let shownPoints = [], shownBases = [];  // what the marks stand for, by series and number: the library copies all that it is given

// A point for the vehicles of a batch with one main mode.
function points() {
  const found = new Map();
  for (const way of shownWays) {
    const key = `${way.batch.number} ${way.mode}`;
    const point = found.get(key) ?? {batch: way.batch, mode: way.mode, vehicles: 0, cents: 0, grams: 0, door: 0};
    point.vehicles += way.vehicles;
    point.cents += way.cents;
    point.grams += way.grams;
    point.door += way.vehicles * way.door;
    found.set(key, point);
  }
  return [...found.values()];
}

function drawScatter() {
  const shown = shownPoints = points().sort((one, other) => other.vehicles - one.vehicles), most = greatest(shown.map(point => point.vehicles), 1);
  const each = point => point.grams / point.vehicles, masses = shown.map(each);
  masses.sort((one, other) => one - other);
  // A few vans must not make all cars the same colour.
  const range = [0.03, 0.97].map(share => masses[Math.round(share * (masses.length - 1))] ?? 0);
  const value = point => [point.door / point.vehicles / 1440, point.cents / point.vehicles / 100, point.vehicles];
  const size = vehicles => 5 + 28 * Math.sqrt(vehicles / most);
  const circles = point => ({
    value: value(point),
    itemStyle: {color: scatterColour === "mode" ? MODES[point.mode].colour : shadeOf(each(point), ...range), opacity: 0.72, borderColor: "#fff", borderWidth: 0.8},
  });
  shownBases = shownBatches.filter(batch => batch.planned && batch.baseline && batch.baseline.doorMinutes !== null);
  const style = {nameTextStyle: {color: "#5d6b75"}, axisLabel: {color: "#5d6b75", hideOverlap: true, formatter: number => decimals(number, 0, 1)}, axisLine: {show: true, lineStyle: {color: "#aab4bb"}}, splitLine: {lineStyle: {color: "#edf0f2"}}, scale: true};
  scatter.resize();
  scatter.setOption({
    animation: false, textStyle: {fontFamily: chartFont},
    grid: {left: 64, right: 24, top: 34, bottom: 48},
    xAxis: {type: "value", name: say("days_door"), nameLocation: "middle", nameGap: 30, min: 0, ...style, scale: false},
    yAxis: {type: "value", name: say("currency_each", {currency: data.currency}), nameLocation: "end", nameGap: 12, ...style, nameTextStyle: {color: "#5d6b75", align: "left"}},
    tooltip: {trigger: "item", confine: true, borderColor: "#b7c1c8", className: "tip", formatter: ({seriesIndex, dataIndex}) => seriesIndex ? pointTip(shownPoints[dataIndex]) : baseTip(shownBases[dataIndex])},
    series: [
      {type: "scatter", symbol: "diamond", symbolSize: 8, z: 1, silent: false, data: showsBaseline ? shownBases.map(batch => ({
        value: [batch.baseline.doorMinutes / 1440, batch.baseline.centsPerVehicle / 100],
        itemStyle: {color: "rgba(255,255,255,0)", borderColor: "#7d8891", borderWidth: 1.2},
      })) : []},
      {type: "scatter", z: 2, symbolSize: ([, , vehicles]) => size(vehicles), data: shown.map(circles)},
    ],
  }, {replaceMerge: ["series"]});
  drawScatterLegend(shown, range);
}

function drawScatterLegend(shown, [least, most]) {
  const modes = data.headline.modes.map(({mode}) => mode).filter(mode => shown.some(point => point.mode === mode));
  const keys = scatterColour === "mode" ? modes.map(mode => make("span", {class: "key"}, modeDot(mode), say(mode))) : shown.length ? [
    make("span", {class: "key"}, `≤ ${kilograms(least)}`, make("span", {class: "ramp", style: `background:linear-gradient(90deg,${SHADES.join(",")})`}), `≥ ${say("kg", {count: kilograms(most)})}`)] : [];
  fillIn("scatter-legend", ...keys, make("span", {class: "key"}, make("span", {class: "diamond"}), say("baseline_of_batch")));
}

const pointTip = point => make("div", {class: "tip-body"},
  make("b", {}, point.batch.id), make("div", {class: "sub"}, `${nameOf(point.batch.origin)} → ${nameOf(point.batch.destination)}`),
  definitions([
    [say("main_mode"), modeName(point.mode)], [say("vehicles"), whole(point.vehicles)],
    [say("cost_each"), `${moneyExact(point.cents / point.vehicles)} ${data.currency}`], [say("door_days"), say("days", {count: days(point.door / point.vehicles)})],
    [say("co2e_each"), hasGrams ? say("kg", {count: kilograms(point.grams / point.vehicles)}) : null],
  ]));
const baseTip = batch => make("div", {class: "tip-body"},
  make("b", {}, batch.id), make("div", {class: "sub"}, say("baseline_of_batch")),
  definitions([[say("cost_each"), `${moneyExact(batch.baseline.centsPerVehicle)} ${data.currency}`], [say("door_days"), say("days", {count: days(batch.baseline.doorMinutes)})]]));

function drawScatterWords() {
  const colours = hasGrams ? [["mode", say("main_mode")], ["grams", say("co2e_each")]] : [["mode", say("main_mode")]];
  const box = make("input", {type: "checkbox", onchange: () => { showsBaseline = box.checked; drawScatter(); }});
  box.checked = showsBaseline;
  fillIn("scatter-tools", choice(say("colour"), colours, scatterColour, value => { scatterColour = value; drawScatter(); }),
    make("label", {class: "choice"}, box, make("span", {}, say("show_baseline"))));
}
scatter.on("click", ({seriesIndex, dataIndex}) => openBatch(seriesIndex ? shownPoints[dataIndex].batch : shownBases[dataIndex]));
redrawn.push(drawScatterWords);
filtered.push(drawScatter);

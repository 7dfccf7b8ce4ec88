// Where the choice flips between train and no train: batch by batch, in total, and over a range of prices.
const amountOf = text => {
  const [above, below = "1"] = text.split("/");  // exact: a decimal, or a fraction where no decimal is
  return Number(above) / Number(below);
};
const amount = text => decimals(amountOf(text), 0, 2), isLed = point => 2 * point.vehiclesByTrain > point.plannedVehicles;
const trainShare = point => percentOf(point.vehiclesByTrain, point.plannedVehicles);

// Where the lead changes in the joint plan, in a sentence.
function flipSentence({kind, below, above, leads}) {
  if (below === null || above === null) return say(leads ? "flip_always" : "flip_never", {what: say(`sweep_${kind}`)});
  const [low, high] = [amountOf(below.at), amountOf(above.at)], currency = data.currency;
  if (!isLed(above) || isLed(below)) return flipDetail({kind, below, above});
  const text = value => decimals(Math.abs(value), 0);
  if (kind === "day-value") return say("flip_day", {low: text(low), high: text(high), currency});
  if (low >= 0) return say("flip_less", {low: text(low), high: text(high), currency});
  return high <= 0 ? say("flip_more", {low: text(high), high: text(low), currency}) : say("flip_today", {low: text(low), high: text(high), currency});
}
function flipDetail({kind, below, above}) {
  const isDay = kind === "day-value", at = point => isDay ? amount(point.at) : signed(value => decimals(value, 0, 2))(-amountOf(point.at));
  return say(isDay ? "flip_detail_day" : "flip_detail", {share_low: trainShare(below), low: at(below), share_high: trainShare(above), high: at(above), currency: data.currency});
}

function drawStudy() {
  byId("break-even").hidden = !study;
  if (!study) return;
  fillIn("flips", ...study.total.flatMap(flip => {
    const sentence = flipSentence(flip), detail = flip.below && flip.above ? flipDetail(flip) : null;
    return make("li", {}, sentence, detail && detail !== sentence ? make("span", {class: "faint"}, say("between_sentences"), detail) : null);
  }));
  const hasBatches = study.batches.length > 0;
  for (const id of ["break-even-note", "flip-chart", "flip-legend", "flip-caption", "break-even-table"]) byId(id).hidden = !hasBatches;
  if (hasBatches) drawFlipChart();
  fillIn("sweeps", ...study.sweeps.map(sweepFigure));
  study.sweeps.forEach(drawSweep);
}

// Where nothing else carries a batch, its price is that of leaving out: no price to compare with.
const flipPrice = row => row.unplannedWithoutTrains ? null : row.breakEvenCentsPerBox;
const flipChange = row => row.unplannedWithoutTrains ? null : row.extraCentsPerBox;
const flipRemark = row => [row.unplannedWithoutTrains ? say("left_without", {vehicles: counted("vehicles_count", row.unplannedWithoutTrains)}) : "", row.exact ? "" : say("not_proved")].filter(Boolean).join(say("comma"));
if (study?.batches.length) {
  const own = row => comparedById.get(row.batchId);
  comparedTables.push(new PagedTable("break-even-table", "break_even", [
    {key: "batch", head: word("batch"), value: row => row.batchId, show: row => pickedBatch(row.batchId)},
    {key: "to", head: word("to"), value: row => comparedPlace(own(row).destination), csv: row => own(row).destination},
    {key: "vehicles", head: word("vehicles"), figure: true, down: true, value: row => own(row).vehicles, show: row => whole(own(row).vehicles)},
    {key: "train", head: word("goes_by_train"), value: row => row.byTrain ? 0 : 1, show: row => say(row.byTrain ? "yes" : "no"), csv: row => say(row.byTrain ? "yes" : "no")},
    {key: "today", head: word("freight_today", () => ({currency: data.currency})), figure: true, down: true, value: row => row.freightCentsPerBox, show: row => moneyWhole(row.freightCentsPerBox), csv: row => money2(row.freightCentsPerBox)},
    {key: "price", head: word("break_even_price", () => ({currency: data.currency})), hint: word("break_even_hint"), figure: true, down: true, value: flipPrice, show: row => moneyWhole(flipPrice(row)), csv: row => money2(flipPrice(row))},
    {key: "change", head: word("change"), figure: true, down: true, value: flipChange, csv: row => money2(flipChange(row)),
      show: row => make("span", {class: flipChange(row) === null ? "" : flipChange(row) < 0 ? "warn" : "best"}, signed(moneyWhole)(flipChange(row)))},
    {key: "day", head: word("day_value", () => ({currency: data.currency})), hint: word("day_value_hint"), figure: true, down: true, value: row => row.dayValueCents, show: row => moneyExact(row.dayValueCents), csv: row => money2(row.dayValueCents)},
    {key: "remark", head: word("remark"), value: flipRemark, show: row => make("span", {class: "faint"}, flipRemark(row)), wide: true},
  ], () => study.batches.filter(row => isCompared(own(row))), {sort: "change", down: true}));
}

// Batches by how far their price may rise, the freest first: a dot each at the break-even price, a tick at today's.
function drawFlipChart() {
  const rows = study.batches.filter(row => flipPrice(row) !== null).sort((one, other) => flipChange(other) - flipChange(one)), most = greatest(rows.map(row => comparedById.get(row.batchId).vehicles), 1);
  const none = study.batches.length - rows.length, colour = row => row.byTrain ? MODES.rail.colour : "#7d97a8";
  byId("flip-chart").hidden = byId("flip-legend").hidden = byId("flip-caption").hidden = !rows.length;
  if (!rows.length) return;
  const chart = newChart(byId("flip-chart"));
  chart.setOption({
    animation: false, textStyle: {fontFamily: chartFont}, grid: {left: 60, right: 20, top: 34, bottom: 40},
    xAxis: {type: "category", data: rows.map(row => row.batchId), name: say("flip_axis"), nameLocation: "middle", nameGap: 26, nameTextStyle: {color: "#5d6b75"}, axisTick: {show: rows.length <= 24}, axisLine: {lineStyle: {color: "#aab4bb"}}, axisLabel: {show: rows.length <= 24, color: "#5d6b75", hideOverlap: true}},
    yAxis: {...moneyAxis(say("a_box_in", {currency: data.currency})), min: 0},
    tooltip: {trigger: "item", confine: true, borderColor: "#b7c1c8", className: "tip", formatter: ({dataIndex}) => flipTip(rows[dataIndex])},
    series: [
      {type: "scatter", symbol: "rect", symbolSize: [rows.length > 60 ? 6 : 14, 2.5], itemStyle: {color: "#1f2c36"}, data: rows.map(row => row.freightCentsPerBox / 100)},
      {type: "scatter", data: rows.map(row => ({value: flipPrice(row) / 100, symbolSize: 5 + 13 * Math.sqrt(comparedById.get(row.batchId).vehicles / most), itemStyle: {color: colour(row), opacity: 0.8, borderColor: "#fff", borderWidth: 0.6}}))},
    ],
  });
  chart.on("click", ({dataIndex}) => batchById.has(rows[dataIndex].batchId) && openBatch(batchById.get(rows[dataIndex].batchId)));
  const key = (style, text) => make("span", {class: "key"}, make("span", {class: "dot", style: `background:${style}`}), text);
  fillIn("flip-legend", rows.some(row => row.byTrain) ? key(MODES.rail.colour, say("flip_by_train")) : null, rows.some(row => !row.byTrain) ? key("#7d97a8", say("flip_not_by_train")) : null,
    make("span", {class: "key"}, make("span", {class: "dash"}), say("flip_today_key")), none ? make("span", {}, say("flip_without", {batches: counted("batches_count", none)})) : null);
}
const flipTip = row => make("div", {class: "tip-body"}, make("b", {}, row.batchId), make("div", {class: "sub"}, comparedPlace(comparedById.get(row.batchId).destination)), definitions([
  [say("vehicles"), whole(comparedById.get(row.batchId).vehicles)], [say("goes_by_train"), say(row.byTrain ? "yes" : "no")], [say("freight_today", {currency: data.currency}), moneyWhole(row.freightCentsPerBox)],
  [say("break_even_price", {currency: data.currency}), moneyWhole(flipPrice(row))], [say("change"), signed(moneyWhole)(flipChange(row))], [say("remark"), flipRemark(row)]]));

const sweptModes = sweep => Object.keys(MODES).filter(mode => sweep.points.some(point => point.vehiclesByMode[mode]));
const sweepAxis = sweep => say(`axis_${sweep.kind}`, {currency: data.currency});
const flipEnds = sweep => sweep.flips.map(([low, high]) => say("sweep_flip", {low: amount(low), high: amount(high), currency: data.currency})).join(say("comma"));
const sweepSentence = sweep => say("sweep_verdict", {what: say(`sweep_${sweep.kind}`), ends: flipEnds(sweep)});
const BY_TRAIN = "#1f2c36";
function sweepFigure(sweep, number) {
  const modes = sweptModes(sweep), share = (point, mode) => percentOf(point.vehiclesByMode[mode] ?? 0, point.plannedVehicles);
  const heads = [[sweepAxis(sweep), true], [say("planned"), true], [say("by_export_train"), true], ...modes.map(mode => [say(mode), true]), [perVehicle(), true], [say("days_door"), true]];
  const rows = sweep.points.map(point => [amount(point.at), whole(point.plannedVehicles), trainShare(point), ...modes.map(mode => share(point, mode)), moneyWhole(mean(point.cents, point.plannedVehicles)), days(mean(point.vehicleMinutes, point.plannedVehicles))]);
  const ends = flipEnds(sweep);
  const chart = (what, text) => make("figure", {}, make("figcaption", {}, say(text)), make("div", {class: "sweep", id: `sweep-${what}-${number}`, role: "img", "aria-label": say(text)}));
  return make("div", {class: "swept"}, make("h3", {}, say(`sweep_${sweep.kind}`)), make("p", {class: "note"}, ends ? say("sweep_flips", {ends}) : say("sweep_no_flip")),
    make("div", {class: "columns"}, chart("share", "sweep_share"), chart("cost", "sweep_cost")),
    make("p", {class: "legend"}, ...modes.map(mode => make("span", {class: "key"}, modeDot(mode), say(mode))), make("span", {class: "key"}, make("span", {class: "dash"}), say("by_export_train_key")),
      sweep.flips.length ? make("span", {class: "key"}, make("span", {class: "block flip"}), say("flip_band")) : null),
    simpleTable(heads, rows));
}

// Where the lead changes is a band behind the lines.
function bandSeries(sweep) {
  return {type: "custom", silent: true, z: 0, data: sweep.flips.map(pair => pair.map(amountOf)), renderItem: ({coordSys}, api) => {
    const [left, right] = [api.coord([api.value(0), 0])[0], api.coord([api.value(1), 0])[0]];
    return {type: "rect", shape: {x: left, y: coordSys.y, width: Math.max(2, right - left), height: coordSys.height}, style: {fill: "rgba(201,130,27,0.18)"}};
  }};
}
function drawSweep(sweep, number) {
  const tip = {trigger: "axis", confine: true, renderMode: "richText", borderColor: "#b7c1c8", order: "valueDesc"};
  const xAxis = {type: "value", scale: true, min: "dataMin", max: "dataMax", name: sweepAxis(sweep), nameLocation: "middle", nameGap: 26, ...axisStyle, splitLine: {show: false}};
  const line = (name, colour, value, more = {}) => ({type: "line", name, symbolSize: 5, color: colour, data: sweep.points.map(point => [amountOf(point.at), value(point)]), ...more});
  const base = {animation: false, textStyle: {fontFamily: chartFont}, grid: {left: 56, right: 24, top: 30, bottom: 44}, xAxis};
  const inPercent = part => point => point.plannedVehicles ? Math.round(1000 * part(point) / point.plannedVehicles) / 10 : 0;
  newChart(byId(`sweep-share-${number}`)).setOption({
    ...base, tooltip: {...tip, valueFormatter: value => `${decimals(value, 1)} %`}, yAxis: {type: "value", min: 0, max: 100, ...axisStyle, axisLabel: {color: "#5d6b75", formatter: value => `${value} %`}},
    series: [bandSeries(sweep), ...sweptModes(sweep).map(mode => line(say(mode), MODES[mode].colour, inPercent(point => point.vehiclesByMode[mode] ?? 0))),
      line(say("by_export_train"), BY_TRAIN, inPercent(point => point.vehiclesByTrain), {lineStyle: {type: "dashed", width: 2}, symbol: "none"})],
  });
  newChart(byId(`sweep-cost-${number}`)).setOption({
    ...base, tooltip: {...tip, valueFormatter: value => `${decimals(value, 0)} ${data.currency}`}, yAxis: {...moneyAxis(perVehicle()), scale: true},
    series: [bandSeries(sweep), line(perVehicle(), "#005a8c", point => mean(point.cents, point.plannedVehicles) / 100)],
  });
}
redrawn.push(drawStudy);

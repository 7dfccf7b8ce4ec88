// The timeline: a row an itinerary, its stages over time. Only the rows in sight are drawn, whatever their number.
const ROW = 22, ROWS_SHOWN = 24;
const timelineBox = byId("timeline-scroll"), timelineSheet = byId("timeline-sheet");
const timeline = echarts.init(byId("timeline-chart"), null, {renderer: "canvas"});
const ORDERS = {
  leaves: (one, other) => one.leaves[0] - other.leaves[0],
  slack: (one, other) => one.slack - other.slack,
  slow: (one, other) => slowSlackOf(one) - slowSlackOf(other),
  batch: (one, other) => one.batch.number - other.batch.number,
  days: (one, other) => other.door - one.door,
};
let timelineOrder = "leaves", timelineRows = [], timelineFirst = -1, timelineShown = [];
const slowSlackOf = way => way.slowSlack === null ? -Infinity : way.slowSlack;
const millis = ([minutes]) => minutes * 60000;
const dueOf = way => way.batch.due[0] * 60000;
const narrow = () => timelineBox.clientWidth < 640;

function drawTimeline() {
  timelineRows = [...shownWays].sort((one, other) => ORDERS[timelineOrder](one, other) || one.batch.number - other.batch.number || one.number - other.number);
  byId("timeline").classList.toggle("none", !timelineRows.length);
  const rows = Math.min(ROWS_SHOWN, Math.max(timelineRows.length, 1));
  const height = rows * ROW + 62;
  timelineBox.style.height = `${height}px`;
  byId("timeline-chart").style.height = `${height}px`;
  timelineSheet.style.height = `${Math.max(timelineRows.length * ROW + 62, height)}px`;
  timelineFirst = -1;
  timelineBox.scrollTop = 0;
  if (!timelineRows.length) return;
  const times = timelineRows.flatMap(way => [millis(way.stages[0].start), millis(way.delivered), dueOf(way)]);
  const first = -greatest(times.map(time => -time), -Infinity), last = greatest(timelineRows.map(way => millis(way.delivered)), first + 86400000);
  timeline.resize();
  timeline.setOption({
    animation: false, textStyle: {fontFamily: chartFont},
    grid: {left: narrow() ? 78 : 150, right: 14, top: 8, bottom: 54},
    xAxis: {
      type: "time", min: first, max: last + 0.02 * (last - first), axisLine: {lineStyle: {color: "#aab4bb"}}, splitLine: {show: true, lineStyle: {color: "#edf0f2"}},
      axisLabel: {color: "#5d6b75", hideOverlap: true, formatter: value => new Date(value).toISOString().slice(5, 10)},
    },
    yAxis: {type: "category", inverse: true, axisTick: {show: false}, axisLine: {show: false}, axisLabel: {color: "#22303a", width: narrow() ? 70 : 140, overflow: "truncate", interval: 0}},
    dataZoom: [
      {type: "slider", xAxisIndex: 0, height: 16, bottom: 8, filterMode: "none", showDataShadow: false, brushSelect: false, borderColor: "#d5dbdf", fillerColor: "rgba(0,114,178,.12)", labelFormatter: value => new Date(value).toISOString().slice(0, 10)},
      {type: "inside", xAxisIndex: 0, filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false},
    ],
    tooltip: {trigger: "item", confine: true, borderColor: "#b7c1c8", appendToBody: false, className: "tip", formatter: ({dataIndex}) => wayTip(timelineShown[dataIndex])},
    series: [{type: "custom", renderItem: drawRow, encode: {x: [1, 2], y: 0}, clip: true, data: []}],
  }, {replaceMerge: ["series"]});
  showRows();
}

// Rows that the box has scrolled to.
function showRows(all = false) {
  const rows = all ? timelineRows.length : ROWS_SHOWN;
  const first = all ? 0 : Math.max(0, Math.min(Math.floor(timelineBox.scrollTop / ROW), timelineRows.length - ROWS_SHOWN));
  if (first === timelineFirst && !all) return;
  timelineFirst = first;
  timelineShown = timelineRows.slice(first, first + rows);
  timeline.setOption({
    yAxis: {data: timelineShown.map(way => narrow() ? way.batch.id : `${way.batch.id} · ${whole(way.vehicles)}`)},
    series: [{data: timelineShown.map((way, at) => ({value: [at, millis(way.stages[0].start), millis(way.delivered)]}))}],
  });
}

function drawRow(params, api) {
  const way = timelineShown[params.dataIndex];
  const [, middle] = api.coord([0, params.dataIndex]);
  const x = time => api.coord([time, params.dataIndex])[0];
  const {x: left, width, y, height} = params.coordSys;
  const children = [{type: "rect", shape: {x: left, y: middle - ROW / 2, width, height: ROW}, style: {fill: params.dataIndex % 2 ? "#fafbfb" : "#fff"}}];
  const block = (start, end, thick, fill, extra = {}) => {
    const from = Math.max(x(start), left), to = Math.min(x(end), left + width);
    if (to > from) children.push({type: "rect", shape: {x: from, y: middle - thick / 2, width: Math.max(to - from, 1), height: thick}, style: {fill, ...extra}});
  };
  if (way.slowSlack !== null && way.slowSlack < way.slack) block(millis(way.delivered), dueOf(way) - way.slowSlack * 60000, 2, way.slowSlack < 0 ? "#c9821b" : "#b9c4cb");
  for (const stage of way.stages) {
    const start = millis(stage.start), end = millis(stage.end);
    if (stage.kind === "dwell") block(start, end, 3, "#c3cbd1");
    else if (stage.kind === "handling") block(start, end, 7, "#8d99a3");
    else block(start, end, 13, MODES[stage.mode].colour);
  }
  if (way.slowSlack === null) {
    const end = x(millis(way.delivered)) + 7;
    if (end >= left && end <= left + width) children.push({type: "circle", shape: {cx: end, cy: middle, r: 4}, style: {fill: "#fff", stroke: "#c9821b", lineWidth: 2}});
  }
  if (way.late) block(dueOf(way), millis(way.delivered), 17, "rgba(179,38,30,.25)", {stroke: "#b3261e", lineWidth: 1});
  const due = x(dueOf(way));
  if (due >= left && due <= left + width) {
    children.push({type: "line", shape: {x1: due, x2: due, y1: middle - 8, y2: middle + 8}, style: {stroke: way.late ? "#b3261e" : "#22303a", lineWidth: 2}});
  }
  return {type: "group", children: children.filter(() => middle >= y && middle <= y + height)};
}

function wayTip(way) {
  if (!way) return "";
  const rows = way.stages.filter(stage => stage.kind === "ride" || stage.kind === "road" || stage.end[0] - stage.start[0] >= 720);
  return make("div", {class: "tip-body"},
    make("b", {}, `${way.batch.id} · ${counted("vehicles_count", way.vehicles)}`),
    make("div", {class: "sub"}, `${nameOf(way.batch.origin)} → ${nameOf(way.batch.destination)} · ${nameOf(way.batch.type)}`),
    make("table", {}, make("tbody", {}, ...rows.map(stage => make("tr", {},
      make("td", {class: "when"}, timeText(stage.start)), make("td", {}, stageMark(stage), stageText(stage)), make("td", {class: "n"}, say("days", {count: days(stage.end[0] - stage.start[0])})))),
    make("tr", {}, make("td", {class: "when"}, timeText(way.delivered)), make("td", {}, make("b", {}, say("delivered"))), make("td", {class: "n"}, slackText(way.slack))))));
}

const stageMark = stage => modeDotOr(stage.kind === "ride" || stage.kind === "road" ? MODES[stage.mode].colour : stage.kind === "dwell" ? "#c3cbd1" : "#8d99a3");
const modeDotOr = colour => make("span", {class: "dot", style: `background:${colour}`, "aria-hidden": "true"});
const slackText = minutes => say(minutes < 0 ? "days_late" : "days_early", {count: days(Math.abs(minutes))});
function stageText(stage) {
  const leads = (stage.mode === "delivery" ? say("delivered") : say(stage.mode)).toLowerCase();
  if (stage.kind === "dwell") return say("stage_dwell", {place: nameOf(stage.from), mode: leads});
  if (stage.kind === "handling") {
    const key = stage.wasBoxed === stage.boxed ? stage.mode === "delivery" ? "stage_delivery" : "stage_handling" : stage.boxed ? "stage_stuffing" : "stage_stripping";
    return say(key, {place: nameOf(stage.from), mode: leads});
  }
  const way = `${nameOf(stage.from)} → ${nameOf(stage.to)}`;
  return stage.service ? `${way}${say("comma")}${stage.service.id} ${stage.day}` : way;
}

function drawTimelineWords() {
  fillIn("timeline-order", choice(say("order"), Object.keys(ORDERS).map(order => [order, say(`order_${order}`)]), timelineOrder, order => { timelineOrder = order; drawTimeline(); }));
  const keys = [...mapModes.map(mode => [MODES[mode].colour, 13, say(mode)]), ["#8d99a3", 7, say("handling")], ["#c3cbd1", 3, say("dwell")], ["#b9c4cb", 2, say("slow_journey")], ["#c9821b", 2, say("slow_journey_late")]];
  fillIn("timeline-legend", ...keys.map(([colour, thick, text]) => make("span", {class: "key"}, make("span", {class: "block", style: `background:${colour};height:${Math.min(thick, 11)}px`}), text)),
    make("span", {class: "key"}, make("span", {class: "ring"}), say("gate_missed_slow")), make("span", {class: "key"}, make("span", {class: "tick"}), say("due")), make("span", {class: "key"}, make("span", {class: "block late"}), say("late")));
  byId("timeline-chart").setAttribute("role", "img");
}
timelineBox.addEventListener("scroll", () => requestAnimationFrame(() => showRows()));
timeline.on("click", ({dataIndex}) => openBatch(timelineShown[dataIndex].batch));
redrawn.push(drawTimelineWords);
filtered.push(drawTimeline);

// The table of batches; a row opens on its ways, stage by stage and price by price.
const batchColumns = [
  {key: "id", head: word("batch"), value: batch => batch.id},
  {key: "reference", head: word("reference"), value: batch => batch.reference, onlyCsv: true},
  {key: "from", head: word("from"), value: batch => nameOf(batch.origin), csv: batch => batch.origin.id},
  {key: "to", head: word("to"), value: batch => nameOf(batch.destination), csv: batch => batch.destination.id},
  {key: "vehicles", head: word("vehicles"), value: batch => batch.vehicles, show: batch => whole(batch.vehicles), figure: true, down: true},
  {key: "planned", head: word("planned"), value: batch => batch.planned, figure: true, show: batch => batch.leftOut ? make("span", {class: "bad"}, whole(batch.planned)) : whole(batch.planned)},
  {key: "way", head: word("way"), wide: true, value: batch => batch.chains.map(chain => chain.modes.map(mode => say(mode)).join(" › ")).join(" + "), show: waysCell,
    csv: batch => batch.chains.map(chain => `${chain.vehicles} ${chain.modes.join(" > ")}`).join(" + ")},
  {key: "ready", head: word("ready"), value: batch => batch.ready[0], csv: batch => timeText(batch.ready), onlyCsv: true},
  {key: "leaves", head: word("leaves"), hint: word("leaves_hint"), value: batch => batch.leaves?.[0] ?? null, show: batch => batch.leaves ? dayText(batch.leaves).slice(5) : NONE, csv: batch => batch.leaves ? timeText(batch.leaves) : null},
  {key: "delivered", head: word("delivered"), hint: word("delivered_hint"), value: batch => batch.delivered?.[0] ?? null, show: batch => batch.delivered ? dayText(batch.delivered).slice(5) : NONE, csv: batch => batch.delivered ? timeText(batch.delivered) : null},
  {key: "due", head: word("due"), value: batch => batch.due[0], csv: batch => timeText(batch.due), onlyCsv: true},
  {key: "slack", head: word("slack"), hint: word("slack_hint"), figure: true, value: batch => batch.slack, csv: batch => inDays(batch.slack),
    show: batch => batch.slack === null ? NONE : make("span", {class: batch.slack < 0 ? "bad" : ""}, days(batch.slack))},
  {key: "slow", head: word("late_slow"), hint: word("late_slow_hint"), figure: true, down: true, value: batch => batch.lateSlow, show: batch => batch.lateSlow ? make("span", {class: "warn"}, whole(batch.lateSlow)) : NONE},
  {key: "cost", head: word("currency_each", () => ({currency: data.currency})), figure: true, down: true, value: batch => batch.centsEach, show: batch => moneyWhole(batch.centsEach), csv: batch => money2(batch.centsEach)},
  {key: "total", head: word("in_currency", () => ({currency: data.currency})), value: batch => batch.cents, csv: batch => money2(batch.cents), onlyCsv: true},
  {key: "days", head: word("days_word"), hint: word("days_door"), figure: true, down: true, value: batch => batch.door, show: batch => days(batch.door), csv: batch => inDays(batch.door)},
  {key: "against", head: word("against_baseline"), hint: word("against_hint"), figure: true, down: true, minor: true, value: batch => batch.against, csv: batch => inDays(batch.against),
    show: batch => batch.against === null ? make("span", {title: batch.baseline?.reason ? say(batch.baseline.reason) : null}, NONE) : signed(days)(batch.against)},
  ...(hasGrams ? [{key: "kg", head: word("kg_word"), hint: word("kg_each"), figure: true, down: true, value: batch => batch.gramsEach, show: batch => kilograms(batch.gramsEach), csv: batch => batch.gramsEach === null ? null : batch.gramsEach / 1000}] : []),
  {key: "reason", head: word("reason"), value: batch => batch.unplanned?.reason ?? "", show: batch => batch.unplanned ? make("span", {class: "bad"}, say(`reason_${batch.unplanned.reason}`)) : ""},
  {key: "type", head: word("vehicle_type"), value: batch => nameOf(batch.type), csv: batch => batch.type.id, minor: true},
  {key: "shipper", head: word("shipper"), value: batch => batch.shipper, minor: true},
  {key: "left", head: word("left_out"), figure: true, down: true, value: batch => batch.leftOut, onlyCsv: true},
];
const batchTable = new PagedTable("batch-table", "batches", batchColumns, () => shownBatches, {sort: "id", detail: batchDetail, hover: pickOnMap});
filtered.push(() => {
  batchTable.page = 0;
  batchTable.draw();
});

function waysCell(batch) {
  const {chains} = batch, most = 2;
  return make("span", {class: "ways-cell"}, ...chains.slice(0, most).map(({modes, vehicles}) =>
    make("span", {}, chains.length > 1 ? make("span", {class: "count"}, whole(vehicles)) : null, chainMarks(modes))),
  chains.length > most ? make("span", {class: "faint"}, `+${chains.length - most}`) : null);
}

// Opens a batch in the table, whatever the filter hides.
function openBatch(batch) {
  map.closePopup();
  if (!shownBatches.includes(batch)) {
    Object.assign(filter, {text: "", mode: "", state: "all"});
    drawFilter();
  }
  batchTable.reveal(batch);
}

function batchDetail(batch) {
  const shares = batch.shares.map(([kind, service, cents]) => say("share_of", {kind: say(`kind_${kind}`), service, amount: `${moneyExact(cents)} ${data.currency}`}));
  const base = batch.baseline;
  return make("div", {class: "opened"},
    definitions([
      [say("reference"), batch.reference],
      [say("ready"), timeText(batch.ready)],
      [say("due"), `${timeText(batch.due)} (${say(batch.hard ? "hard" : "soft")})`],
      [say("cost_in_all"), `${moneyExact(batch.cents)} ${data.currency}`],
      [say("shares"), shares.join(lang === "zh" ? "；" : "; ")],
      [say("baseline"), !base ? "" : base.doorMinutes === null ? say(base.reason) : say("baseline_figures", {rail: days(base.railMinutes), door: days(base.doorMinutes), amount: `${moneyExact(base.centsPerVehicle)} ${data.currency}`})],
      [say("left_out"), batch.unplanned ? `${counted("vehicles_count", batch.leftOut)}${say("colon")}${say(`reason_${batch.unplanned.reason}`)}${say("comma")}${batch.unplanned.facts}` : ""],
    ]),
    ...batch.ways.map(wayDetail),
    make("button", {type: "button", class: "quiet", onclick: () => {
      pickOnMap(batch);
      byId("map").scrollIntoView();
    }}, say("show_on_map")));
}

function wayDetail(way) {
  const slow = way.slowSlack === null ? say("gate_missed") : slackText(way.slowSlack);
  const facts = [
    counted("vehicles_count", way.vehicles), say("part", {number: way.part}), way.boxes ? counted("boxes_count", way.boxes) : "", way.booked ? say("booked") : "",
    `${moneyExact(way.cents / way.vehicles)} ${data.currency} ${say("a_vehicle")}`, hasGrams ? say("kg", {count: kilograms(way.grams / way.vehicles)}) : "",
    say("days", {count: days(way.door)}), slackText(way.slack), say("if_slow", {slack: slow}),
  ];
  const heads = [[say("starts_local")], [say("stage")], [say("form")], [say("days_word"), true], [say("per_vehicle", {currency: data.currency}), true], [say("per_box", {currency: data.currency}), true], ...(hasGrams ? [[say("kg_word"), true]] : [])];
  const rows = way.stages.flatMap(stage => [stageRow(stage), ...stage.lines.map(lineRow)]);
  rows.push([timeText(way.delivered), make("b", {}, say("delivered")), "", days(way.door), moneyExact(sumOf(way, "vehicle")), sumOf(way, "box") ? moneyExact(sumOf(way, "box")) : "", ...(hasGrams ? [""] : [])]);
  return make("div", {class: "way"}, make("h4", {}, facts.filter(Boolean).join(" · ")), simpleTable(heads, rows));
}

const sumOf = (way, per) => way.stages.flatMap(stage => stage.lines).filter(line => line.per === per).reduce((sum, line) => sum + line.cents, 0);
function stageRow(stage) {
  const text = stage.kind === "ride" || stage.kind === "road" ? `${say(stage.mode)}${say("colon")}${stageText(stage)}` : stageText(stage);
  const mass = stage.grams ? `${decimals(stage.grams.grams / 1000, 1)}${stage.grams.per === "box" ? ` ${say("a_box")}` : ""}` : "";
  return [timeText(stage.start), make("span", {}, stageMark(stage), text), say(stage.boxed ? "boxed" : "loose"), days(stage.end[0] - stage.start[0]), "", "", ...(hasGrams ? [mass] : [])];
}
function lineRow({kind, text, per, cents}) {
  const amount = moneyExact(cents), faint = content => make("span", {class: "faint"}, content);
  const rest = text.startsWith(kind) ? text.slice(kind.length).trim() : text;
  return ["", faint(`${say(`kind_${kind}`)} ${rest}`), "", "", faint(per === "vehicle" ? amount : ""), faint(per === "box" ? amount : per === "part" ? `${amount} ${say("a_part")}` : ""), ...(hasGrams ? [""] : [])];
}

// Alternatives beside each other: what is asked first, the figures, and who wins which batch. There only if the data has them.
const {comparison} = data, alternatives = comparison?.alternatives ?? [], study = comparison?.study ?? null;
const comparisonCharts = [];  // charts of the section and of the study, drawn anew with every language
const hasOwnWishes = one => Object.values(one.wishes).some(values => values.length);
// One of our own alternatives has a name in both languages; one of the user's is called as he called it.
const alternativeName = name => isWord(`alternative_${name}`) ? say(`alternative_${name}`) : name;
// The document holds sums: a vehicle's share of them is taken here, and rounded only to be shown.
const mean = (sum, vehicles) => vehicles && sum !== null ? sum / vehicles : null;
const centsOf = own => mean(own.cents, own.plannedVehicles), doorOf = own => mean(own.doorMinutes, own.plannedVehicles);
const haulOf = own => mean(own.mainRideMinutes, own.mainRideVehicles), gramsOf = own => mean(own.grams, own.plannedVehicles);
const gapText = gap => gap === null ? NONE : `${100 * gap >= 0.1 ? decimals(100 * gap, 2) : plainSmall(100 * gap)} %`;
const plainSmall = value => decimals(Number(value.toPrecision(2)), 0, 10);
const knowsGrams = alternatives.some(one => one.total.grams !== null);
const perVehicle = () => say("currency_each", {currency: data.currency});
const bigFigure = (value, best) => make("span", {class: best ? "best" : ""}, value);

function drawComparison() {
  byId("comparison").hidden = !comparison;
  if (!comparison) return;
  fillIn("compared-verdict", ...alternatives.map(verdictLine), ...verdictSentences().map(text => make("li", {class: "sum"}, text)));
  fillIn("alternatives", alternativesTable(), wishesNote());
  fillIn("compared-common", commonTable());
  fillIn("compared-baseline", besideTable(), make("p", {class: "note"}, say("beside_note")));
  drawComparisonFilter();
}

function verdictLine(one) {
  const {total} = one;
  const key = !total.plannedVehicles ? "compared_none" : total.unplannedVehicles ? "compared_some" : "compared_all";
  return make("li", {class: hasOwnWishes(one) ? "" : "free"}, make("b", {}, alternativeName(one.name)), make("span", {}, say(key, {
    planned: whole(total.plannedVehicles), vehicles: whole(total.vehicles), left: whole(total.unplannedVehicles),
    each: `${moneyWhole(centsOf(total))} ${data.currency}`, days: days(doorOf(total)),
  })));
}

// What the plan shown saves beside the cheapest alternative that carries all, and where the train comes to pay.
function verdictSentences() {
  const shown = alternatives.find(one => one.name === data.alternative), found = [];
  const others = alternatives.filter(one => one !== shown && hasOwnWishes(one) && !one.total.unplannedVehicles);
  if (shown && !shown.total.unplannedVehicles && others.length) {
    const other = others.reduce((one, next) => centsOf(next.total) < centsOf(one.total) ? next : one);
    const money = centsOf(shown.total) - centsOf(other.total), time = doorOf(shown.total) - doorOf(other.total);
    found.push(say("compared_saving", {
      name: alternativeName(shown.name), other: alternativeName(other.name),
      money: say(money > 0 ? "money_more" : "money_less", {amount: `${moneyWhole(Math.abs(money))} ${data.currency}`}),
      time: say(time > 0 ? "days_more" : "days_less", {count: days(Math.abs(time))}),
    }));
  }
  found.push(...commonSentence());
  if (study) found.push(...study.total.map(flipSentence), ...study.total.length ? [] : study.sweeps.filter(sweep => sweep.flips.length).map(sweepSentence));
  return found;
}

// Which way is cheapest, fastest and cleanest for the vehicles that all of them take.
function commonSentence() {
  const asked = alternatives.filter(one => hasOwnWishes(one) && one.common.vehicles), {vehicles} = alternatives[0].common;
  if (asked.length < 2) return [];
  const least = value => asked.reduce((one, other) => value(other.common) < value(one.common) ? other : one);
  const [cheap, fast] = [least(centsOf), least(doorOf)], clean = knowsGrams ? least(gramsOf) : null;
  const names = {vehicles: counted("vehicles_count", vehicles), cheap: alternativeName(cheap.name), money: withCurrency(centsOf(cheap.common)), fast: alternativeName(fast.name), days: days(doorOf(fast.common))};
  return [clean ? say("compared_common_grams", {...names, clean: alternativeName(clean.name), mass: kilograms(gramsOf(clean.common))}) : say("compared_common", names)];
}

function alternativesTable() {
  const heads = [[say("alternative")], [say("planned"), true], [say("left_out"), true], [say("on_time"), true], [say("late"), true], [say("late_slow"), true], [perVehicle(), true],
    [say("total_in", {currency: data.currency}), true], [say("days_door"), true], [say("days_haul"), true], ...(knowsGrams ? [[say("kg_each"), true]] : []), [say("gap"), true], [say("wins"), true]];
  return simpleTable(heads, alternatives.map(one => {
    const {total} = one, count = value => value ? whole(value) : NONE;
    return [
      make("b", {}, alternativeName(one.name)), whole(total.plannedVehicles), total.unplannedVehicles ? make("span", {class: "bad"}, whole(total.unplannedVehicles)) : NONE,
      percentOf(total.plannedVehicles - total.lateVehicles, total.plannedVehicles), count(total.lateVehicles), count(total.lateVehiclesUnderHighTimes), moneyWhole(centsOf(total)),
      moneyWhole(total.cents), days(doorOf(total)), days(haulOf(total)), ...(knowsGrams ? [kilograms(gramsOf(total))] : []), gapText(one.gap), hasOwnWishes(one) ? counted("batches_count", one.wins) : NONE,
    ];
  }));
}

// What each alternative asks of every batch, in words.
function wishesNote() {
  const listed = values => values.map(value => MODES[value] ? say(value).toLowerCase() : placeById.has(value) ? nameOf(placeById.get(value)) : value).join(say("enumerated"));
  const texts = alternatives.map(one => [one, Object.entries(one.wishes).filter(([, values]) => values.length).map(([key, values]) => say(`wish_${key}`, {values: listed(values)})).join(say("semicolon"))]);
  return make("p", {class: "note"}, texts.map(([one, text]) => `${alternativeName(one.name)}${say("colon")}${text || say("wish_none")}`).join(say("full_stop")) + say("full_stop") + say("wins_note"));
}

// The same figures over the batches that all plan as a whole: only there can they be held against each other.
function commonTable() {
  const {vehicles} = alternatives[0].common;
  if (!vehicles) return make("p", {class: "note"}, say("common_none"));
  const columns = [[perVehicle(), centsOf, moneyWhole], [say("days_door"), doorOf, days], [say("days_haul"), haulOf, days], ...(knowsGrams ? [[say("kg_each"), gramsOf, kilograms]] : [])];
  const least = columns.map(([, value]) => Math.min(...alternatives.map(one => value(one.common)).filter(number => number !== null)));
  return simpleTable([[say("alternative")], ...columns.map(([head]) => [head, true])],
    alternatives.map(one => [alternativeName(one.name), ...columns.map(([, value, show], at) => bigFigure(show(value(one.common)), value(one.common) === least[at]))]),
    {caption: say("common_title", {vehicles: counted("vehicles_count", vehicles), batches: counted("batches_count", comparison.commonBatches.length)})});
}

// Both figures of the baseline: days on the train against 15, and door to door and money against the baseline's.
function besideTable() {
  const reference = tenths(data.headline.baseline.referenceDays);
  const heads = [[say("alternative")], [say("by_train"), true], [say("days_on_train"), true], [say("within_days", {days: reference}), true], [say("has_baseline"), true],
    [say("days_and_base"), true], [say("difference"), true], [say("money_and_base", {currency: data.currency}), true], [say("difference"), true]];
  return simpleTable(heads, alternatives.map(({name, total, besideBaseline: own}) => {
    const pair = (sum, base, show) => own.vehicles ? `${show(sum / own.vehicles)} / ${show(base / own.vehicles)}` : NONE;
    return [
      alternativeName(name), total.railVehicles ? whole(total.railVehicles) : NONE, days(mean(total.railMinutes, total.railVehicles)), percentOf(total.railVehiclesWithinReference, total.railVehicles), own.vehicles ? whole(own.vehicles) : NONE,
      pair(own.doorMinutes, own.baselineDoorMinutes, days), signed(days)(mean(own.doorMinutes - own.baselineDoorMinutes, own.vehicles)),
      pair(own.cents, own.baselineCents, moneyWhole), signed(moneyWhole)(mean(own.cents - own.baselineCents, own.vehicles)),
    ];
  }), {caption: say("beside_title", {days: reference})});
}

// One filter for both tables of the comparison: text and winner.
const comparedFilter = {text: "", winner: ""}, NOBODY = "\u0000";
const comparedText = new Map((comparison?.batches ?? []).map(row => [row, [row.batchId, ...[placeById.get(row.origin), placeById.get(row.destination)].flatMap(place => place ? [place.id, place.name, place.nameZh] : []),
  row.vehicleType, batchById.get(row.batchId)?.shipper].filter(Boolean).join("\n").toLowerCase()]));
const comparedById = new Map((comparison?.batches ?? []).map(row => [row.batchId, row]));
function isCompared(row) {
  const words = comparedFilter.text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return (!comparedFilter.winner || (row.winner ?? NOBODY) === comparedFilter.winner) && words.every(text => comparedText.get(row).includes(text));
}
const comparedTables = [];
function drawComparisonFilter() {
  const changed = () => comparedTables.forEach(table => {
    table.page = 0;
    table.draw();
  });
  const search = make("input", {type: "search", placeholder: say("search_batch"), "aria-label": say("search_batch"), autocomplete: "off", spellcheck: "false", oninput: () => {
    comparedFilter.text = search.value;
    changed();
  }});
  search.value = comparedFilter.text;
  const winners = alternatives.filter(hasOwnWishes).map(one => [one.name, alternativeName(one.name)]);
  const options = [["", say("all_modes")], ...winners, [NOBODY, say("winner_none")]];
  fillIn("comparison-filters", search, choice(say("winner"), options, comparedFilter.winner, value => {
    comparedFilter.winner = value;
    changed();
  }));
}

const pickedBatch = id => batchById.has(id) ? make("button", {type: "button", class: "link", onclick: () => openBatch(batchById.get(id))}, id) : id;
const comparedPlace = id => placeById.has(id) ? nameOf(placeById.get(id)) : id;
function costCell(row, name) {
  const own = row.alternatives[name], left = own.unplannedVehicles ? make("span", {class: "bad"}, `(${whole(own.unplannedVehicles)})`) : null;
  if (!own.plannedVehicles) return left ?? NONE;
  return make("span", {class: row.winner === name ? "best" : ""}, moneyWhole(centsOf(own)), left ? " " : null, left);
}
function alternativeColumns({name}) {
  const own = row => row.alternatives[name], head = key => () => `${alternativeName(name)}${say("comma")}${key()}`;
  return [
    {key: `cost ${name}`, head: head(perVehicle), figure: true, value: row => centsOf(own(row)), csv: row => two(money2(centsOf(own(row)))), show: row => costCell(row, name)},
    {key: `days ${name}`, head: head(word("days_word")), figure: true, value: row => doorOf(own(row)), csv: row => inDays(doorOf(own(row))), show: row => days(doorOf(own(row)))},
    {key: `left ${name}`, head: head(word("left_out")), value: row => own(row).unplannedVehicles, onlyCsv: true},
    {key: `late ${name}`, head: head(word("late")), value: row => own(row).lateVehicles, onlyCsv: true},
    ...(knowsGrams ? [{key: `kg ${name}`, head: head(word("kg_word")), value: row => gramsOf(own(row)) === null ? null : two(gramsOf(own(row)) / 1000), onlyCsv: true}] : []),
  ];
}
if (comparison) {
  comparedTables.push(new PagedTable("winners", "winners", [
    {key: "batch", head: word("batch"), value: row => row.batchId, show: row => pickedBatch(row.batchId)},
    {key: "from", head: word("from"), value: row => comparedPlace(row.origin), csv: row => row.origin, minor: true},
    {key: "to", head: word("to"), value: row => comparedPlace(row.destination), csv: row => row.destination},
    {key: "vehicles", head: word("vehicles"), value: row => row.vehicles, show: row => whole(row.vehicles), figure: true, down: true},
    {key: "winner", head: word("winner"), hint: word("wins_note"), value: row => row.winner, show: row => row.winner === null ? make("span", {class: "faint"}, say("winner_none")) : alternativeName(row.winner), csv: row => row.winner},
    {key: "margin", head: word("margin"), hint: word("margin_hint"), figure: true, down: true, value: row => row.margin, show: row => row.margin === null ? NONE : objectiveValue(row.margin), csv: row => marginNumber(row.margin)},
    ...alternatives.flatMap(alternativeColumns),
    {key: "base cost", head: () => `${say("baseline")}${say("comma")}${perVehicle()}`, figure: true, value: row => row.baseline?.centsPerVehicle ?? null, csv: row => money2(row.baseline?.centsPerVehicle ?? null), show: row => moneyWhole(row.baseline?.centsPerVehicle)},
    {key: "base days", head: () => `${say("baseline")}${say("comma")}${say("days_word")}`, figure: true, value: row => row.baseline?.doorMinutes ?? null, csv: row => inDays(row.baseline?.doorMinutes ?? null), show: row => days(row.baseline?.doorMinutes)},
  ], () => comparison.batches.filter(isCompared), {sort: "margin", down: true}));
}
// A value of the objective in whole units: money, vehicle-days, kilograms.
const MARGIN_SCALES = {cents: 100, grams: 1000, "vehicle-minutes": 1440};
const marginNumber = value => value === null ? null : two(value / MARGIN_SCALES[comparison.objectiveUnit]);
redrawn.push(drawComparison);

// The head: what a plan is judged by, to be read in twenty seconds.
function drawHeadline() {
  const head = data.headline, {proof} = head;
  fillIn("subtitle", say("subtitle", {
    batches: counted("batches_count", head.batches), vehicles: counted("vehicles_count", head.vehicles), first: head.readyFirst, last: head.readyLast,
    objective: say(`objective_${data.objective}`), currency: data.currency,
  }));
  const sentences = [
    say(head.unplannedVehicles ? "verdict_some" : "verdict_all", {
      planned: whole(head.plannedVehicles), vehicles: whole(head.vehicles), left: whole(head.unplannedVehicles), batches: counted("batches_count", head.batchesLeftOut),
    }),
    head.plannedVehicles ? say("verdict_time", {share: head.onTimeShare, slow: whole(head.lateVehiclesUnderHighTimes), slow_share: head.lateUnderHighTimesShare}) : "",
    head.plannedVehicles ? say("verdict_cost", {each: withCurrency(head.centsEach), total: withCurrency(head.cents), days: tenths(head.doorDays)}) : "",
    proof.status === "OPTIMAL" ? say("verdict_optimal") : proof.gap === null ? say("verdict_no_bound") : say("verdict_gap", {gap: proof.gap}),
  ];
  fillIn("verdict", sentences.filter(Boolean).join(say("between_sentences")));
  fillIn("tiles", ...tiles(head));
  fillIn("ways", modesTable(head));
  fillIn("claim", ...claim(head.baseline));
}

function tiles(head) {
  const tile = (word, value, below, tone = "") => make("div", {class: `tile ${tone}`.trim()},
    make("dt", {}, say(word)), make("dd", {}, make("b", {}, value), make("small", {}, below)));
  const {proof, baseline} = head;
  const each = text => head.plannedVehicles ? text : NONE; // of nobody there is no average
  const found = [
    tile("planned", whole(head.plannedVehicles), head.unplannedVehicles
      ? say("of_left_out", {share: head.plannedShare, left: whole(head.unplannedVehicles)}) : say("all_of", {vehicles: whole(head.vehicles)}),
    head.unplannedVehicles ? "is-bad" : "is-good"),
    tile("on_time", head.onTimeShare, head.lateVehicles ? counted("late_vehicles", head.lateVehicles) : say("none_late"), head.lateVehicles ? "is-warn" : "is-good"),
    tile("late_if_slow", head.lateUnderHighTimesShare, counted("vehicles_count", head.lateVehiclesUnderHighTimes), head.lateVehiclesUnderHighTimes ? "is-warn" : "is-good"),
    tile("cost_each", each(withCurrency(head.centsEach)), say("in_all", {amount: withCurrency(head.cents)})),
    tile("door_days", each(say("days", {count: tenths(head.doorDays)})), say("haul_days", {count: tenths(head.haulDays)})),
    hasGrams ? tile("co2e_each", each(say("kg", {count: kilograms(head.gramsEach)})), say("in_all", {amount: say("tonnes", {count: tonnes(head.grams)})})) : null,
    tile("against_claim", baseline.railDays === null ? NONE : say("days", {count: tenths(baseline.railDays)}),
      baseline.railDays === null ? say("nobody_by_rail") : say("on_the_train", {days: tenths(baseline.referenceDays)})),
    tile("gap", proof.status === "OPTIMAL" ? say("optimal") : proof.gap ?? NONE,
      proof.bound === null ? say("no_bound") : proof.status === "OPTIMAL" ? say("no_better") : say("at_most_above", {amount: objectiveValue(proof.absoluteGap)})),
  ];
  return found.filter(Boolean);
}

function modesTable(head) {
  const heads = [[say("main_mode")], [say("vehicles"), true], [say("share"), true], ["", "bars"], [say("by_barge_too"), true], [say("days_word"), true], [say("currency_each", {currency: data.currency}), true]];
  if (hasGrams) heads.push([say("kg_word"), true]);
  const rows = head.modes.map(one => [
    modeName(one.mode), whole(one.vehicles), one.share, bar(one.vehicles / head.plannedVehicles, MODES[one.mode].colour),
    one.byRiver ? whole(one.byRiver) : NONE, tenths(one.doorDays), moneyWhole(one.centsEach), ...(hasGrams ? [kilograms(one.gramsEach)] : []),
  ]);
  return simpleTable(heads, rows, {caption: say("how_they_go")});
}

function claim(against) {
  const heads = [[""], [say("vehicles"), true], [say("plan"), true], [say("baseline"), true], [say("no_worse"), true]];
  const rows = [];
  if (against.railVehicles) {
    rows.push([say("days_on_train"), whole(against.railVehicles), tenths(against.railDays), tenths(against.referenceDays), against.railWithin]);
  }
  if (against.vehicles) {
    rows.push([say("days_door_to_door"), whole(against.vehicles), tenths(against.doorDays), tenths(against.baseDoorDays), against.asFast]);
    rows.push([say("currency_each", {currency: data.currency}), whole(against.vehicles), moneyWhole(against.centsEach), moneyWhole(against.baseCentsEach), against.asCheap]);
  }
  return [
    simpleTable(heads, rows, {caption: say("against_fifteen")}),
    against.without.length ? make("p", {class: "note"}, say("no_baseline", {
      reasons: against.without.map(([reason, vehicles]) => `${say(reason)} (${whole(vehicles)})`).join(lang === "zh" ? "；" : "; "),
    })) : null,
  ].filter(Boolean);
}
redrawn.push(drawHeadline);

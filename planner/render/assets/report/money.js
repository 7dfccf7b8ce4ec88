// What is left out and why; what is paid for; what the figures rest on.
function drawLeftOut() {
  const left = batches.filter(batch => batch.unplanned).sort((one, other) => other.leftOut - one.leftOut);
  byId("leftout").hidden = !left.length;
  fillIn("leftout-list", ...left.map(batch => {
    const {reason, facts, remedies} = batch.unplanned;
    return make("article", {class: "left"},
      make("h3", {}, make("button", {type: "button", class: "link", onclick: () => openBatch(batch)}, batch.id), make("span", {class: "badge"}, say(`reason_${reason}`)),
        make("span", {class: "count"}, say("of_vehicles", {left: whole(batch.leftOut), vehicles: whole(batch.vehicles)}))),
      make("p", {class: "sub"}, `${nameOf(batch.origin)} → ${nameOf(batch.destination)} · ${nameOf(batch.type)} · ${say("due")} ${timeText(batch.due)}`),
      make("p", {}, say(`why_${reason}`), say("between_sentences"), make("span", {class: "facts"}, facts)),
      remedies?.length ? make("ul", {class: "remedies", "aria-label": say("remedies")}, ...remedies.map(remedy => make("li", {}, remedyText(remedy)))) : null);
  }));
}
// A remedy is a sentence, or says itself in one.
const remedyText = remedy => typeof remedy === "string" ? remedy : String(remedy.text ?? remedy.kind);

function drawMoney() {
  const {centsByKind, gramsByMode, dutyCents, grounds} = data.money, {cents, grams, modes} = data.headline;
  const heads = [[""], [say("in_currency", {currency: data.currency}), true], [say("share"), true], ["", "bars"]];
  const kinds = Object.entries(centsByKind).filter(([, amount]) => amount).sort((one, other) => other[1] - one[1]);
  const duties = Object.entries(dutyCents), duty = duties.reduce((sum, [, amount]) => sum + amount, 0);
  fillIn("money-tables",
    simpleTable(heads, kinds.map(([kind, amount]) => [say(`kind_${kind}`), moneyWhole(amount), percentOf(amount, cents), bar(amount / cents)]),
      {caption: say("paid_for"), foot: [say("total"), moneyWhole(cents), "", ""]}),
    simpleTable(heads, modes.map(one => [modeName(one.mode), moneyWhole(one.cents), percentOf(one.cents, cents), bar(one.cents / cents, MODES[one.mode].colour)]),
      {caption: say("by_main_mode"), foot: [say("total"), moneyWhole(cents), "", ""]}),
    gramsByMode ? simpleTable([[""], [say("tonnes_word"), true], [say("share"), true], ["", "bars"]],
      Object.entries(gramsByMode).sort((one, other) => other[1] - one[1]).map(([mode, amount]) => [modeName(mode), tonnes(amount), percentOf(amount, grams), bar(amount / grams, MODES[mode].colour)]),
      {caption: say("emissions_by_mode"), foot: [say("total"), tonnes(grams), "", ""]}) : null,
    duties.length ? simpleTable(heads, duties.map(([name, amount]) => [isWord(`duty_${name}`) ? say(`duty_${name}`) : name, moneyWhole(amount), percentOf(amount, duty), bar(amount / duty)]),
      {caption: say("duties"), foot: [say("total"), moneyWhole(duty), "", ""]}) : null);
  fillIn("grounds", ...groundsTables(grounds));
}

const GROUNDS = ["sourced", "derived", "estimated"], SHADES_OF_GROUND = ["#00805e", "#7fb3a3", "#d9a441"];
function groundsTables(grounds) {
  const rows = [["prices", grounds.cents, grounds.weakestPrice], ["times", grounds.vehicleMinutes, grounds.weakestTime]].filter(([, , weakest]) => weakest);
  return rows.map(([what, amounts, weakest]) => {
    const total = GROUNDS.reduce((sum, ground) => sum + amounts[ground], 0);
    const text = GROUNDS.map(ground => `${say(`ground_${ground}`)} ${percentOf(amounts[ground], total)}`).join(" · ");
    return make("div", {class: "ground"}, make("b", {}, say(what)),
      make("span", {class: "stack", "aria-hidden": "true"}, ...GROUNDS.map((ground, at) => make("span", {style: `width:${100 * amounts[ground] / (total || 1)}%;background:${SHADES_OF_GROUND[at]}`}))),
      make("span", {}, text), make("span", {class: "note"}, `${say("weakest")}${say("colon")}${say(`ground_${weakest.ground}`)}${weakest.grade ? `${say("comma")}${say("grade", {grade: weakest.grade})}` : ""}${say("comma")}${weakest.what}`));
  });
}
redrawn.push(drawLeftOut, drawMoney);

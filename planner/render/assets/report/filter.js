// One filter for map, timeline, chart and table: text, main mode, state.
const STATES = {
  all: () => true,
  late: batch => batch.late > 0,
  at_risk: batch => batch.lateSlow > 0,
  left_out: batch => batch.leftOut > 0,
  booked: batch => batch.booked > 0,
};
const filter = {text: "", mode: "", state: "all"};
const filtered = [];  // what is drawn anew when the filter changes
let shownBatches = batches, shownWays = batches.flatMap(batch => batch.ways);

function applyFilter() {
  const words = filter.text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  shownBatches = batches.filter(batch => STATES[filter.state](batch)
    && (!filter.mode || batch.modes.has(filter.mode)) && words.every(word => batch.text.includes(word)));
  shownWays = shownBatches.flatMap(batch => batch.ways.filter(way => !filter.mode || way.mode === filter.mode));
  const isWhole = shownBatches.length === batches.length;
  byId("shown").textContent = say(isWhole ? "all_shown" : "some_shown", {
    shown: whole(shownBatches.length), all: counted("batches_count", batches.length),
    vehicles: counted("vehicles_count", shownWays.reduce((sum, way) => sum + way.vehicles, 0) + shownBatches.reduce((sum, batch) => sum + batch.leftOut, 0)),
  });
  byId("clear").hidden = !filter.text && !filter.mode && filter.state === "all";
  filtered.forEach(draw => draw());
}

function drawFilter() {
  const modes = data.headline.modes.map(({mode}) => [mode, say(mode)]);
  const states = Object.keys(STATES).filter(state => state === "all" || batches.some(STATES[state]));
  const search = make("input", {
    type: "search", id: "search", placeholder: say("search"), "aria-label": say("search"), autocomplete: "off", spellcheck: "false",
    oninput: () => { filter.text = search.value; applyFilter(); },
  });
  search.value = filter.text;
  fillIn("filters", search,
    choice(say("main_mode"), [["", say("all_modes")], ...modes], filter.mode, value => { filter.mode = value; applyFilter(); }),
    choice(say("state"), states.map(state => [state, say(`state_${state}`)]), filter.state, value => { filter.state = value; applyFilter(); }),
    make("button", {type: "button", id: "clear", class: "quiet", onclick: () => {
      Object.assign(filter, {text: "", mode: "", state: "all"});
      drawFilter();
    }}, say("clear")),
    make("span", {id: "shown", role: "status"}));
  applyFilter();
}

// Departures by what more room is worth, charters, tight days, and the booking sheet.
const unitsOf = (count, unit) => `${plainNumber(count)} ${say(`unit_${unit}`)}`;
const worthText = value => value ? objectiveValue(value) : NONE;
function departureWorth({worth, planned}) {
  if (!planned) return worthText(worth);
  const [exact, low, high] = planned;
  return exact === null ? `${objectiveValue(low)} – ${objectiveValue(high)}` : `= ${objectiveValue(exact)}`;
}
const worthOf = ({worth, planned}) => planned ? planned[0] ?? planned[1] : worth;
const fullness = use => use.capacity ? use.used / use.capacity : 1;
const fullCell = use => make("span", {class: "full"}, bar(fullness(use), fullness(use) >= 1 ? "#b3261e" : "#5b7f95"), percentOf(use.used, use.capacity || use.used || 1));

const departureTable = new PagedTable("departure-table", "departures", [
  {key: "service", head: word("service"), value: use => services[use.service].id},
  {key: "mode", head: word("mode"), value: use => say(services[use.service].mode), show: use => modeName(services[use.service].mode), csv: use => services[use.service].mode},
  {key: "departs", head: word("departs_local"), value: use => use.departs},
  {key: "from", head: word("from"), value: use => placeName(use.from), csv: use => places[use.from].id},
  {key: "to", head: word("to"), value: use => placeName(use.to), csv: use => places[use.to].id},
  {key: "used", head: word("load"), figure: true, down: true, value: use => use.used, show: use => `${plainNumber(use.used)} / ${unitsOf(use.capacity, services[use.service].unit)}`},
  {key: "capacity", head: word("capacity"), value: use => use.capacity, onlyCsv: true},
  {key: "unit", head: word("unit"), value: use => services[use.service].unit, onlyCsv: true},
  {key: "full", head: word("full"), figure: true, down: true, value: fullness, show: fullCell, csv: use => two(100 * fullness(use))},
  {key: "worth", head: word("one_more"), hint: word("one_more_hint"), figure: true, down: true, value: worthOf, show: departureWorth},
], () => data.room.departures, {sort: "worth", down: true});

function drawCharters() {
  const {charters, days: tight} = data.room;
  const shown = [];
  if (charters.length) {
    shown.push(simpleTable([[say("charter")], [say("day_word")], [say("modules"), true], [say("boarded"), true], [say("in_currency", {currency: data.currency}), true]],
      charters.map(one => [services[one.service].id, one.day, whole(one.modules), unitsOf(one.boarded, services[one.service].unit), moneyWhole(one.cents)]), {caption: say("charters")}));
  }
  if (tight.length) {
    shown.push(simpleTable([[say("place_or_road")], [say("day_word")], [say("load"), true], [say("full"), true], [say("one_more"), true]],
      tight.slice(0, 12).map(use => [use.from === use.to ? placeName(use.from) : `${placeName(use.from)} → ${placeName(use.to)}`, use.day, `${whole(use.used)} / ${unitsOf(use.capacity, use.unit)}`, fullCell(use), worthText(use.worth)]), {caption: say("tight_days")}));
  }
  fillIn("charters", ...shown);
}
redrawn.push(drawCharters);

const placeMark = id => make("span", {title: placeById.has(id) ? nameOf(placeById.get(id)) : null}, id);

// Rows of booking.csv; what the screen has no room for is in its CSV.
const bookingShown = {
  service: {show: row => make("span", {class: "mode", title: say(row.mode)}, modeDot(row.mode), row.service)}, from_place: {show: row => placeMark(row.from_place)}, to_place: {show: row => placeMark(row.to_place)},
  ...Object.fromEntries(["book_by", "gate_in_from", "gate_in_until", "departs"].map(key => [key, {show: row => row[key]?.slice(5) ?? NONE}])), vehicles: {figure: true, show: row => whole(row.vehicles)},
  boxes: {figure: true, show: row => row.boxes ? whole(row.boxes) : NONE}, load: {figure: true, show: row => row.load === null ? NONE : `${plainNumber(row.load)} / ${unitsOf(row.capacity, row.unit)}`}, batches: {wide: true},
};
const bookingRows = data.room.bookings.rows.map(cells => Object.fromEntries(data.room.bookings.columns.map((name, at) => [name, cells[at]])));
const bookingTable = new PagedTable("booking-table", "booking", [
  ...Object.entries(bookingShown).map(([key, more]) => ({key, head: word(`booking_${key}`), value: row => row[key], ...more})),
  ...data.room.bookings.columns.filter(name => !(name in bookingShown)).map(name => ({key: name, head: () => name.replaceAll("_", " "), value: row => row[name], onlyCsv: true})),
], () => bookingRows, {sort: "departs"});

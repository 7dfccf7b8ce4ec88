// The map of a network. Names come from tables that anybody may have written: they are set as text, never as HTML.
(() => {
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;

// Shapes in a square of 16; rank: whose label is placed first; from: the zoom from which it has a label.
const KINDS = {
  plant: {size: 15, rank: 6, from: 0, shape: '<path d="M2 14V7l4 2.5V7l4 2.5V3h4v11z" fill="#22303a"/>'},
  rail_terminal: {size: 12, rank: 4, from: 0, shape: '<rect x="2" y="2" width="12" height="12" rx="1.5" fill="#fff" stroke="#a84300" stroke-width="3"/>'},
  sea_port: {size: 13, rank: 5, from: 0, shape: '<circle cx="8" cy="8" r="5.8" fill="#fff" stroke="#005a8c" stroke-width="3"/>'},
  river_port: {size: 11, rank: 3, from: 4.5, shape: '<circle cx="8" cy="8" r="5.8" fill="#fff" stroke="#00805e" stroke-width="3"/>'},
  border: {size: 10, rank: 2, from: 4, shape: '<path d="M8 1l7 7-7 7-7-7z" fill="#fff" stroke="#5d6b75" stroke-width="2.4"/>'},
  passage: {size: 10, rank: 2.5, from: 0, shape: '<path d="M2 3h12L8 14z" fill="#fff" stroke="#5d6b75" stroke-width="2.2"/>'},
  compound: {size: 12, rank: 1, from: 4.75, shape: '<path d="M8 1l7 5.4V15H1V6.4z" fill="#f0e442" stroke="#22303a" stroke-width="1.8"/>'},
};
const FAR = 4;
const isNarrow = () => window.innerWidth <= 640;

// ---------------------------------------------------------------------------------------------- words

const say = (key, values = {}) =>
  (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
const number = value => value.toLocaleString(data.lang);
const tenths = value => value.toLocaleString(data.lang, {minimumFractionDigits: 1, maximumFractionDigits: 1});
const nameOf = thing => (data.lang === "zh" && thing.nameZh) || thing.name;
const otherName = thing => (data.lang === "zh" ? (thing.nameZh ? thing.name : "") : thing.nameZh ?? "");

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== ""));
  return element;
}

function drawing(svg) {
  const key = make("span", {class: "key", "aria-hidden": "true"});
  key.innerHTML = svg;  // one of the constants of this file
  return key;
}
const kindKey = kind => drawing(`<svg width="14" height="14" viewBox="0 0 16 16">${KINDS[kind].shape}</svg>`);
function modeKey(mode) {
  const {colour, dash, thin} = MODES[mode];
  return drawing(`<svg width="26" height="8"><path d="M1 4h24" fill="none" stroke="${colour}" stroke-width="${thin ? 1.2 : 3}" stroke-linecap="${dash ? "butt" : "round"}" stroke-dasharray="${dash ?? "none"}"/></svg>`);
}

// ---------------------------------------------------------------------------------------------- the network

const of = what => data.network.features.filter(feature => feature.properties.what === what);
const places = new Map(of("place").map(feature => [feature.properties.id, {
  ...feature.properties, at: L.latLng(feature.geometry.coordinates[1], feature.geometry.coordinates[0]), calls: [], roads: [],
}]));
const services = new Map(of("service").map(feature => [feature.properties.id, {
  ...feature.properties, geometry: feature.geometry,
}]));
const roads = of("road").map(feature => ({...feature.properties, geometry: feature.geometry}));
for (const service of services.values()) {
  for (const call of service.calls) places.get(call.place).calls.push({service, call});
}
for (const road of roads) {
  places.get(road.from).roads.push(road);
  places.get(road.to).roads.push(road);
}

// ---------------------------------------------------------------------------------------------- the map

const map = L.map("map", {
  zoomControl: false, attributionControl: false, fadeAnimation: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 100,
  minZoom: 1, maxZoom: 12, maxBounds: [[-75, -190], [84, 190]], maxBoundsViscosity: 0.7,
});
L.control.zoom({position: "bottomleft", zoomInTitle: say("zoom_in"), zoomOutTitle: say("zoom_out")}).addTo(map);
L.control.scale({position: "bottomleft", imperial: false}).addTo(map);
["land", "roads", "lines", "picked"].forEach((name, at) => { map.createPane(name).style.zIndex = 300 + 20 * at; });
map.createPane("labels").style.zIndex = 640;
map.getPane("labels").style.pointerEvents = "none";
const renderers = Object.fromEntries(["land", "roads", "lines", "picked"].map(pane => [pane, L.svg({pane, padding: 0.4})]));

const backwards = position => L.latLng(position[1], position[0]);
const latlngs = geometry => geometry.type === "LineString"
  ? geometry.coordinates.map(backwards)
  : geometry.coordinates.map(piece => piece.map(backwards));

L.geoJSON(data.land, {
  interactive: false, pane: "land", renderer: renderers.land,
  style: {fillColor: "#eef0ea", fillOpacity: 1, fillRule: "evenodd", color: "#b9c4c0", weight: 0.7},
}).addTo(map);

function lines(pane, geometry, mode, weight, popup) {
  const {colour, dash, side = 0, thin} = MODES[mode];
  const points = latlngs(geometry);
  const common = {
    pane, renderer: renderers[pane], shift: side * (weight / 2 + 0.6), interactive: false, lineJoin: "round", smoothFactor: 0.5,
  };
  const line = options => new ShiftedLine(points, {...common, ...options});
  const drawn = thin
    ? [line({color: colour, weight, opacity: 0.75})]
    : [line({color: "#fff", weight: weight + 1.6, opacity: 0.7}), line({color: colour, weight, opacity: dash ? 0.35 : 0.95})];
  if (dash) {
    const dashes = dash.split(" ").map(length => Number(length) * Math.max(1, weight / 3)).join(" ");
    drawn.push(line({color: colour, weight, dashArray: dashes, lineCap: "butt"}));
  }
  if (popup) {
    // Fingers and mice need more to hit than a thin line.
    drawn.push(line({interactive: true, opacity: 0, weight: Math.max(weight + 8, 12)})
      .on("click", event => { L.DomEvent.stop(event); popup(event.latlng); }));
  }
  return L.featureGroup(drawn);
}

const layers = new Map(Object.keys(MODES).map(mode => [mode, L.layerGroup()]));
const widthOf = perWeek => Math.min(2 + 0.7 * Math.log2(1 + perWeek), 6);
for (const corridor of data.corridors) {
  lines("lines", corridor.geometry, corridor.mode, widthOf(corridor.perWeek), at => {
    if (corridor.services.length === 1) pick(services.get(corridor.services[0]), at);
    else openOther(at, corridorPopup(corridor));
  }).addTo(layers.get(corridor.mode));
}
const pairs = new Map();
for (const road of roads) {
  const pair = JSON.stringify([road.from, road.to].sort());
  pairs.set(pair, [...(pairs.get(pair) ?? []), road]);
}
for (const both of pairs.values()) {
  lines("roads", both[0].geometry, "road", 1.1, at => openOther(at, roadPopup(both))).addTo(layers.get("road"));
}

// A lock is no landmark on a map of the world; a strait is.
const labelledFrom = place => KINDS[place.kind].from || (place.kind === "passage" && place.calls.every(({service}) => service.mode === "barge") ? 4.5 : 0);
const importance = place => KINDS[place.kind].rank + Math.log2(1 + place.calls.filter(({call}) => call.load || call.unload).length);
const kinds = new Map(Object.keys(KINDS).map(kind => [kind, L.layerGroup()]));
for (const place of places.values()) {
  const {size, shape} = KINDS[place.kind];
  place.marker = L.marker(place.at, {
    title: nameOf(place), alt: nameOf(place), riseOnHover: true, zIndexOffset: Math.round(importance(place) * 100),
    icon: L.divIcon({
      className: "place", iconSize: [size, size],
      html: `<svg width="${size}" height="${size}" viewBox="0 0 16 16">${shape}</svg>`,
    }),
  }).on("click", () => pick(place)).addTo(kinds.get(place.kind));
}

// ---------------------------------------------------------------------------------------------- picking one

// What the boxes that lie on the map leave free.
function room() {
  if (!isNarrow()) return {paddingTopLeft: [30, 30], paddingBottomRight: [240, 30]};
  const below = sheet.hidden ? 50 : window.innerHeight * 0.5;
  return {paddingTopLeft: [16, 110], paddingBottomRight: [16, below]};
}

const picked = L.layerGroup().addTo(map);
const shown = layer => map.hasLayer(layer);

const sheet = document.getElementById("sheet");
sheet.querySelector("button").setAttribute("aria-label", say("close"));
sheet.querySelector("button").addEventListener("click", close);

// Beside what was picked; on a narrow screen along its lower edge, where it hides less.
function open(at, content) {
  if (isNarrow()) {
    sheet.querySelector("div").replaceChildren(content);
    sheet.hidden = false;
    sheet.scrollTop = 0;
    return;
  }
  L.popup({maxWidth: 380, minWidth: 240, maxHeight: Math.max(160, Math.min(480, window.innerHeight - 230)),
    autoPanPaddingTopLeft: [300, 20], autoPanPaddingBottomRight: [240, 20]})
    .setLatLng(at).setContent(content).openOn(map);
}

function close() {
  map.closePopup();
  unpick();
}

function unpick() {
  sheet.hidden = true;
  picked.clearLayers();
  map.getContainer().classList.remove("picked");
}
map.on("popupclose", unpick).on("click", close);

function pick(thing, at) {
  close();
  if (thing.what === "place") {
    const covered = map.latLngToContainerPoint(thing.at).y - window.innerHeight * 0.4;
    if (isNarrow() && covered > 0) map.panBy([0, Math.round(covered)], {animate: false});
    if (!shown(kinds.get(thing.kind))) picked.addLayer(thing.marker);
    open(thing.at, placePopup(thing));
    return;
  }
  const line = lines("picked", thing.geometry, thing.mode, 5);
  picked.addLayer(line);
  map.getContainer().classList.add("picked");
  open(at ?? middleOf(thing), servicePopup(thing));
}

function openOther(at, content) {
  close();
  open(at, content);
}

function middleOf(service) {
  const points = latlngs(service.geometry).flat();
  return points[Math.floor(points.length / 2)];
}

function show(thing) {
  close();
  sheet.hidden = !isNarrow();  // it takes its room from what is shown
  if (thing.what === "place") map.setView(thing.at, Math.max(map.getZoom(), 6), {animate: false});
  else map.fitBounds(L.latLngBounds(latlngs(thing.geometry).flat()), {...room(), animate: false});
  pick(thing);
}

// ---------------------------------------------------------------------------------------------- popups

function facts(rows) {
  const list = make("dl");
  for (const [word, content] of rows) {
    if (content !== "" && content !== null) list.append(make("dt", {}, say(word)), make("dd", {}, content));
  }
  return list;
}

const badge = grade => make("span", {class: `badge ${grade.split(" ")[0]}`}, say(grade));
const link = (thing, text) => make("button", {type: "button", class: "link", onclick: () => show(thing)}, text ?? nameOf(thing));
const dot = mode => make("span", {class: "dot", style: `background:${MODES[mode].colour}`});
const roomOf = (capacity, unit) => capacity === null ? say("no_limit") : `${number(capacity)} ${say("unit_" + unit)}`;
const sourceLine = thing => make("p", {class: "source"}, `${say("source")}: ${thing.source}`);
const hereOf = call => say(call.load && call.unload ? "loads_unloads" : call.load ? "loads" : call.unload ? "unloads" : "passes");

function serviceItem(service, detail) {
  return make("li", {}, dot(service.mode), make("span", {}, link(service)), make("span", {}, detail));
}

function placePopup(place) {
  const order = call => call.load || call.unload ? 0 : 1;
  const calls = [...place.calls].sort((one, other) => order(one.call) - order(other.call));
  return make("div", {},
    make("h3", {}, nameOf(place)),
    make("p", {class: "sub"}, [otherName(place), place.id, say(place.kind)].filter(Boolean).join(" · ")),
    facts([
      ["country", [place.country, place.region].filter(Boolean).join(", ")],
      ["unlocode", place.unlocode], ["gauge", place.gauge], ["clock", place.timeZone], ["figures", badge(place.grade)],
    ]),
    make("h4", {}, say("services_here")),
    calls.length
      ? make("ul", {class: "list"}, ...calls.map(({service, call}) => serviceItem(service, hereOf(call))))
      : make("p", {}, say("no_services")),
    place.roads.length ? make("h4", {}, say("roads_here")) : null,
    place.roads.length ? make("ul", {class: "list"}, ...place.roads.map(roadItem)) : null,
    sourceLine(place));
}

function roadItem(road) {
  return make("li", {},
    make("span", {}, link(places.get(road.from)), " → ", link(places.get(road.to))),
    make("span", {}, `${say(road.form)}, ${number(road.km)} km, ${say("hours", {count: number(road.hours)})}`));
}

function roadPopup(both) {
  return make("div", {},
    make("h3", {}, say("road")), make("ul", {class: "list"}, ...both.map(roadItem)),
    facts([["figures", badge(both[0].grade)]]), sourceLine(both[0]));
}

function corridorPopup(corridor) {
  return make("div", {},
    make("h3", {}, say(corridor.mode)),
    make("p", {class: "sub"}, [
      say("services_on_line", {count: number(corridor.services.length)}), say("departures", {count: number(corridor.perWeek)}),
    ].join(" · ")),
    make("ul", {class: "list", style: "margin-top:8px"}, ...corridor.services.map(id => {
      const service = services.get(id);
      return serviceItem(service, say("a_week", {count: number(service.departuresPerWeek)}));
    })));
}

function servicePopup(service) {
  const heads = ["call", "", "hour", "leaves_hour", "day", "room"];
  const rows = service.calls.map(call => make("tr", call.load || call.unload ? {} : {class: "pass"},
    make("td", {}, link(places.get(call.place))), make("td", {}, hereOf(call)),
    make("td", {class: "n"}, number(call.arriveHours)), make("td", {class: "n"}, number(call.departHours)),
    make("td", {class: "n"}, tenths(call.arriveHours / 24)),
    make("td", {class: "n"}, call.capacityOnward === null ? "" : number(call.capacityOnward))));
  return make("div", {},
    make("h3", {}, nameOf(service)),
    make("p", {class: "sub"}, [service.id, say(service.mode), say(service.form)].join(" · ")),
    service.bookable ? null : make("p", {}, make("b", {}, say("reference"))),
    facts([
      ["operator", service.operator], ["product", service.product],
      ["leaves", `${data.leaves[service.id]} (${say("a_week", {count: number(service.departuresPerWeek)})})`],
      ["takes", say("days", {count: tenths(service.days)})],
      ["room", roomOf(service.capacity, service.capacityUnit)],
      ["dangerous", say(service.acceptsDangerousGoods ? "accepted" : "not_accepted")],
      ["open_to", service.shippers.join(", ")], ["figures", badge(service.grade)],
    ]),
    make("table", {class: "calls"},
      make("thead", {}, make("tr", {}, ...heads.map((head, at) => make("th", at > 1 ? {class: "n"} : {}, head ? say(head) : "")))),
      make("tbody", {}, ...rows)),
    sourceLine(service));
}

// ---------------------------------------------------------------------------------------------- labels

const ruler = document.createElement("canvas").getContext("2d");

function placeLabels() {
  const pane = map.getPane("labels");
  pane.replaceChildren();
  const zoom = map.getZoom(), size = map.getSize();
  map.getContainer().classList.toggle("far", zoom < FAR);
  const family = getComputedStyle(map.getContainer()).fontFamily;
  const visible = [...places.values()]
    .filter(place => shown(kinds.get(place.kind)))
    .map(place => ({place, point: map.latLngToContainerPoint(place.at), half: KINDS[place.kind].size / 2 * (zoom < FAR ? 0.78 : 1)}))
    .filter(({point}) => point.x > -20 && point.y > -20 && point.x < size.x + 20 && point.y < size.y + 20);
  const taken = visible.map(({point, half}) => [point.x - half + 1, point.y - half + 1, point.x + half - 1, point.y + half - 1]);
  const isFree = box => taken.every(other => box[2] <= other[0] || box[0] >= other[2] || box[3] <= other[1] || box[1] >= other[3]);
  // No label under the boxes that lie on the map, nor beyond its edge.
  const frame = map.getContainer().getBoundingClientRect();
  for (const box of [document.getElementById("head"), legend, sheet]) {
    const {left, top, right, bottom} = box.getBoundingClientRect();
    taken.push([left - frame.left, top - frame.top, right - frame.left, bottom - frame.top]);
  }
  taken.push([-1e5, -1e5, 2, 1e5], [size.x - 2, -1e5, 1e5, 1e5]);
  visible.sort((one, other) => importance(other.place) - importance(one.place));
  for (const {place, point, half} of visible) {
    if (zoom < labelledFrom(place)) continue;
    const main = KINDS[place.kind].rank >= 4;
    ruler.font = `${main ? 600 : 400} 11px ${family}`;
    const text = nameOf(place), width = Math.ceil(ruler.measureText(text).width) + 2, gap = half + 3;
    const spots = [
      [point.x + gap, point.y - 7], [point.x - gap - width, point.y - 7],
      [point.x - width / 2, point.y - gap - 14], [point.x - width / 2, point.y + gap],
    ];
    const spot = spots.find(([x, y]) => isFree([x - 2, y, x + width + 2, y + 14]));
    if (!spot) continue;
    taken.push([spot[0] - 2, spot[1], spot[0] + width + 2, spot[1] + 14]);
    const label = make("div", {class: main ? "label main leaflet-zoom-hide" : "label leaflet-zoom-hide"}, text);
    L.DomUtil.setPosition(label, map.containerPointToLayerPoint(L.point(spot)).round());
    pane.append(label);
  }
}
map.on("zoomend moveend layeradd layerremove resize", () => {
  cancelAnimationFrame(placeLabels.waits);
  placeLabels.waits = requestAnimationFrame(placeLabels);
});

// ---------------------------------------------------------------------------------------------- legend

const legend = document.getElementById("legend");
legend.open = !isNarrow();
legend.addEventListener("toggle", () => placeLabels());
legend.querySelector("summary").append(say("legend"));
const body = legend.querySelector("div");

function toggle(layer, key, text, count, on) {
  const box = make("input", {type: "checkbox"});
  box.checked = on;
  if (on) layer.addTo(map);
  box.addEventListener("change", () => { if (box.checked) layer.addTo(map); else layer.remove(); });
  body.append(make("label", {}, box, key, make("span", {class: "name"}, text), make("b", {}, number(count))));
}
const count = (things, test) => [...things].filter(test).length;
body.append(make("h2", {}, say("modes")));
for (const [mode, layer] of layers) {
  const many = mode === "road" ? roads.length : count(services.values(), service => service.mode === mode);
  if (many) toggle(layer, modeKey(mode), say(mode), many, mode !== "road");
}
body.append(make("h2", {}, say("kinds")));
for (const [kind, layer] of kinds) {
  const many = count(places.values(), place => place.kind === kind);
  if (many) toggle(layer, kindKey(kind), say(kind), many, true);
}
body.append(make("p", {}, say("width")));

// ---------------------------------------------------------------------------------------------- head and search

document.querySelector("h1").append(say("title"));
document.getElementById("counts").append(say("counts", {
  places: number(places.size), services: number(services.size), roads: number(roads.length),
}));
document.querySelector("footer").append(say("footnote"));

const input = document.querySelector("#search input"), found = document.getElementById("found");
input.placeholder = say("search");
input.setAttribute("aria-label", say("search"));
found.setAttribute("aria-label", say("search"));
const index = [...places.values(), ...services.values()].map(thing => ({
  thing, text: [thing.name, thing.nameZh, thing.id, thing.operator, thing.product, ...(thing.aliases ?? [])].filter(Boolean).join("\n").toLowerCase(),
}));
const MOST = 8;
let results = [], chosen = 0;

function search() {
  const wanted = input.value.trim().toLowerCase();
  const starts = ({text}) => text.split("\n").some(name => name.startsWith(wanted)) ? 0 : 1;
  results = wanted ? index.filter(({text}) => wanted.split(/\s+/).every(word => text.includes(word)))
    .sort((one, other) => starts(one) - starts(other)).slice(0, MOST).map(({thing}) => thing) : [];
  chosen = 0;
  found.replaceChildren(...results.map((thing, at) => {
    const item = make("li", {role: "option", id: `found-${at}`},
      thing.what === "place" ? kindKey(thing.kind) : modeKey(thing.mode),
      make("span", {}, nameOf(thing), make("small", {}, [otherName(thing), thing.id].filter(Boolean).join(" · "))));
    item.addEventListener("pointerdown", event => { event.preventDefault(); take(at); });
    return item;
  }));
  if (wanted && !results.length) found.append(make("li", {}, say("search_none")));
  found.hidden = !wanted;
  input.setAttribute("aria-expanded", String(!found.hidden));
  mark();
}

function mark() {
  [...found.children].forEach((item, at) => item.setAttribute("aria-selected", String(results.length > 0 && at === chosen)));
  if (results.length) input.setAttribute("aria-activedescendant", `found-${chosen}`);
  else input.removeAttribute("aria-activedescendant");
}

function take(at) {
  const thing = results[at];
  if (!thing) return;
  input.value = nameOf(thing);
  found.hidden = true;
  input.setAttribute("aria-expanded", "false");
  show(thing);
}

input.addEventListener("input", search);
input.addEventListener("focus", search);
input.addEventListener("blur", () => { found.hidden = true; input.setAttribute("aria-expanded", "false"); });
input.addEventListener("keydown", event => {
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (step && results.length) {
    event.preventDefault();
    chosen = (chosen + step + results.length) % results.length;
    mark();
  } else if (event.key === "Enter") take(chosen);
  else if (event.key === "Escape") { input.value = ""; search(); }
});

// ---------------------------------------------------------------------------------------------- first view

// Where goods are handed over; capes and straits on the way would make everything else small.
const everything = L.latLngBounds([...places.values()].filter(place => place.kind !== "passage").map(place => place.at));
if (everything.isValid()) map.fitBounds(everything, {...room(), maxZoom: 8});
else map.setView([40, 60], 3);

// An address that ends in #ID opens on that place or service.
function showNamed() {
  const id = decodeURIComponent(location.hash.slice(1));
  const thing = services.get(id) ?? places.get(id);
  if (thing) show(thing);
}
window.addEventListener("hashchange", showNamed);
showNamed();
})();

// The map: stretches as wide as what runs over them, of the batches that the filter shows.
const SEGMENT_WEIGHT = 13;  // of the stretch that carries most, in pixels
const map = L.map("canvas-map", {
  zoomControl: false, attributionControl: false, fadeAnimation: false, zoomSnap: 0.25, zoomDelta: 0.5, scrollWheelZoom: false,
  minZoom: 1, maxZoom: 11, maxBounds: [[-75, -190], [84, 190]], maxBoundsViscosity: 0.7,
});
// The wheel belongs to the page until the map is clicked, as in other long pages with a map.
map.on("click focus", () => map.scrollWheelZoom.enable()).on("mouseout blur", () => map.scrollWheelZoom.disable());
let zoomControl = null;
const PANES = ["land", "edges", "lines", "picked"];
PANES.forEach((name, at) => { map.createPane(name).style.zIndex = 300 + 20 * at; });
map.createPane("labels").style.zIndex = 640;
map.getPane("labels").style.pointerEvents = "none";
const renderers = Object.fromEntries(PANES.map(pane => [pane, L.svg({pane, padding: 0.4})]));
const latlngs = geometry => {
  const backwards = position => L.latLng(position[1], position[0]);
  return geometry.type === "LineString" ? geometry.coordinates.map(backwards) : geometry.coordinates.map(piece => piece.map(backwards));
};
L.geoJSON(data.map.land, {
  interactive: false, pane: "land", renderer: renderers.land,
  style: {fillColor: "#f1f2ed", fillOpacity: 1, fillRule: "evenodd", color: "#c3ccc8", weight: 0.7},
}).addTo(map);
const stretches = data.map.stretches.map(stretch => ({...stretch, points: latlngs(stretch.geometry)}));
const lineLayer = L.layerGroup().addTo(map), placeLayer = L.layerGroup().addTo(map), pickedLayer = L.layerGroup().addTo(map);
const hiddenModes = new Set();
const mapModes = Object.keys(MODES).filter(mode => stretches.some(stretch => stretch.mode === mode));

// What the shown ways bring to every flow.
function carried() {
  const flows = new Map();
  for (const way of shownWays) {
    way.flows.forEach((number, at) => {
      const flow = flows.get(number) ?? {vehicles: 0, services: new Map(), batches: new Map()};
      const {service} = way.legs[at];
      flow.vehicles += way.vehicles;
      if (service) flow.services.set(service, (flow.services.get(service) ?? 0) + way.vehicles);
      flow.batches.set(way.batch, (flow.batches.get(way.batch) ?? 0) + way.vehicles);
      flows.set(number, flow);
    });
  }
  return flows;
}

// A root, so that little streams stay in sight beside great ones.
const weightOf = (vehicles, most) => Math.max(1.2, SEGMENT_WEIGHT * Math.sqrt(vehicles / Math.max(most, 1)));

function drawMap() {
  const flows = carried();
  const loads = stretches.map(stretch => stretch.flows.reduce((sum, flow) => sum + (flows.get(flow)?.vehicles ?? 0), 0));
  const most = greatest(loads, 1);
  map.closePopup();  // it speaks of what was shown before
  lineLayer.clearLayers();
  pickedLayer.clearLayers();
  const drawn = stretches.map((stretch, at) => ({stretch, vehicles: loads[at]}))
    .filter(({stretch, vehicles}) => vehicles && !hiddenModes.has(stretch.mode))
    // Roads below, then the widest first, so that narrow ones lie on top.
    .sort((one, other) => Number(other.stretch.mode === "road") - Number(one.stretch.mode === "road") || other.vehicles - one.vehicles);
  for (const {stretch, vehicles} of drawn) drawStretch(stretch, vehicles, weightOf(vehicles, most), flows);
  drawPlaces();
}

function drawStretch(stretch, vehicles, weight, flows) {
  const {colour, side = 0, thin} = MODES[stretch.mode];
  const shift = side * (weight / 2 + 0.5);
  const common = {pane: "lines", renderer: renderers.lines, lineJoin: "round", lineCap: "round", smoothFactor: 0.5, shift, interactive: false};
  if (!thin) lineLayer.addLayer(new ShiftedLine(stretch.points, {...common, pane: "edges", renderer: renderers.edges, color: "#fff", weight: weight + 1.6, opacity: 0.9}));
  lineLayer.addLayer(new ShiftedLine(stretch.points, {...common, color: colour, weight: thin ? Math.max(1.2, weight * 0.7) : weight, opacity: thin ? 0.6 : 1}));
  lineLayer.addLayer(new ShiftedLine(stretch.points, {...common, interactive: true, opacity: 0, weight: Math.max(weight + 6, 12)})
    .on("click", event => {
      L.DomEvent.stop(event);
      L.popup({maxWidth: 360, minWidth: 230, maxHeight: 340}).setLatLng(event.latlng).setContent(stretchPopup(stretch, vehicles, flows)).openOn(map);
    }));
}

const MOST_LISTED = 14;
function listed(counts, row) {
  const sorted = [...counts].sort((one, other) => other[1] - one[1]);
  return [
    make("ul", {class: "list"}, ...sorted.slice(0, MOST_LISTED).map(([thing, vehicles]) => make("li", {}, row(thing), make("span", {class: "n"}, whole(vehicles))))),
    sorted.length > MOST_LISTED ? make("p", {class: "note"}, say("and_more", {count: whole(sorted.length - MOST_LISTED)})) : null,
  ];
}

function stretchPopup(stretch, vehicles, flows) {
  const byWay = new Map(), byService = new Map(), byBatch = new Map();
  for (const number of stretch.flows) {
    const flow = flows.get(number);
    if (!flow) continue;
    const {from, to} = data.map.flows[number];
    byWay.set(`${nameOf(places[from])} → ${nameOf(places[to])}`, flow.vehicles + (byWay.get(`${nameOf(places[from])} → ${nameOf(places[to])}`) ?? 0));
    for (const [service, count] of flow.services) byService.set(service, (byService.get(service) ?? 0) + count);
    for (const [batch, count] of flow.batches) byBatch.set(batch, (byBatch.get(batch) ?? 0) + count);
  }
  return make("div", {},
    make("h3", {}, modeName(stretch.mode)),
    make("p", {class: "sub"}, say("vehicles_in_batches", {vehicles: counted("vehicles_count", vehicles), batches: counted("batches_count", byBatch.size)})),
    make("h4", {}, say("from_to")), ...listed(byWay, way => make("span", {}, way)),
    ...(byService.size ? [make("h4", {}, say("services")), ...listed(byService, service => make("span", {title: service.name}, service.id))] : []),
    make("h4", {}, say("batches")), ...listed(byBatch, batch => make("button", {type: "button", class: "link", onclick: () => openBatch(batch)}, batch.id)));
}

// Places as large as what they handle, of the batches shown.
function drawPlaces() {
  placeLayer.clearLayers();
  const handled = new Map();
  const count = (place, what, vehicles) => {
    const here = handled.get(place) ?? {leaving: 0, changing: 0, delivered: 0};
    here[what] += vehicles;
    handled.set(place, here);
  };
  for (const way of shownWays) {
    count(way.batch.origin, "leaving", way.vehicles);
    way.legs.slice(0, -1).forEach(leg => count(leg.to, "changing", way.vehicles));
    count(way.batch.destination, "delivered", way.vehicles);
  }
  drawPlaces.shown = [...handled].map(([place, here]) => ({place, here, total: here.leaving + here.changing + here.delivered}))
    .sort((one, other) => other.total - one.total);
  const most = drawPlaces.shown[0]?.total ?? 1;
  for (const spot of drawPlaces.shown) {
    spot.radius = 2.5 + 6 * Math.sqrt(spot.total / most);
    spot.at = L.latLng(spot.place.lat, spot.place.lon);
    const {leaving, changing, delivered} = spot.here;
    const fill = leaving >= changing && leaving >= delivered ? "#22303a" : delivered >= changing ? "#f0e442" : "#fff";
    L.circleMarker(spot.at, {radius: spot.radius, color: "#22303a", weight: 1.2, fillColor: fill, fillOpacity: 1, pane: "markerPane"})
      .on("click", () => L.popup().setLatLng(spot.at).setContent(placePopup(spot)).openOn(map)).addTo(placeLayer);
  }
  labelSoon();
}

const placePopup = ({place, here}) => make("div", {},
  make("h3", {}, nameOf(place)), make("p", {class: "sub"}, [place.id, say(place.kind), place.country].join(" · ")),
  definitions(["leaving", "changing", "delivered"].filter(what => here[what]).map(what => [say(`place_${what}`), counted("vehicles_count", here[what])])));

const ruler = document.createElement("canvas").getContext("2d");
function labelSoon() {
  cancelAnimationFrame(labelSoon.waits);
  labelSoon.waits = requestAnimationFrame(placeLabels);
}

const MOST_NAMES = 34;
// Names of places, those that handle most first, where they hide nothing.
function placeLabels() {
  const pane = map.getPane("labels"), size = map.getSize();
  pane.replaceChildren();
  ruler.font = `600 11px ${getComputedStyle(map.getContainer()).fontFamily}`;
  const spots = drawPlaces.shown.map(spot => ({...spot, point: map.latLngToContainerPoint(spot.at)}));
  const taken = spots.map(({point, radius}) => [point.x - radius, point.y - radius, point.x + radius, point.y + radius]);
  const isFree = box => box[0] > 2 && box[2] < size.x - 2 && box[1] > 2 && box[3] < size.y - 2
    && taken.every(other => box[2] <= other[0] || box[0] >= other[2] || box[3] <= other[1] || box[1] >= other[3]);
  const most = map.getZoom() < 4.5 ? MOST_NAMES : spots.length;
  for (const {place, point, radius} of spots.slice(0, most)) {
    const text = nameOf(place), width = Math.ceil(ruler.measureText(text).width) + 2, gap = radius + 3;
    const corner = [
      [point.x + gap, point.y - 7], [point.x - gap - width, point.y - 7], [point.x - width / 2, point.y - gap - 14], [point.x - width / 2, point.y + gap],
    ].find(([x, y]) => isFree([x, y, x + width, y + 14]));
    if (!corner) continue;
    taken.push([corner[0] - 2, corner[1], corner[0] + width + 2, corner[1] + 14]);
    const label = make("div", {class: "label leaflet-zoom-hide"}, text);
    L.DomUtil.setPosition(label, map.containerPointToLayerPoint(L.point(corner)).round());
    pane.append(label);
  }
}
map.on("zoomend moveend resize", labelSoon);

// The way of a batch, on top of all others.
function pickOnMap(batch) {
  pickedLayer.clearLayers();
  map.getContainer().classList.toggle("picked", Boolean(batch));
  if (!batch) return;
  const own = new Set(batch.ways.flatMap(way => way.flows));
  for (const stretch of stretches) {
    if (!stretch.flows.some(flow => own.has(flow))) continue;
    for (const [color, weight] of [["#fff", 7], [MODES[stretch.mode].colour, 4]]) {
      pickedLayer.addLayer(new ShiftedLine(stretch.points, {pane: "picked", renderer: renderers.picked, color, weight, opacity: 1, interactive: false}));
    }
  }
}

function drawMapWords() {
  zoomControl?.remove();
  zoomControl = L.control.zoom({position: "topleft", zoomInTitle: say("zoom_in"), zoomOutTitle: say("zoom_out")}).addTo(map);
  fillIn("map-legend", ...mapModes.map(mode => {
    const box = make("input", {type: "checkbox", onchange: () => {
      if (box.checked) hiddenModes.delete(mode); else hiddenModes.add(mode);
      drawMap();
    }});
    box.checked = !hiddenModes.has(mode);
    return make("label", {}, box, modeName(mode));
  }), ...[["#22303a", "plant"], ["#fff", "place_changing"], ["#f0e442", "compound"]].map(([colour, word]) =>
    make("span", {class: "key"}, make("span", {class: "spot", style: `background:${colour}`}), say(word))));
}

function fitMap() {
  const spots = drawPlaces.shown ?? [];
  if (spots.length) map.fitBounds(L.latLngBounds(spots.map(spot => spot.at)), {padding: [28, 28], maxZoom: 7, animate: false});
  else map.setView([40, 60], 2);
}
map.setView([40, 60], 3);
redrawn.push(drawMapWords);
filtered.push(drawMap);

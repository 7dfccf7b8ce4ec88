// Batches and their ways as the page works with them: numbers are replaced by what they stand for.
const KINDS = ["ride", "road", "handling", "dwell"], PER = ["vehicle", "box", "part"];
const places = data.lists.places.map(([id, name, nameZh, country, kind, lon, lat]) => ({id, name, nameZh, country, kind, lon, lat}));
const services = data.lists.services.map(([id, name, operator, mode, unit]) => ({id, name, operator, mode, unit}));
const types = data.lists.types.map(([id, name, nameZh]) => ({id, name, nameZh}));
const nameOf = thing => (lang === "zh" && thing.nameZh) || thing.name || thing.id;
const placeName = number => nameOf(places[number]), placeById = new Map(places.map(place => [place.id, place]));

function wayOf(raw, batch, number) {
  const moments = [[raw.moments[0], raw.moments[1]]];
  for (let at = 2; at < raw.moments.length; at += 2) {
    moments.push([moments.at(-1)[0] + raw.moments[at], raw.moments[at + 1]]);
  }
  let from = batch.origin, boxed = raw.stages.length > 0 && raw.stages[0][3] === 1;
  const stages = raw.stages.map(([kind, mode, place, isBoxed, service, day], at) => {
    const stage = {
      kind: KINDS[kind], mode, from, to: places[place], start: moments[at], end: moments[at + 1], wasBoxed: boxed, boxed: isBoxed === 1,
      service: service === undefined ? null : services[service], day: day === undefined ? null : dayOf(day), lines: [], grams: null,
    };
    from = stage.to;
    boxed = stage.boxed;
    return stage;
  });
  for (const [label, stage, per, cents] of raw.lines) {
    const [kind, text] = data.lists.labels[label];
    stages[stage].lines.push({kind, text, per: PER[per], cents});
  }
  for (const [stage, per, grams] of raw.emissions) stages[stage].grams = {per: PER[per], grams};
  const legs = stages.filter(stage => stage.kind === "ride" || stage.kind === "road");
  return {
    ...raw, batch, number, stages, legs, rides: legs.filter(leg => leg.kind === "ride"), leaves: (legs[0] ?? stages[0]).start,
    delivered: moments.at(-1), late: raw.slack < 0,
  };
}

function batchOf(raw, number) {
  const batch = {...raw, number, type: types[raw.type], origin: places[raw.origin], destination: places[raw.destination]};
  batch.ways = raw.ways.map((way, at) => wayOf(way, batch, at));
  const {ways} = batch;
  const sum = value => ways.reduce((total, way) => total + value(way), 0);
  const least = (value, better) => ways.map(value).reduce((one, other) => better(other, one) ? other : one, ways.length ? value(ways[0]) : null);
  batch.leftOut = batch.unplanned ? batch.unplanned.vehicles : 0;
  batch.late = sum(way => way.late ? way.vehicles : 0);
  batch.lateSlow = sum(way => way.lateSlow ? way.vehicles : 0);
  batch.booked = sum(way => way.booked ? way.vehicles : 0);
  batch.boxes = sum(way => way.boxes);
  batch.centsEach = batch.planned ? Math.round(batch.cents / batch.planned) : null;
  batch.gramsEach = batch.planned && batch.grams !== null ? Math.round(batch.grams / batch.planned) : null;
  batch.door = batch.planned ? sum(way => way.vehicles * way.door) / batch.planned : null;
  batch.against = batch.door === null || !batch.baseline || batch.baseline.doorMinutes === null ? null : batch.door - batch.baseline.doorMinutes;
  batch.slack = least(way => way.slack, (one, other) => one < other);
  batch.leaves = least(way => way.leaves, (one, other) => one[0] < other[0]);
  batch.delivered = least(way => way.delivered, (one, other) => one[0] > other[0]);
  // Ways with the same modes in the same order, most vehicles first.
  const chains = new Map();
  for (const way of ways) {
    const modes = way.rides.length ? way.rides.map(ride => ride.mode) : ["road"];
    const key = modes.join(">");
    chains.set(key, {modes, vehicles: (chains.get(key)?.vehicles ?? 0) + way.vehicles});
  }
  batch.chains = [...chains.values()].sort((one, other) => other.vehicles - one.vehicles);
  batch.modes = new Set(ways.map(way => way.mode));
  batch.text = [batch.id, batch.reference, batch.shipper, batch.type, batch.origin, batch.destination, ...ways.flatMap(way => way.rides.map(ride => ride.service))]
    .flatMap(thing => typeof thing === "string" ? [thing] : [thing.id, thing.name, thing.nameZh])
    .filter(Boolean).join("\n").toLowerCase();
  return batch;
}

// Of any number of values, where Math.max takes only so many.
const greatest = (values, least) => values.reduce((one, other) => Math.max(one, other), least);

const batches = data.batches.map(batchOf);
const batchById = new Map(batches.map(batch => [batch.id, batch]));
const hasGrams = data.headline.grams !== null;

// How the plan came about: what one needs to make it again.
function drawRecord() {
  const {record} = data;
  const flat = (name, value) => value !== null && typeof value === "object"
    ? Object.entries(value).flatMap(([key, child]) => flat(name ? `${name}.${key}` : key, child)) : [[name, value === null || value === "" ? NONE : String(value)]];
  const group = (title, value) => make("div", {}, make("h3", {}, say(title)), definitions(flat("", value)));
  const {status, stoppedBy, planSha256, inputs, terms, options, versions, seconds, counts} = record;
  fillIn("again", say("again"), make("pre", {}, data.command), make("p", {class: "note"}, say("again_note", {sha: inputs.batchesSha256 ? inputs.batchesSha256.slice(0, 12) : NONE})));
  const {proof} = data.headline;
  fillIn("record-lists",
    make("div", {}, make("h3", {}, say("proof")), definitions([
      [say("status"), status], [say("stopped_by"), stoppedBy ?? NONE], [say("value"), objectiveValue(proof.value)], [say("penalty"), objectiveValue(proof.penalty)],
      [say("box_bound"), objectiveValue(proof.bound)], [say("lp_bound"), objectiveValue(proof.lpBound)], [say("gap"), proof.gap ?? NONE],
    ])),
    group("hashes", {plan: planSha256, ...inputs}), group("terms", terms), group("options", options), group("versions", versions),
    group("seconds", seconds), group("counts", counts));
}
redrawn.push(drawRecord);

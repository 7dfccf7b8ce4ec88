// Elements of the page. Names come from files that anybody may have written: they are set as text, never as HTML.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") element.style.cssText = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== ""));
  return element;
}

const byId = id => document.getElementById(id);
const fillIn = (id, ...children) => byId(id).replaceChildren(...children.filter(Boolean));

const modeDot = mode => make("span", {class: "dot", style: `background:${MODES[mode].colour}`, "aria-hidden": "true"});
const modeName = mode => make("span", {class: "mode"}, modeDot(mode), say(mode));

// Modes one after the other; what a mark stands for is read out and shown on hover.
function chainMarks(modes) {
  const text = modes.map(mode => say(mode)).join(" › ");
  return make("span", {class: "chain", title: text}, ...modes.flatMap((mode, at) =>
    [at ? make("i", {"aria-hidden": "true"}, "›") : null, modeName(mode)].filter(Boolean)));
}

// A bar behind a share, 0 to 1; the figure stands beside it.
const bar = (share, colour = "var(--bar)") => make("span", {class: "bar", "aria-hidden": "true"},
  make("span", {style: `width:${Math.max(0, Math.min(1, share)) * 100}%;background:${colour}`}));

// heads: text, and what the column holds: true for figures, "bars" for bars.
function simpleTable(heads, rows, {foot = null, caption = null} = {}) {
  const cell = (tag, content, figure) => make(tag, {class: figure === true ? "n" : figure || null}, content ?? "");
  return make("div", {class: "scroll"}, make("table", {class: "plain"},
    caption ? make("caption", {}, caption) : null,
    make("thead", {}, make("tr", {}, ...heads.map(([text, figure]) => {
      const head = cell("th", text, figure);
      head.scope = "col";
      return head;
    }))),
    make("tbody", {}, ...rows.map(row => make("tr", {}, ...row.map((content, at) => cell("td", content, heads[at][1]))))),
    foot ? make("tfoot", {}, make("tr", {}, ...foot.map((content, at) => cell("td", content, heads[at][1])))) : null));
}

function definitions(rows) {
  return make("dl", {}, ...rows.filter(([, content]) => content !== "" && content !== null && content !== undefined)
    .flatMap(([word, content]) => [make("dt", {}, word), make("dd", {}, content)]));
}

function choice(label, options, value, changed) {
  const select = make("select", {"aria-label": label, onchange: () => changed(select.value)},
    ...options.map(([key, text]) => make("option", {value: key}, text)));
  select.value = value;
  return make("label", {class: "choice"}, make("span", {}, label), select);
}

function save(name, text, type = "text/csv;charset=utf-8") {
  const address = URL.createObjectURL(new Blob(["\ufeff", text], {type}));
  const link = make("a", {href: address, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

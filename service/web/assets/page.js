"use strict";

// Map and charts are fetched and drawn once they come near to what is seen; all they show stands in tables, too.
(() => {
  const host = document.querySelector("[data-charts]");
  if (!host) return;
  const told = host.querySelector("[role=status]");

  const run = address => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", done);
    script.addEventListener("error", () => failed(new Error(address)));
    document.head.append(script);
  });
  const read = async address => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  };
  const isPlain = part => part !== null && typeof part === "object" && !Array.isArray(part);
  const layOver = (first, rest) => {
    const both = {...first};
    for (const [name, part] of Object.entries(rest)) both[name] = isPlain(both[name]) && isPlain(part) ? layOver(both[name], part) : part;
    return both;
  };

  async function draw() {
    const {charts, words, land, shown, rows} = host.dataset;
    told.textContent = told.dataset.loading;
    try {
      const parts = Promise.all([shown, rows, words, ...(land ? [land] : [])].map(read));
      for (const address of charts.split(" ")) await run(address);
      const [first, rest, say, area] = await parts;
      const lang = document.documentElement.lang.slice(0, 2);
      let data = {comparison: null, batches: [], ...layOver(first, rest), lang, words: say};
      if (area) data = layOver(data, {map: {land: area}});
      document.body.classList.add("drawn");
      window.showReport(data);
      told.textContent = "";
    } catch (error) {
      document.body.classList.remove("drawn");
      told.textContent = told.dataset.failed;
      console.error(error);
    }
  }

  let drawing;
  const drawOnce = () => {
    nears.disconnect();
    drawing ??= draw();
    return drawing;
  };
  const nears = new IntersectionObserver(entries => {
    if (entries.some(entry => entry.isIntersecting)) drawOnce();
  }, {rootMargin: "300px"});
  nears.observe(host);

  // A link to what is not drawn yet leads nowhere before it is.
  const follow = async () => {
    const aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!aim?.closest(".drawn-only")) return;
    await drawOnce();
    aim.scrollIntoView();
  };
  window.addEventListener("hashchange", follow);
  follow();
})();

// A table of many rows: sorted by any column, a page of rows at a time, saved and copied as CSV, printed whole.
const PAGE = 50;
const pagedTables = [];

// Text that a spreadsheet would take for a formula gets an apostrophe before it.
const FORMULA = /^(?:[\t\r\n]|[\s"']*[=+\-@＝＋－＠])/;
function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
const csvText = (columns, rows) => [
  columns.map(column => csvCell(column.head())).join(","), ...rows.map(row => columns.map(column => csvCell((column.csv ?? column.value)(row))).join(",")),
].join("\n") + "\n";

// Headings, and values as a CSV has them.
const money2 = cents => cents === null ? null : cents / 100;
const two = value => value === null ? null : Math.round(value * 100) / 100;
const inDays = minutes => minutes === null ? null : two(minutes / 1440);
const word = (key, values = () => ({})) => () => say(key, values());

// columns: {key, head, value(row) to sort by, show(row) to see, csv(row) to save, figure, minor: left out on paper}
class PagedTable {
  constructor(id, file, columns, rows, {sort = null, down = false, detail = null, hover = null} = {}) {
    Object.assign(this, {id, file, columns, rows, sort, down, detail, hover, page: 0, isWhole: false, open: new Set()});
    pagedTables.push(this);
    redrawn.push(() => this.draw());
  }

  sorted() {
    const rows = [...this.rows()], column = this.columns.find(({key}) => key === this.sort);
    if (!column) return rows;
    const order = new Map(rows.map((row, at) => [row, at])), none = value => value === null || value === undefined || value === "";
    const collator = new Intl.Collator(lang, {numeric: true});
    const compare = (one, other) => typeof one === "number" && typeof other === "number" ? one - other : collator.compare(String(one), String(other));
    return rows.sort((one, other) => {
      const [here, there] = [column.value(one), column.value(other)];
      // Nothing comes last, whichever way.
      if (none(here) || none(there)) return none(here) - none(there) || order.get(one) - order.get(other);
      return (this.down ? -1 : 1) * compare(here, there) || order.get(one) - order.get(other);
    });
  }

  draw() {
    const host = byId(this.id), rows = this.sorted(), columns = this.columns.filter(column => !column.onlyCsv);
    const pages = Math.max(1, Math.ceil(rows.length / PAGE));
    this.page = Math.min(this.page, pages - 1);
    const first = this.isWhole ? 0 : this.page * PAGE, shown = this.isWhole ? rows : rows.slice(first, first + PAGE);
    const scroll = make("div", {class: "scroll tall", tabindex: "0", role: "region", "aria-label": say(this.file)}, make("table", {},
      make("thead", {}, make("tr", {}, ...columns.map(column => this.headCell(column)))),
      make("tbody", {}, ...shown.flatMap(row => this.bodyRows(row, columns)))));
    host.replaceChildren(scroll, this.bar(rows, pages, first, shown.length));
  }

  headCell(column) {
    const sorted = this.sort === column.key;
    return make("th", {scope: "col", class: classes(column), "aria-sort": sorted ? (this.down ? "descending" : "ascending") : null},
      this.isWhole ? column.head() : make("button", {type: "button", title: column.hint?.(), onclick: () => {
        this.down = sorted ? !this.down : Boolean(column.down);
        this.sort = column.key;
        this.page = 0;
        this.draw();
        byId(this.id).querySelectorAll("th button")[this.columns.filter(one => !one.onlyCsv).indexOf(column)].focus();
      }}, column.head()));
  }

  bodyRows(row, columns) {
    const isOpen = this.open.has(row);
    const cells = columns.map((column, at) => {
      const content = (column.show ?? column.value)(row) ?? NONE;
      if (at || !this.detail) return make("td", {class: classes(column)}, content);
      return make("td", {class: classes(column)}, make("button", {type: "button", class: "opens", "aria-expanded": String(isOpen), onclick: () => this.toggle(row)}, content));
    });
    const found = [make("tr", this.hover ? {onmouseenter: () => this.hover(row), onmouseleave: () => this.hover(null)} : {}, ...cells)];
    if (isOpen) found.push(make("tr", {class: "detail"}, make("td", {colspan: String(columns.length)}, this.detail(row))));
    return found;
  }

  toggle(row) {
    if (!this.open.delete(row)) this.open.add(row);
    const at = byId(this.id).querySelector(".scroll"), {scrollTop, scrollLeft} = at;
    this.draw();
    Object.assign(byId(this.id).querySelector(".scroll"), {scrollTop, scrollLeft});
    const number = this.sorted().indexOf(row) - (this.isWhole ? 0 : this.page * PAGE);
    byId(this.id).querySelectorAll("button.opens")[number]?.focus({preventScroll: true});
  }

  // Opens a row wherever it stands, and brings it into sight.
  reveal(row) {
    const at = this.sorted().indexOf(row);
    if (at < 0) return;
    this.page = Math.floor(at / PAGE);
    this.open.add(row);
    this.draw();
    const button = byId(this.id).querySelectorAll("button.opens")[at - this.page * PAGE];
    button.scrollIntoView({block: "center"});
    button.focus({preventScroll: true});
  }

  bar(rows, pages, first, shown) {
    const turn = (step, word, off) => make("button", {type: "button", class: "quiet", disabled: off ? "" : null, onclick: () => {
      this.page += step;
      this.draw();
    }}, say(word));
    const copied = make("span", {role: "status", class: "note"});
    return make("div", {class: "bar-below"},
      make("span", {class: "range"}, rows.length ? say("range", {first: whole(first + 1), last: whole(first + shown), all: whole(rows.length)}) : say("none")),
      pages > 1 && !this.isWhole ? turn(-1, "earlier", this.page === 0) : null, pages > 1 && !this.isWhole ? turn(1, "later", this.page === pages - 1) : null,
      make("span", {class: "space"}), copied,
      make("button", {type: "button", class: "quiet", onclick: async () => {
        try {
          await navigator.clipboard.writeText(csvText(this.columns, rows));
          copied.textContent = say("copied");
        } catch {
          copied.textContent = say("not_copied");
        }
      }}, say("copy_csv")),
      make("button", {type: "button", class: "quiet", onclick: () => save(`${this.file}.csv`, csvText(this.columns, rows))}, say("save_csv")));
  }
}
const classes = column => [column.figure ? "n" : "", column.minor ? "minor" : "", column.wide ? "wide" : ""].filter(Boolean).join(" ") || null;

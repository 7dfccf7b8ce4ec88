// Words and figures in the language of the moment. Nothing here is HTML. Who runs the program gives it `data`.
let lang = data.lang;

const say = (key, values = {}) =>
  (data.words[lang][key] ?? key.replaceAll("_", " ")).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
const isWord = key => key in data.words[lang];

// What has to be drawn anew in another language, in the order in which it stands on the page.
const redrawn = [];
function speak(other) {
  lang = other;
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
  redrawn.forEach(draw => draw());
}

const NONE = "–";
const formats = new Map();
function decimals(value, least, most = least) {
  const key = `${lang}${least}${most}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat(lang, {minimumFractionDigits: least, maximumFractionDigits: most}));
  }
  return formats.get(key).format(value).replace(/^-/, "\u2212");
}
const orNone = show => value => value === null || value === undefined ? NONE : show(value);

const whole = orNone(value => decimals(value, 0));
const tenths = orNone(value => decimals(value, 1));
const plainNumber = orNone(value => decimals(value, 0, 2));
const moneyWhole = orNone(cents => decimals(cents / 100, 0));
const moneyExact = orNone(cents => decimals(cents / 100, 2));
const withCurrency = cents => `${moneyWhole(cents)} ${data.currency}`;
const kilograms = orNone(grams => decimals(grams / 1000, 0));
const tonnes = orNone(grams => decimals(grams / 1e6, 1));
const days = orNone(minutes => decimals(minutes / 1440, 1));
const signed = show => value => value === null || value === undefined ? NONE : value > 0 ? `+${show(value)}` : show(value);
// A number with its noun: 1 batch, 2 batches.
const counted = (key, count) => say(count === 1 && isWord(`${key}_one`) ? `${key}_one` : key, {count: whole(count)});
// All and none are said of all and none only.
function percentOf(part, total) {
  if (!total) return NONE;
  const share = Math.round(1000 * part / total) / 10;
  if (part && !share) return "<0.1 %";
  return part !== total && share === 100 ? ">99.9 %" : `${decimals(share, 1)} %`;
}

// A moment is minutes since 1970 and the offset of the local clock.
const clock = (minutes, offset) => new Date((minutes + offset) * 60000).toISOString();
const dayText = ([minutes, offset]) => clock(minutes, offset).slice(0, 10);
const timeText = ([minutes, offset]) => clock(minutes, offset).slice(0, 16).replace("T", " ");
const dayOf = number => new Date(number * 86400000).toISOString().slice(0, 10);

// A value of the objective: money, vehicle-days, or mass of CO2e.
function objectiveValue(value) {
  if (value === null) return NONE;
  const {unit} = data.headline.proof;
  if (unit === "cents") return withCurrency(value);
  if (unit === "grams") return say("kg", {count: kilograms(value)});
  return say("vehicle_days", {count: days(value)});
}

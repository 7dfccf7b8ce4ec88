// What charts share: letters, axes, shades of mass.
const chartFont = getComputedStyle(document.body).fontFamily;
const axisStyle = {nameTextStyle: {color: "#5d6b75"}, axisLabel: {color: "#5d6b75", hideOverlap: true, formatter: number => decimals(number, 0, 1)}, axisLine: {show: true, lineStyle: {color: "#aab4bb"}}, splitLine: {lineStyle: {color: "#edf0f2"}}};
const moneyAxis = name => ({type: "value", name, nameLocation: "end", nameGap: 12, ...axisStyle, nameTextStyle: {color: "#5d6b75", align: "left"}});
const daysAxis = () => ({type: "value", name: say("days_door"), nameLocation: "middle", nameGap: 28, ...axisStyle});

const SHADES = ["#2c7fb8", "#7fcdbb", "#fee08b", "#fc8d59", "#b2182b"];
const shadeOf = (grams, least, most) => {
  const at = most > least ? Math.max(0, Math.min(1, (grams - least) / (most - least))) * (SHADES.length - 1) : 0;
  const step = Math.min(Math.floor(at), SHADES.length - 2), rest = at - step;
  const mix = place => [1, 3, 5].map(digit => parseInt(SHADES[place].slice(digit, digit + 2), 16));
  return `rgb(${mix(step).map((value, channel) => Math.round(value + rest * (mix(step + 1)[channel] - value))).join(",")})`;
};

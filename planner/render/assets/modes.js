"use strict";

// Colours after Okabe and Ito, told apart by all eyes; dashes tell modes apart that often run side by side.
// Ships that share a lane are drawn beside each other: side 1 is right of the way they go, -1 left.
const MODES = {
  rail: {colour: "#d55e00"},
  barge: {colour: "#00805e"},
  roro: {colour: "#0072b2", side: -1},
  container_ship: {colour: "#a2307f", dash: "9 5", side: 1},
  truck: {colour: "#b07d00", dash: "5 4"},
  air: {colour: "#5b5f97", dash: "2 6"},
  other: {colour: "#555555", dash: "5 3 1 3"},
  road: {colour: "#7a7f83", thin: true},
};

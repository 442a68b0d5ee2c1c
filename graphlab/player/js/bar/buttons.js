// What the player's buttons are called, look like and answer to.

export const SPEEDS = [0.5, 1, 2, 4];

/** @type {Record<string, string>} */
export const ICONS = {
  first: "M6 5v14 M19 5l-9 7 9 7z",
  back: "M15 5l-9 7 9 7z",
  play: "M7 4.5l12 7.5-12 7.5z",
  pause: "M8 5v14 M16 5v14",
  next: "M9 5l9 7-9 7z",
  last: "M18 5v14 M5 5l9 7-9 7z",
  zoom_out: "M5 12h14",
  zoom_in: "M5 12h14 M12 5v14",
  fit: "M4 9V4h5 M15 4h5v5 M20 15v5h-5 M9 20H4v-5",
  legend: "M4.5 6h4v4h-4z M12 8h8 M6.5 14.5a2.2 2.2 0 1 0 .01 0 M12 17h8",
  download: "M12 4v11 M7 10.5l5 5 5-5 M5 20h14",
  present: "M3 5h18v12H3z M9 21h6 M12 17v4",
  explain: "M4 5h16v14H4z M13 5v14 M16 9h2 M16 12h2",
  leave: "M6 6l12 12 M18 6L6 18",
};

/** @type {Record<string, string>} */
export const KEYS = {
  first: "Home", back: "←", play: "", next: "→", last: "End", present: "P", zoom_in: "+", zoom_out: "-", fit: "0", explain: "E",
};

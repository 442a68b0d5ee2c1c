// Dark or light, as the page around the player is.

/**
 * Dark or light, by the page's own background in Streamlit, by the reader's preference elsewhere.
 * @param {Element} root
 */
export function themeAround(root) {
  const background = getComputedStyle(root).getPropertyValue("--st-background-color").trim();
  const luminance = luminanceOf(background);
  if (luminance !== null) return luminance < 0.4 ? "dark" : "light";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** The relative luminance of a CSS colour, or null where there is none. @param {string} colour */
function luminanceOf(colour) {
  if (!colour || !CSS.supports("color", colour)) return null;
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return null;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((v) => (v / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// Text of SVG and MathML into elements, through an allow-list: nothing that runs, loads or styles gets in.

const SVG_NS = "http://www.w3.org/2000/svg";
const MATH_NS = "http://www.w3.org/1998/Math/MathML";

const words = (/** @type {string} */ text) => new Set(text.trim().split(/\s+/));

const SVG_ELEMENTS = words(`
  svg g defs symbol use path rect circle ellipse line polyline polygon text tspan title desc marker clipPath mask
  pattern linearGradient radialGradient stop`);

const SVG_ATTRIBUTES = words(`
  id class role tabindex lang viewBox preserveAspectRatio x y x1 y1 x2 y2 cx cy r rx ry d dx dy width height points
  transform href fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset
  stroke-linecap stroke-linejoin opacity font-family font-size font-weight font-style text-anchor dominant-baseline
  textLength lengthAdjust letter-spacing pathLength marker-start marker-mid marker-end markerWidth markerHeight
  markerUnits refX refY orient overflow clip-path mask offset stop-color stop-opacity gradientUnits
  gradientTransform patternUnits paint-order vector-effect shape-rendering xml:space`);

const MATH_ELEMENTS = words(`
  math mrow mi mn mo ms mtext mspace msub msup msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd
  mstyle mpadded mphantom menclose merror mmultiscripts mprescripts none`);

const MATH_ATTRIBUTES = words(`
  class display displaystyle scriptlevel mathvariant stretchy fence separator form lspace rspace accent accentunder
  minsize maxsize largeop movablelimits symmetric linethickness width height depth voffset columnalign rowalign
  columnspacing rowspacing columnlines rowlines align notation intent`);

/**
 * Is this attribute harmless? References may only point into the document itself.
 * @param {string} name @param {string} value @param {Set<string>} allowed
 */
function isSafeAttribute(name, value, allowed) {
  if (name === "xlink:href") name = "href";
  if (!allowed.has(name) && !/^(data|aria)-[\w-]+$/.test(name)) return false;
  if (name === "href") return value.startsWith("#");
  return !value.includes("(") || !/url\s*\(\s*['"]?\s*[^#'"\s]/i.test(value);
}

/**
 * @param {string} source @param {DOMParserSupportedType} type @param {string} namespace
 * @param {Set<string>} elements @param {Set<string>} attributes
 */
function parse(source, type, namespace, elements, attributes) {
  const parsed = new DOMParser().parseFromString(source, type);
  const top = parsed.documentElement;
  if (top.namespaceURI !== namespace || parsed.querySelector("parsererror")) return null;
  const every = [top, ...top.querySelectorAll("*")];
  for (const element of every) {
    if (element.namespaceURI !== namespace || !elements.has(element.localName)) {
      element.remove();
      continue;
    }
    for (const name of element.getAttributeNames()) {
      if (name.startsWith("xmlns")) continue;
      if (!isSafeAttribute(name, element.getAttribute(name) ?? "", attributes)) element.removeAttribute(name);
    }
  }
  return elements.has(top.localName) ? document.adoptNode(top) : null;
}

/** @param {string} source @returns {SVGSVGElement | null} null where it is not well-formed SVG */
export function svgFrom(source) {
  return /** @type {?SVGSVGElement} */ (/** @type {?Element} */ (parse(source, "image/svg+xml", SVG_NS, SVG_ELEMENTS, SVG_ATTRIBUTES)));
}

/** @param {string} source @returns {Element | null} null where it is not well-formed MathML */
export function mathFrom(source) {
  return parse(source, "application/xml", MATH_NS, MATH_ELEMENTS, MATH_ATTRIBUTES);
}

/**
 * An element with attributes and children; `text` strings become text nodes.
 * @template {keyof HTMLElementTagNameMap} N
 * @param {N} name @param {Record<string, string | number>} attributes @param {(Node | string)[]} children
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/**
 * The same for SVG.
 * @template {keyof SVGElementTagNameMap} N
 * @param {N} name @param {Record<string, string | number>} attributes @param {(Node | string)[]} children
 * @returns {SVGElementTagNameMap[N]}
 */
export function makeSvg(name, attributes = {}, ...children) {
  const element = /** @type {SVGElementTagNameMap[N]} */ (document.createElementNS(SVG_NS, name));
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** The first shape of a picture that a selector finds. @param {ParentNode} within @param {string} selector @returns {?SVGGraphicsElement} */
export const shapeIn = (within, selector) => within.querySelector(selector);

/** All of them. @param {ParentNode} within @param {string} selector @returns {NodeListOf<SVGGraphicsElement>} */
export const shapesIn = (within, selector) => within.querySelectorAll(selector);

/** An attribute, "" where it is missing. @param {Element} element @param {string} name */
export const attribute = (element, name) => element.getAttribute(name) ?? "";

/** Every element of a page's part that a selector finds. @param {ParentNode} within @param {string} selector @returns {NodeListOf<HTMLElement>} */
export const elementsIn = (within, selector) => within.querySelectorAll(selector);

// @ts-check
/**
 * What can stand in an element; lists are laid flat, nothing stands for nothing.
 * @typedef {Node | string | number | null | undefined | false | any[]} Child
 */

/**
 * `el("button.primary", { onclick }, "去支付")`. Text is always text, never markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag | `${Tag}.${string}`} selector tag and classes
 * @param {Record<string, unknown> | null} [props] properties (`on…`, `disabled`, …), or attributes where the name has a dash
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(selector, props = null, ...children) {
  const [tag, ...classes] = selector.split(".");
  const node = document.createElement(/** @type {string} */ (tag));
  if (classes.length > 0) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null) continue;
    if (name.includes("-") || name === "role" || name === "for") node.setAttribute(name, String(value));
    else Object.assign(node, { [name]: value });
  }
  add(node, children);
  return /** @type {HTMLElementTagNameMap[Tag]} */ (node);
}

/** @param {Element} parent @param {Child[]} children */
export function add(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) add(parent, child);
    else parent.append(child instanceof Node ? child : String(child));
  }
}

/** @param {Element} parent @param {...Child} children */
export function fill(parent, ...children) {
  parent.replaceChildren();
  add(parent, children);
}

/** Strokes on a field of 24 × 24. @type {Record<string, string>} */
const strokes = {
  home: "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9",
  bill: "M6.5 4.5h11V20l-2.75-1.7L12 20l-2.75-1.7L6.5 20zM9.5 9h5M9.5 12.5h5",
  gift: "M4.5 9.5h15v3.5h-15zM6 13v6.5h12V13M12 9.5v10M12 9.5C9 9.5 7.5 8.3 7.5 6.9c0-2.6 4.5-2.6 4.5 2.6 0-5.2 4.5-5.2 4.5-2.6 0 1.4-1.5 2.6-4.5 2.6",
  bell: "M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5zM10 20.5h4",
  ticket: "M4 8h16v3a1.8 1.8 0 0 0 0 3.6V18H4v-3.4A1.8 1.8 0 0 0 4 11zM14.5 8v2M14.5 12v2M14.5 16v2",
  purse: "M4.5 8h13a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2zM4.5 8l10-3.5V8M15.5 13.5h.1",
  receipt: "M5.5 4.5h13v15h-13zM8.5 8.5h7M8.5 12h7M8.5 15.5h4",
  star: "m12 4.5 2.3 4.8 5.2.7-3.8 3.6.9 5.2-4.6-2.5-4.6 2.5.9-5.2L4.5 10l5.2-.7z",
  next: "m9.5 5.5 6.5 6.5-6.5 6.5",
  back: "M14.5 5 7.5 12l7 7",
  down: "m6.5 9.5 5.5 5.5 5.5-5.5",
  check: "m5.5 12.5 4.5 4.5 8.5-9.5",
  clock: "M12 4.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15M12 8v4.3l2.8 1.7",
  phone: "M8.3 4.5 10 8.6 8.2 10.2c.9 2.3 2.9 4.4 5.4 5.5l1.7-1.7 4.2 1.7v3c0 .6-.4 1-1 1C10.8 19.3 4.7 13.2 4.5 5.5c0-.6.4-1 1-1z",
  bulb: "M9.5 18.5h5M10.3 21h3.4M8.8 15.5C7.3 14.4 6.5 12.8 6.5 11a5.5 5.5 0 0 1 11 0c0 1.8-.8 3.4-2.3 4.5-.4.3-.7.8-.7 1.3h-5c0-.5-.3-1-.7-1.3",
  info: "M12 4.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15M12 11v5M12 8v.1",
  close: "m6 6 12 12M18 6 6 18",
  erase: "M9 6.5h10.5v11H9L4 12zM12 10l4 4M16 10l-4 4",
  wifi: "M4 9.5a12 12 0 0 1 16 0M6.8 12.8a8 8 0 0 1 10.4 0M9.5 16a4 4 0 0 1 5 0M12 19v.1",
  swap: "M5 9h13l-3.5-3.5M19 15H6l3.5 3.5",
  plus: "M12 5.5v13M5.5 12h13",
  shield: "m12 4.5 6.5 2.3v5c0 3.8-2.6 6.7-6.5 8.2-3.9-1.5-6.5-4.4-6.5-8.2v-5zM9 12l2.2 2.2L15.2 10",
  dots: "M6 12v.1M12 12v.1M18 12v.1",
};

/** @param {string} name @param {string} [className] */
export function icon(name, className = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", strokes[name] ?? "");
  svg.append(path);
  return svg;
}

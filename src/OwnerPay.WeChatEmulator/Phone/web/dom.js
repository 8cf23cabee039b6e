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
  people: "M9 11.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4M3 19.5c.3-3.6 2.7-5.4 6-5.4s5.7 1.8 6 5.4M15.5 5.4a3.1 3.1 0 0 1 .6 6M17.5 14.5c2 .7 3.2 2.4 3.5 5",
  horn: "M4.5 10v4.5h3.5l7.5 4V6l-7.5 4zM18 9.5c1.6 1.4 1.6 4 0 5.4M9 15l1 4.5",
  calendar: "M4.5 6.5h15v13h-15zM4.5 10.5h15M8.5 4.5v4M15.5 4.5v4M8.5 14h3M8.5 16.7h6",
  survey: "M6 4.5h12v15H6zM9 9l1 1 2-2M14 9.2h1.5M9 14l1 1 2-2M14 14.2h1.5",
  medal: "M12 20a5 5 0 1 0 0-10 5 5 0 0 0 0 10M9 10.7 6.5 4.5h4l1.5 3.2 1.5-3.2h4L15 10.7",
  cup: "M8 4.5h8v5a4 4 0 0 1-8 0zM8 6H5c0 3 1 4.5 3.3 4.8M16 6h3c0 3-1 4.5-3.3 4.8M12 13.5v3M8.5 19.5h7c0-2-1.5-3-3.5-3s-3.5 1-3.5 3",
  clip: "m8.5 12.5 5.5-5.5a2.5 2.5 0 0 1 3.6 3.6l-7 7a4.1 4.1 0 0 1-5.8-5.8L12 4.6",
  car: "M4.5 16.5v-4l2-5h11l2 5v4zM4.5 12.5h15M6.5 16.5v2M17.5 16.5v2M8 14.5h.1M16 14.5h.1",
  tool: "M14.5 6a3.8 3.8 0 0 0 4.9 4.9L11 19.3a1.9 1.9 0 0 1-2.7 0l-3.6-3.6M14.5 6 5 15.5M14.5 6l2.5-1.5",
  link: "M10 14a3.5 3.5 0 0 0 5 0l3.5-3.5a3.5 3.5 0 0 0-5-5L12.3 6.7M14 10a3.5 3.5 0 0 0-5 0l-3.5 3.5a3.5 3.5 0 0 0 5 5l1.2-1.2",
  dots: "M6 12v.1M12 12v.1M18 12v.1",
};

/** The tags that the service writes into notices and events; none of them needs an attribute. */
const plainTags = new Set(["H2", "H3", "P", "UL", "OL", "LI", "BLOCKQUOTE", "HR", "BR", "STRONG"]);

/** `<rich-text nodes="…">`: what the service wrote, with nothing in it but these few tags and text. @param {string} html */
export function rich(html) {
  /** @param {Node} from @param {Element} to */
  const copy = (from, to) => {
    for (const child of from.childNodes) {
      const known = child instanceof Element && plainTags.has(child.tagName);
      if (known) {
        const made = document.createElement(child.tagName);
        copy(child, made);
        to.append(made);
      } else to.append(child.textContent ?? "");
    }
  };
  const view = el("div.rich");
  copy(new DOMParser().parseFromString(html, "text/html").body, view);
  return view;
}

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

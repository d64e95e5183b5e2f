// Building elements, and keeping the focus where the person left it.

/** An element: `h("p", {class: "x", onclick}, "text", child)`. Texts are texts; only `html` takes markup, and only the server's. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "html") element.innerHTML = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string" && !name.startsWith("aria")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

let count = 0;

/** An id for a label to point at. */
export const freshId = (prefix) => `${prefix}-${++count}`;

/** A random name for a thing; `crypto.randomUUID` is missing where a page comes over plain http from another computer. */
export const uuid = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Puts `nodes` into `parent` in this order, touching only what is not yet in its place, so that focus and reading stay. */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, i) => {
    if (parent.childNodes[i] !== node) parent.insertBefore(node, parent.childNodes[i] ?? null);
  });
}

/** Runs `change`; if that removed the focused element from `region`, focus goes to its successor, else to `fallback`. */
export function keepFocus(region, change, fallback) {
  const before = document.activeElement;
  const line = before?.dataset?.line;
  const held = region.contains(before);
  const article = before?.closest?.("[data-entry]")?.dataset.entry;
  change();
  if (!held || before.isConnected) return;
  const same = article && region.querySelector(`[data-entry="${CSS.escape(article)}"]`);
  const again = same && line && same.querySelector(`[data-line="${CSS.escape(line)}"]`);
  (again || same?.querySelector("button:not(.own button)") || same || fallback)?.focus({ preventScroll: true });
}

/** Shows that something is under way, and that pressing again does nothing. */
export function busy(element, on) {
  if (on) {
    element.setAttribute("aria-busy", "true");
    element.setAttribute("aria-disabled", "true");
  } else {
    element.removeAttribute("aria-busy");
    element.removeAttribute("aria-disabled");
  }
}

/** Text boxes fit what is in them; most browsers do it by `field-sizing`, this is for the others. */
if (!CSS.supports("field-sizing", "content")) {
  document.addEventListener("input", ({ target }) => {
    if (!target.matches("textarea")) return;
    target.style.height = "auto";
    target.style.height = `${target.scrollHeight + 2}px`;
  });
}

/** A row of radio buttons that looks like one switch. */
export function segments(fieldset, name, options, chosen, choose) {
  fieldset.replaceChildren(
    fieldset.querySelector("legend"),
    ...Object.entries(options).map(([value, label]) =>
      h("label", {}, h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => choose(value) }), label),
    ),
  );
}

// Discord's components as elements: the ones that are really sent. Texts come as safe fragments, labels go in as texts.

import { openMenu, press } from "./actions.js";
import { h } from "./dom.js";

const TEXT = 10;
const STYLES = { 1: "primary", 2: "plain", 3: "plain", 4: "danger" };

/** The components of one message. `hide` leaves out buttons by their line. */
export function drawComponents(components, at) {
  return components.flatMap((component) => drawers[component.type]?.(component, at));
}

const drawers = {
  1: ({ components }, at) => {
    const shown = components.map((component) => control(component, at)).filter(Boolean);
    return shown.length ? h("div", { class: "buttons", role: "group", "aria-label": "What you can do" }, shown) : null;
  },
  9: ({ components, accessory }, at) => h("div", { class: "section" }, drawComponents(components, at), drawComponents([accessory], at)),
  [TEXT]: ({ html }) => h("div", { class: "text prose", html }),
  12: ({ items }, { chart }) => items.map(({ description }) => h("figure", { class: "chart" }, h("img", { src: chart, alt: description, loading: "lazy" }))),
  14: ({ divider }) => h(divider ? "hr" : "div", { class: "gap" }),
  17: ({ components }, at) => h("div", { class: "frame" }, drawComponents(components, at)),
};

function control(component, { entry, place, hide }) {
  if (component.type === 3) {
    const menu = {
      label: component.placeholder,
      buttons: component.options.map(({ label, value }) => ({ label, line: value, style: "plain" })),
    };
    return h(
      "button",
      {
        type: "button",
        class: "plain menu-button",
        "aria-haspopup": "true",
        "data-line": menu.label,
        onclick: ({ currentTarget }) => openMenu(currentTarget, menu, entry, place),
      },
      menu.label,
    );
  }
  const made = { label: component.label, line: component.line, style: STYLES[component.style], confirm: component.confirm };
  if (hide(made)) return null;
  return h(
    "button",
    {
      type: "button",
      class: made.style,
      "data-line": made.line,
      onclick: ({ currentTarget }) => press(currentTarget, made, { entry: entry.id, place }),
    },
    component.emoji && h("span", { "aria-hidden": "true" }, `${component.emoji.name} `),
    made.label,
  );
}

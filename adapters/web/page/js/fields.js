// One question of a form, as a labelled field with its hint, its count and its error.

import { freshId, h } from "./dom.js";

const FEW = 5; // options that are shown all at once

/** {element, name, value(), fail(text), focus()} */
export function field(input, typed) {
  const id = freshId("field");
  const value = typed ?? input.value;
  const error = h("p", { class: "error", id: `${id}-error`, role: "alert" });
  const hint = input.hint && h("span", { class: "hint", id: `${id}-hint`, html: input.hint });
  const count = input.kind === "paragraph" && input.max_length && h("span", { class: "count", id: `${id}-count` });
  const describedBy = [hint && hint.id, count && count.id, error.id].filter(Boolean).join(" ");
  const control = (make[input.kind] ?? make.text)(input, value, {
    id,
    name: input.name,
    "aria-describedby": describedBy,
    required: input.required,
  });
  const label = [input.label, !input.required && h("span", { class: "optional" }, " (optional)")];
  const below = (hint || count) && h("div", { class: "below" }, hint || h("span"), count);
  const element = control.group
    ? h("fieldset", { class: "field", "aria-describedby": describedBy }, h("legend", {}, ...label), control.element, below, error)
    : h("div", { class: "field" }, h("label", { for: id }, ...label), control.element, below, error);
  if (count) {
    const tally = () => {
      const length = control.value().length;
      count.textContent = `${length.toLocaleString()} / ${input.max_length.toLocaleString()}`;
      count.classList.toggle("over", length > input.max_length);
    };
    control.element.addEventListener("input", tally);
    tally();
  }
  return {
    element,
    name: input.name,
    value: control.value,
    focus: () => control.target().focus(),
    fail(text) {
      error.textContent = text ?? "";
      for (const one of control.targets()) text ? one.setAttribute("aria-invalid", "true") : one.removeAttribute("aria-invalid");
    },
    /** What the browser can tell by itself; the rest is the server's to say. */
    missing() {
      const now = control.value();
      if (input.required && !now.trim()) return "This one is needed.";
      if (input.max_length && now.length > input.max_length)
        return `At most ${input.max_length.toLocaleString()} characters; this has ${now.length.toLocaleString()}.`;
      return null;
    },
  };
}

const single = (element) => ({ element, value: () => element.value, target: () => element, targets: () => [element] });

const make = {
  text: (input, value, props) =>
    single(h("input", { ...props, type: "text", dir: "auto", maxlength: input.max_length && String(input.max_length), value })),
  paragraph: (input, value, props) => {
    const element = h("textarea", { ...props, dir: "auto" });
    element.value = value;
    return single(element);
  },
  date: (input, value, props) => single(h("input", { ...props, type: "date", value })),
  time: (input, value, props) => single(h("input", { ...props, type: "time", value })),
  choice(input, value, props) {
    if (input.options.length <= FEW) return boxes("radio", input, [value], props);
    return single(
      h(
        "select",
        props,
        input.options.map((option) => h("option", { value: option.value, selected: option.value === value }, option.label)),
      ),
    );
  },
  choices: (input, value, props) => boxes("checkbox", input, value.split(","), props),
};

function boxes(type, input, chosen, props) {
  const all = input.options.map((option) =>
    h("input", {
      type,
      name: props.id,
      value: option.value,
      checked: chosen.includes(option.value),
      "aria-describedby": props["aria-describedby"],
    }),
  );
  const element = h(
    "div",
    { class: "options" },
    all.map((box, i) => h("label", {}, box, input.options[i].label)),
  );
  return {
    group: true,
    element,
    value: () =>
      all
        .filter((box) => box.checked)
        .map((box) => box.value)
        .join(","),
    target: () => all.find((box) => box.checked) ?? all[0],
    targets: () => all,
  };
}

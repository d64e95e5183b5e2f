// What one can type after "/": a listbox over the text box, which keeps the focus.

import { freshId, h } from "./dom.js";
import { state } from "./state.js";

/** Gives `box` a list of commands; `keydown` returns true where it used the key. */
export function completion(box, holder) {
  const id = freshId("completion");
  const list = h("ul", { class: "completion", id, role: "listbox", "aria-label": "Commands", hidden: true });
  let found = [];
  let chosen = -1;
  holder.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": id,
    "aria-expanded": "false",
  }))
    box.setAttribute(name, value);

  /** Commands by their first letters; behind a whole command, its second words. */
  function matches() {
    const [, head, space, tail] = /^\/([a-z]*)( ?)(\S*)$/i.exec(box.value) ?? [];
    if (head === undefined) return [];
    const word = head.toLowerCase();
    if (!space)
      return state.commands
        .filter((command) => command.name.startsWith(word))
        .map((command) => ({ text: `/${command.name} `, label: `/${command.name}`, ...command }));
    const command = state.commands.find((one) => one.name === word);
    return (command?.actions ?? [])
      .filter(([action]) => action.startsWith(tail.toLowerCase()) && action !== tail)
      .map(([action, summary]) => ({ text: `/${word} ${action}`, label: action, summary }));
  }

  function draw() {
    list.replaceChildren(
      ...found.map((one, i) =>
        h(
          "li",
          {
            role: "option",
            id: `${id}-${i}`,
            "aria-selected": String(i === chosen),
            onpointerdown: (event) => {
              event.preventDefault();
              chosen = i;
              accept();
            },
          },
          h("b", {}, one.label),
          h("span", {}, one.summary),
          one.usage && h("small", {}, one.usage),
        ),
      ),
    );
    list.hidden = !found.length;
    box.setAttribute("aria-expanded", String(found.length > 0));
    if (found[chosen]) {
      box.setAttribute("aria-activedescendant", `${id}-${chosen}`);
      list.children[chosen].scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  }

  function update() {
    found = matches();
    chosen = found[0]?.usage ? 0 : -1; // a second word is an offer, not a guess
    draw();
  }

  function accept() {
    box.value = found[Math.max(chosen, 0)].text;
    box.dispatchEvent(new Event("input"));
  }

  function hide() {
    found = [];
    draw();
  }

  box.addEventListener("input", update);
  box.addEventListener("blur", hide);

  return function keydown(event) {
    if (!found.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) chosen = (Math.max(chosen, step > 0 ? -1 : 0) + step + found.length) % found.length;
    else if (event.key === "Escape") found = [];
    else if (event.key === "Tab" && !event.shiftKey) return (accept(), true);
    else if (event.key === "Enter" && !event.ctrlKey && found[chosen] && found[chosen].text.trim() !== box.value.trim())
      return (accept(), true);
    else return false;
    draw();
    return true;
  };
}

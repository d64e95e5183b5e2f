// Pressing things: at once visibly taken, never twice, asked first where it matters.

import { ask, showForm } from "./dialogs.js";
import { busy, h } from "./dom.js";
import { act } from "./outbox.js";
import { myDm, state, tell } from "./state.js";

const TAKEN = 1200; // ms that a press which was heard still shows

/** A card's button. Busy from the press until it is heard and a moment longer; focus stays on it. */
export async function press(element, button, { entry = null, place }) {
  if (element.getAttribute("aria-disabled") === "true") return;
  if (button.confirm && !(await ask(button.confirm, button.label, button.style === "danger"))) return;
  busy(element, true);
  tell("pressed", { from: element, place });
  act(
    { type: "press", place, line: button.line, entry },
    {
      heard: () => settle(element),
      form: (answer, item) => {
        busy(element, false);
        showForm(answer.form, item.message, element);
      },
      problem: (answer) => {
        busy(element, false);
        say(answer.text, element);
      },
      waiting: (answer) => say(answer.text, element),
    },
  );
  if (state.away) say("Kept. I press it as soon as Loopcoach is back.", element);
}

/** A line into one's own room, with no button to show it. */
export const send = (line) =>
  act({ type: "press", place: myDm(), line }, { problem: (answer) => say(answer.text), waiting: (answer) => say(answer.text) });

/** One of the page's own buttons: a line into one's own room. */
export const pressLine = (element, line) => press(element, { label: element.textContent, line }, { place: myDm() });

function settle(element) {
  element.removeAttribute("aria-busy");
  setTimeout(() => busy(element, false), TAKEN);
}

let fading = null;

/** One sentence, beside what it is about where that is a card, else at the foot of the window. */
export function say(text, element = null) {
  const holder = element?.closest?.(".card");
  if (holder?.isConnected) {
    const line = holder.querySelector(":scope > .problem") ?? holder.appendChild(h("p", { class: "problem", role: "alert" }));
    line.textContent = text;
    setTimeout(() => line.remove(), 12_000);
    return;
  }
  const toast = document.getElementById("toast");
  toast.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => (toast.textContent = ""), 8000);
}

/** A menu: a list in a popover, under its button. */
export function openMenu(anchor, menu, entry, place) {
  const list = h("div", { class: "menu", popover: "auto", role: "menu", "aria-label": menu.label });
  const items = menu.buttons.map((button) =>
    h(
      "button",
      {
        type: "button",
        role: "menuitem",
        onclick: () => {
          list.hidePopover();
          anchor.focus();
          press(anchor, button, { entry: entry.id, place });
        },
      },
      button.label,
    ),
  );
  list.append(...items);
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  });
  list.addEventListener("toggle", ({ newState }) => {
    anchor.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "closed") list.remove();
  });
  anchor.after(list);
  list.showPopover();
  const at = anchor.getBoundingClientRect();
  const size = list.getBoundingClientRect();
  list.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
  list.style.top = `${at.bottom + size.height + 8 < innerHeight ? at.bottom + 4 : Math.max(8, at.top - size.height - 4)}px`;
  items[0].focus();
}

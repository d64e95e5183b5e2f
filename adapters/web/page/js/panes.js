// The side pane (Ask, or an open thread) and the rooms in the centre.

import { pressLine } from "./actions.js";
import { composer } from "./composer.js";
import { h } from "./dom.js";
import { log } from "./log.js";
import { myDm, rootOf, roomName } from "./state.js";

const QUICK = { "Mock 5 min": "mock minutes:5", Guide: "guide", Stories: "stories", Progress: "progress" };

/** The direct messages with the coach, as a command line. */
export function askPane({ openThread }) {
  const place = myDm();
  const talk = log(place, "You and the coach", {
    openThread,
    empty: "Ask for anything here: type / to see the commands, or press one below.",
  });
  const box = composer(place, "Ask the coach", "Ask, or type /", talk.toEnd);
  const quick = h(
    "div",
    { class: "quick", role: "group", "aria-label": "Shortcuts" },
    Object.entries(QUICK).map(([label, line]) =>
      h("button", { type: "button", class: "plain", onclick: ({ currentTarget }) => pressLine(currentTarget, line) }, label),
    ),
  );
  return pane("Ask", "Only you and the coach", null, talk, box, quick, place);
}

/** A thread under the entry that opened it. */
export function threadPane(thread, { close }) {
  const shut = h("button", { type: "button", class: "close", "aria-label": "Close thread", onclick: close }, "×");
  const talk = log(thread, "Thread", { openThread: () => {}, lead: () => rootOf(thread) });
  const box = composer(thread, "Reply in thread", "Reply", talk.toEnd);
  const made = pane("Thread", roomName(thread), shut, talk, box, null, thread);
  made.element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !event.target.closest(".rewording, .menu, dialog")) close();
  });
  return made;
}

/** A room in the centre. */
export function roomPane(place, { openThread }) {
  const name = roomName(place.place);
  const channel = place.kind === "channel";
  const about = channel
    ? "Everybody on this page reads here. Answers go through the button, so nobody is spoiled."
    : "Only you and the coach. Feedback is kept here.";
  const talk = log(place.place, name, {
    openThread,
    empty: channel
      ? "Nothing here yet. /drill setup posts a question every working day."
      : "Nothing here yet. Answer a question, or type / for the commands.",
  });
  const box = composer(place.place, `Message ${name}`, channel ? `Message ${name}` : "Ask, or type /", talk.toEnd);
  return pane(name, about, null, talk, box, null, place.place);
}

function pane(title, about, extra, talk, box, below, place) {
  const element = h(
    "section",
    { class: "pane contents", "aria-label": title },
    h("div", { class: "pane-head" }, h("h2", {}, title), h("p", {}, about), extra),
    talk.element,
    talk.signs,
    box.element,
    below,
  );
  return { element, place, draw: talk.draw, toEnd: talk.toEnd, focus: box.focus, title };
}

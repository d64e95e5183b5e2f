// The box one types into. Enter sends, Shift+Enter makes a new line; what is typed survives a reload.

import { completion } from "./completion.js";
import { freshId, h } from "./dom.js";
import { act } from "./outbox.js";
import { draft, keepDraft, tell } from "./state.js";

const LONGEST = 40_000;
const tooLong = (length) =>
  `That is ${length.toLocaleString()} characters; one message holds ${LONGEST.toLocaleString()}. Nothing was sent, your text is still here.`;

/** The box of one place. `sent` is called after something went out. */
export function composer(place, label, placeholder, sent = () => {}) {
  const id = freshId("composer");
  const box = h("textarea", {
    rows: "1",
    dir: "auto",
    placeholder,
    "aria-label": label,
    "aria-describedby": `${id}-problem`,
    autocomplete: "off",
  });
  const problem = h("p", { class: "problem", id: `${id}-problem`, role: "alert" });
  const element = h(
    "form",
    {
      class: "composer",
      onsubmit: (event) => {
        event.preventDefault();
        send();
      },
    },
    problem,
    h("div", { class: "box" }, box, h("button", { class: "primary send" }, "Send")),
    h("p", { class: "keys", "aria-hidden": "true" }, "Enter sends · Shift+Enter new line · / for commands"),
  );
  const complete = completion(box, element);
  box.value = draft(place);
  box.addEventListener("input", () => {
    keepDraft(place, box.value);
    problem.textContent = "";
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (complete(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  });

  function send() {
    const text = box.value.trim() ? box.value.replace(/\s+$/, "") : "";
    box.focus();
    if (!text) return;
    if (text.length > LONGEST) return refuse(tooLong(text.length));
    put("");
    tell("pressed", { from: box, place });
    act(
      { type: "say", place, text },
      {
        problem: (answer) => {
          put([text, box.value].filter(Boolean).join("\n"));
          refuse(answer.text);
        },
        waiting: (answer) => refuse(answer.text),
        heard: () => {
          problem.textContent = "";
        },
      },
    );
    sent();
  }

  function put(text) {
    box.value = text;
    keepDraft(place, text);
    box.dispatchEvent(new Event("input"));
  }

  function refuse(text) {
    problem.textContent = text;
  }

  return { element, focus: () => box.focus({ preventScroll: true }), box, put };
}

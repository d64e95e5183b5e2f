// Forms and questions, in native dialogs. Escape closes; what was typed is there when the same form opens again.

import { busy, freshId, h } from "./dom.js";
import { field } from "./fields.js";
import { act } from "./outbox.js";
import { draft, keepDraft, state } from "./state.js";

/** Shows a form. `origin`: the message that asked for it; focus goes back to `opener`. */
export function showForm(form, origin, opener = document.activeElement) {
  const key = `form.${form.line}`;
  const typed = draft(key) || {};
  const fields = form.fields.map((input) => field(input, typed[input.name]));
  const problem = h("p", { class: "problem", role: "alert" });
  const submit = h("button", { class: "primary" }, form.submit);
  const wayOut =
    form.way_out && h("button", { type: "button", class: "quiet way-out", "data-line": form.way_out.line }, form.way_out.label);
  const { dialog, close } = frame(
    form.title,
    opener,
    [form.text && h("div", { class: "prose", html: form.text }), problem, ...fields.map((one) => one.element)],
    [wayOut, h("button", { type: "button", class: "plain", onclick: () => close() }, "Cancel"), submit],
  );

  const values = () => Object.fromEntries(fields.map((one) => [one.name, one.value()]));
  const remember = () => keepDraft(key, values());
  dialog.addEventListener("input", remember);

  function refuse(errors) {
    for (const one of fields) one.fail(errors[one.name]);
    const first = fields.find((one) => errors[one.name]);
    const rest = Object.entries(errors)
      .filter(([name]) => !fields.some((one) => one.name === name))
      .map(([, text]) => text);
    problem.textContent = rest.join(" ");
    first?.focus();
  }

  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled") === "true") return;
    problem.textContent = "";
    const missing = Object.fromEntries(fields.map((one) => [one.name, one.missing()]).filter(([, text]) => text));
    refuse(missing);
    if (Object.keys(missing).length) return;
    busy(submit, true);
    const sent = values();
    act(
      { type: "submit", place: origin.place, line: form.line, fields: sent, entry: origin.entry ?? null },
      {
        settled: () => busy(submit, false),
        heard: () => {
          keepDraft(key, null);
          close();
        },
        errors: (answer) => {
          remember();
          refuse(answer.errors);
        },
        problem: (answer) => {
          problem.textContent = answer.text;
        },
        waiting: (answer) => {
          problem.textContent = answer.text;
        },
      },
    );
    if (state.away)
      problem.textContent = "Loopcoach is not running. This is kept and sent as soon as it is back; you may close the window.";
  });
  wayOut?.addEventListener("click", () => {
    remember();
    close();
    act({ type: "press", place: origin.place, line: form.way_out.line, entry: origin.entry ?? null });
  });
  dialog.showModal();
  fields[0]?.focus();
}

/** A question before something counts; true where the person means it. */
export function ask(question, yes, danger = false) {
  return new Promise((resolve) => {
    let meant = false;
    const { dialog, close } = frame(
      question,
      document.activeElement,
      [],
      [
        h("button", { type: "button", class: "plain", onclick: () => close() }, "Not now"),
        h("button", { class: danger ? "danger" : "primary" }, yes),
      ],
      "confirm",
    );
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      meant = true;
      close();
    });
    dialog.addEventListener("close", () => resolve(meant));
    dialog.showModal();
  });
}

/** One line of text, or null. */
export function askFor(title, label, yes) {
  return new Promise((resolve) => {
    let given = null;
    const input = field({ name: "name", label, kind: "text", value: "", required: true, max_length: 40, hint: "" }, "");
    const { dialog, close } = frame(
      title,
      document.activeElement,
      [input.element],
      [h("button", { type: "button", class: "plain", onclick: () => close() }, "Cancel"), h("button", { class: "primary" }, yes)],
      "confirm",
    );
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      const missing = input.missing();
      input.fail(missing);
      if (missing) return input.focus();
      given = input.value().trim();
      close();
    });
    dialog.addEventListener("close", () => resolve(given));
    dialog.showModal();
    input.focus();
  });
}

function frame(title, opener, content, buttons, kind = "") {
  const id = freshId("dialog");
  const dialog = h(
    "dialog",
    { class: kind, "aria-labelledby": id },
    h(
      "form",
      { method: "dialog", novalidate: true },
      h(
        "header",
        {},
        h("h2", { id }, title),
        h("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => close() }, "×"),
      ),
      content.some(Boolean) && h("div", { class: "content" }, content),
      h("footer", {}, buttons),
    ),
  );
  const close = () => dialog.close();
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.querySelector("form").requestSubmit();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    const back = opener?.isConnected ? opener : document.querySelector(".answer textarea, .centre textarea, .side textarea");
    back?.focus();
  });
  document.body.append(dialog);
  return { dialog, close };
}

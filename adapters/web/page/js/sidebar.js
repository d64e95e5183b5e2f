// Rooms, and whom one can be; on a narrow page the bar at the bottom.

import { askFor } from "./dialogs.js";
import { h, keepFocus } from "./dom.js";
import { avatar } from "./log.js";
import { myDm, on, state, unread } from "./state.js";
import { meet, restart } from "./wire.js";

let awaited = null; // the name of somebody who is being added

/** Draws both from the state; `go` shows a room, `pane` a pane of the narrow page. */
export function sidebar(element, tabs, { go, pane }) {
  on("people", () => {
    const newcomer = awaited && state.people.find((person) => person.name.toLowerCase() === awaited.toLowerCase());
    if (!newcomer) return draw();
    awaited = null;
    restart(newcomer.key);
  });

  const item = (label, current, sign, badge, onclick, line) =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", "aria-current": current ? "true" : null, "data-line": line, onclick },
        sign,
        h("span", { class: "name", dir: "auto" }, label),
        badge > 0 && badgeOf(badge),
      ),
    );

  const drawn = { rooms: "", tabs: "" }; // what they show now: untouched while it is the same, so that no click is lost

  function draw() {
    const news = state.places.map((place) => unread(place.place));
    const now = JSON.stringify([state.room, state.people, state.me, state.places, news]);
    if (now !== drawn.rooms) drawRooms();
    drawn.rooms = now;
    const bar = JSON.stringify([state.pane, Boolean(state.thread), news]);
    if (bar !== drawn.tabs) drawTabs();
    drawn.tabs = bar;
  }

  function drawRooms() {
    const rooms = [
      item("Today", state.room === "today", sign("◎"), 0, () => go("today"), "today"),
      ...state.places.map((place) =>
        item(
          place.name,
          state.room === place.place,
          sign(place.kind === "channel" ? "#" : "@"),
          unread(place.place),
          () => go(place.place),
          place.place,
        ),
      ),
    ];
    const people = state.people.map((person) =>
      item(
        person.name,
        person.key === state.me.key,
        avatar(person, true),
        0,
        () => person.key !== state.me.key && restart(person.key),
        person.key,
      ),
    );
    keepFocus(element, () =>
      element.replaceChildren(
        h("section", { "data-entry": "rooms" }, h("h2", {}, "Rooms"), h("ul", {}, rooms)),
        h(
          "section",
          { "data-entry": "people" },
          h("h2", {}, state.free ? "Who you are" : "Signed in"),
          h("ul", {}, people, state.free && item("Somebody else", false, sign("+"), 0, add, "add")),
          state.free && h("p", { class: "hint" }, "A practice page has no accounts: be anybody, to see what each of them sees."),
        ),
      ),
    );
  }

  async function add() {
    awaited = await askFor("Somebody else", "Their name", "Add");
    if (awaited) meet(awaited);
  }

  function drawTabs() {
    const channel = state.places.find((place) => place.kind === "channel");
    const tab = (name, label, mark, badge, onclick) =>
      h(
        "button",
        { type: "button", "aria-current": state.pane === name ? "true" : null, "data-line": name, onclick },
        sign(mark),
        h("span", { class: "name" }, label),
        badge > 0 && badgeOf(badge),
      );
    keepFocus(tabs, () =>
      tabs.replaceChildren(
        h(
          "div",
          { "data-entry": "tabs", class: "contents" },
          tab("today", "Today", "◎", 0, () => go("today")),
          tab("room", channel?.name ?? "Room", "#", channel ? unread(channel.place) : 0, () => go(channel.place)),
          tab("side", state.thread ? "Thread" : "Coach", "@", unread(myDm()), () => pane("side")),
          tab("more", "More", "≡", 0, () => pane("more")),
        ),
      ),
    );
  }

  return { draw };
}

const sign = (text) => h("span", { class: "sign", "aria-hidden": "true" }, text);
const badgeOf = (count) => h("span", { class: "badge" }, String(count), h("span", { class: "sr" }, " new"));

// What this browser remembers. A full or forbidden localStorage costs memory across reloads, nothing else.

const PREFIX = "loopcoach.";
const spare = new Map();

/** The value under `name`, or `otherwise`. */
export function recall(name, otherwise = null) {
  try {
    const text = localStorage.getItem(PREFIX + name) ?? spare.get(name);
    return text === null || text === undefined ? otherwise : JSON.parse(text);
  } catch {
    return spare.has(name) ? JSON.parse(spare.get(name)) : otherwise;
  }
}

/** Forgets everything that is kept for this person: what they typed, read and chose. */
export function erase(person) {
  const theirs = (name) => name.startsWith(PREFIX) && name.split(".").slice(2).join(".").startsWith(person);
  try {
    for (const name of Object.keys(localStorage).filter(theirs)) localStorage.removeItem(name);
  } catch {
    spare.clear();
  }
}

/** Remembers a value; null and "" forget it. */
export function keep(name, value) {
  const nothing = value === null || value === "";
  try {
    if (nothing) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
    spare.delete(name);
  } catch {
    if (nothing) spare.delete(name);
    else spare.set(name, JSON.stringify(value));
  }
}

// Moments, in the reader's own zone and words.

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

const midnight = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
const daysFromNow = (at) => Math.round((midnight(at) - midnight(new Date())) / 86_400_000);

/** "Today", "Yesterday", else the day by name. */
export function dayName(at) {
  const days = daysFromNow(at);
  const words = days >= -1 && days <= 1 ? relative.format(days, "day") : day.format(at);
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

export const longDay = (at) => day.format(at);
export const dayKey = (at) => midnight(at);
export const timeOf = (at) => clock.format(at);
export const fullTime = (at) => full.format(at);

const styles = {
  time: (at) => (daysFromNow(at) ? `${dayWord(at)}, ${clock.format(at)}` : clock.format(at)),
  date: (at) => dayWord(at),
  datetime: (at) => `${dayWord(at)}, ${clock.format(at)}`,
  relative: (at) => ago(at),
};

const dayWord = (at) => (Math.abs(daysFromNow(at)) <= 1 ? relative.format(daysFromNow(at), "day") : date.format(at));

function ago(at) {
  const minutes = Math.round((at - Date.now()) / 60_000);
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
  if (Math.abs(minutes) < 60 * 24) return relative.format(Math.round(minutes / 60), "hour");
  return relative.format(Math.round(minutes / 1440), "day");
}

/** Puts words into every `<time data-style>` of `region`. */
export function localise(region) {
  for (const element of region.querySelectorAll("time[data-style]")) {
    const at = new Date(element.dateTime);
    element.textContent = (styles[element.dataset.style] ?? styles.datetime)(at);
    element.title = full.format(at);
  }
}

setInterval(() => localise(document), 30_000);

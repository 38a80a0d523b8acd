// Saves each answer of a quiz as it changes. Without this script the page's own buttons save: nothing depends on it.
// An item's fields are sent alone, so that two tabs of one quiz do not overwrite each other's other items.
const form = document.getElementById("attempt");
const line = form.querySelector("[role=status]");
const words = line.dataset;
const waiting = new Set();
const PAUSES = [2, 4, 8, 15, 30]; // seconds before the next try, while the line is bad
const PATIENCE = 8000; // ms for one try: a failure shows within ten seconds
let sending = false, tries = 0, leaving = false;

function say(text, wrong) {
  line.textContent = text;
  line.classList.toggle("is-wrong", Boolean(wrong));
}

function fieldsOf(item) {
  const all = new FormData(form), some = new FormData();
  for (const name of ["csrfmiddlewaretoken", "page"]) some.append(name, all.get(name));
  for (const [name, value] of all) if (name === item || name.startsWith(item + "-")) some.append(name, value);
  return some;
}

async function send() {
  if (sending || !waiting.size || leaving) return;
  sending = true;
  const item = waiting.values().next().value;
  waiting.delete(item);
  say(words.saving);
  let answer;
  try {
    answer = await fetch(form.action, {
      method: "POST", body: fieldsOf(item), headers: { "X-Autosave": "1" }, signal: AbortSignal.timeout(PATIENCE),
    });
  } catch { answer = null; }
  sending = false;
  if (answer && answer.ok) {
    tries = 0;
    say(waiting.size ? words.saving : (await answer.json()).saved);
    return send();
  }
  if (answer && answer.status === 422) return say(words.refused, true);
  waiting.add(item);
  if (answer && answer.status === 409) return say((await answer.json()).told, true);
  if (answer && answer.status < 500 && answer.status !== 429) return say(words.ended, true);
  say(words.failed, true);
  setTimeout(send, 1000 * PAUSES[Math.min(tries++, PAUSES.length - 1)]);
}

function changed(field) {
  waiting.add(field.name.split("-")[0]);
  send();
}

form.addEventListener("change", (event) => changed(event.target));
// What was answered before this script had come.
for (const field of form.querySelectorAll("input:checked, select")) {
  if (field.matches("select") ? field.selectedIndex > 0 && !field.options[field.selectedIndex].defaultSelected : !field.defaultChecked) changed(field);
}
// Entries to put in order get buttons that move them; the numbers stay, and say the same.
function button(list, entry, way) {
  const made = document.createElement("button"), words = list.dataset[way];
  made.type = "button";
  made.className = "btn";
  made.setAttribute("aria-label", `${words}: ${entry.querySelector("span").textContent}`);
  made.append(document.getElementById(`glyph-${way}`).content.cloneNode(true));
  made.addEventListener("click", () => {
    const other = way === "up" ? entry.previousElementSibling : entry.nextElementSibling;
    if (other) way === "up" ? other.before(entry) : other.after(entry);
    for (const [place, each] of [...list.children].entries()) each.querySelector("select").value = String(place);
    made.focus();
    changed(entry.querySelector("select"));
  });
  return made;
}
for (const list of form.querySelectorAll("ol.order[data-up]")) {
  for (const entry of list.children) {
    const move = document.createElement("span");
    move.className = "move";
    move.append(button(list, entry, "up"), button(list, entry, "down"));
    entry.append(move);
  }
}

form.addEventListener("submit", (event) => {
  if (leaving) return event.preventDefault(); // pressed twice
  leaving = true;
});
addEventListener("online", send);
addEventListener("pageshow", () => { leaving = false; });
addEventListener("beforeunload", (event) => {
  if (waiting.size && !leaving) event.preventDefault();
});

// What is left of the time: counted on from what the server said, told aloud near the end. The server alone decides.
const clock = document.getElementById("clock");
if (clock) {
  const end = Date.now() + 1000 * clock.dataset.left, left = document.getElementById("left");
  const minutes = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "minute", unitDisplay: "long" });
  const count = () => {
    const seconds = Math.ceil((end - Date.now()) / 1000);
    if (left && seconds >= 60) left.textContent = minutes.format(Math.floor(seconds / 60));
    const due = [0, 60, 300].find((each) => seconds <= each);
    const told = due === undefined ? "" : clock.dataset[`at-${due}`];
    if (clock.textContent !== told) clock.textContent = told;
    if (seconds > -31) return setTimeout(count, 1000);
    leaving = true; // the page for what comes after the grace; a GET, so that the saved answers stay as they are
    location.assign(form.action);
  };
  count();
}

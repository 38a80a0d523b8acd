// Saves each answer of an open attempt as it changes. Without this script the page's own buttons save them all.
// An item's fields are sent alone, with what the page showed of it: no tab overwrites what it did not change. Until the
// site says that it has them they are kept in this browser (in the tab alone where several people share it), under a
// key of this attempt and its learner; they come back with the page, and are sent.
const form = document.getElementById("attempt");
const line = form.querySelector("[role=status]");
const words = line.dataset, key = form.dataset.kept;
const unsaved = new Map(); // {item: {page, fields}}, and while it lasts: rests (typing goes on), flies, stuck (why)
const timers = new Map();
const PAUSES = [2, 4, 8, 15, 30]; // seconds before the next try, while the line is bad
const PATIENCE = 8000; // ms for one try: a failure shows within ten seconds
const TYPING = 1000; // ms without a key until what was typed is sent
let store = null, tries = 0, leaving = false, again;
try { store = "shared" in form.dataset ? sessionStorage : localStorage; } catch { /* a browser that keeps nothing */ }

// What is typed comes back by this script: the browser need not suggest it for another item.
for (const field of form.querySelectorAll("input.form-control")) field.autocomplete = "off";

// A longer line moves what stands under it: while a button is held down, words wait, or the button would slip away from
// under the finger and nothing be pressed.
let held = false;
const waiting = [];
form.addEventListener("pointerdown", (event) => { held = Boolean(event.target.closest("button")); });
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => setTimeout(() => { // after the click
    held = false;
    for (const words of waiting.splice(0)) say(...words);
  }));
}

// Aloud and at the form's end for the page, and beside the item that it is of.
function say(text, wrong, item) {
  if (held) return waiting.push([text, wrong, item]);
  for (const place of [line, item && form.querySelector(`#i${item.slice(1)} .saved`)]) {
    if (!place) continue;
    place.textContent = text;
    place.classList.toggle("is-wrong", Boolean(wrong));
  }
}

const slot = (item) => `${key}.${item}`;
const rowOf = ({ page, fields, pressed }) => JSON.stringify({ page, fields, pressed });

function keep(item, entry) {
  unsaved.set(item, entry);
  try { store.setItem(slot(item), rowOf(entry)); } catch { /* full, or a browser that keeps nothing */ }
}

function forget(item, entry) {
  if (unsaved.get(item) === entry) unsaved.delete(item);
  try { if (store.getItem(slot(item)) === rowOf(entry)) store.removeItem(slot(item)); } catch { /* as above */ }
}

function kept() {
  try {
    const names = Object.keys(store).filter((name) => name.startsWith(slot("q")));
    return names.map((name) => [name.slice(key.length + 1), JSON.parse(store.getItem(name))]);
  } catch { return []; }
}

const itemOf = (field) => /^q\d+/.exec(field.name)?.[0];
const basisOf = (item) => form.elements[`${item}-was`];
const fieldsOf = (item) => [...form.elements].filter((field) => itemOf(field) === item && field.type !== "hidden");
const sentBy = (item) => [...new FormData(form)].filter(([name]) => name === item || name.startsWith(`${item}-`));

function put(item, values, shown) {
  const isAsShown = (field) => !shown || (shown.get(field.name) ?? "") === stateOf(field); // else changed meanwhile
  for (const field of fieldsOf(item).filter(isAsShown)) {
    const value = values.get(field.name) ?? "";
    if (field.matches("[type=radio], [type=checkbox]")) field.checked = field.value === value;
    else field.value = value;
  }
  for (const list of form.querySelectorAll(`#i${item.slice(1)} ol.order[data-up]`)) sort(list);
}

function stateOf(field) {
  if (field.type === "radio") return form.elements[field.name].value ?? (field.checked ? field.value : "");
  return field.type !== "checkbox" ? field.value : field.checked ? field.value : "";
}

function sort(list) {
  const placeOf = (entry) => entry.querySelector("select").value || "99";
  list.append(...[...list.children].sort((one, other) => placeOf(one) - placeOf(other)));
}

async function post(item, entry) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.append("page", entry.page);
  for (const [name, value] of entry.fields) body.append(name, value);
  entry.flies = true;
  let answer = null, reply = {};
  try {
    answer = await fetch(form.action, {
      method: "POST", body, headers: { "X-Autosave": "1" }, keepalive: true, signal: AbortSignal.timeout(PATIENCE),
    });
    if ([200, 409, 412].includes(answer.status)) reply = await answer.json();
  } catch { answer = null; }
  entry.flies = false;
  const newest = unsaved.get(item) === entry;
  if (answer && (answer.ok || answer.status === 409)) {
    tries = 0;
    forget(item, entry);
    if (answer.ok) acknowledge(item, entry, reply.fields);
    if (answer.ok && newest) say(reply.saved, false, item);
    if (answer.ok) sayHowItStands(reply.saved);
    else if (!entry.pressed) say(reply.told, true, item);
    return true;
  }
  if (answer && answer.status < 500 && answer.status !== 429) {
    // Until it is changed, or a button is pressed.
    entry.stuck = { 412: reply.told, 422: words.refused }[answer.status] ?? words.ended;
    if (newest) say(entry.stuck, true, item);
    return true;
  }
  say(words.failed, true, item);
  return false;
}

function sayHowItStands(saved) {
  const left = [...unsaved.values()], stuck = left.find((entry) => entry.stuck);
  if (left.some((entry) => !entry.stuck)) say(words.saving);
  else if (stuck) say(stuck.stuck, true);
  else say(saved);
}

// What the page shows of the item from now on: as saved, and what else was saved elsewhere.
function acknowledge(item, entry, fields) {
  const basis = basisOf(item), values = new Map(Object.entries(fields ?? {}));
  if (!basis || !values.size) return;
  const count = basis.value.split(".")[1];
  basis.value = values.get(basis.name).replace(/\.\d+/, `.${count}`);
  if (values.size > 1) put(item, values, new Map(entry.fields));
}

async function send() {
  clearTimeout(again);
  if (leaving || [...unsaved.values()].some((entry) => entry.flies)) return;
  const next = [...unsaved].find(([, entry]) => !entry.rests && !entry.stuck);
  if (!next) return;
  say(words.saving, false, next[0]);
  if (await post(...next)) return send();
  again = setTimeout(send, 1000 * PAUSES[Math.min(tries++, PAUSES.length - 1)]);
}

// All at once, and whatever becomes of the page: a phone may take it away without a word.
function hurry() {
  for (const [item, entry] of unsaved) if (!leaving && !entry.flies && !entry.stuck) post(item, entry).then(send);
}

function changed(field, rests) {
  const item = itemOf(field), basis = item && basisOf(item);
  if (!basis) return;
  basis.value = basis.value.replace(/\.(\d+)/, (dot, count) => `.${Number(count) + 1}`);
  const entry = { page: form.elements.page.value, fields: sentBy(item), rests };
  keep(item, entry);
  clearTimeout(timers.get(item));
  if (rests) timers.set(item, setTimeout(() => { entry.rests = false; send(); }, TYPING));
  say(words.typed, false, item);
  if (!rests) send();
}

const isTyped = (field) => field.matches("select") || field.type === "text";
form.addEventListener("input", (event) => changed(event.target, isTyped(event.target)));
form.addEventListener("change", (event) => { // a typed field that is left need not wait
  const entry = unsaved.get(itemOf(event.target));
  if (entry?.rests && !event.target.matches("select")) { entry.rests = false; send(); }
});

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
for (const list of form.querySelectorAll("fieldset:not([disabled]) > ol.order[data-up]")) {
  for (const entry of list.children) {
    const move = document.createElement("span");
    move.className = "move";
    move.append(button(list, entry, "up"), button(list, entry, "down"));
    entry.append(move);
  }
}

// What could not be sent when the page was left stands here again; what the browser itself puts back may be older.
const [visit] = performance.getEntriesByType("navigation");
if (visit && visit.type !== "navigate") form.reset();
for (const [item, entry] of kept()) {
  unsaved.set(item, entry);
  if (!basisOf(item)) continue;
  const values = new Map(entry.fields);
  put(item, values);
  basisOf(item).value = values.get(`${item}-was`);
}
if (unsaved.size) say(words.back);
// What was answered before this script had come.
for (const field of form.querySelectorAll("fieldset:not([disabled]) :is(input:not([type=hidden]), option)")) {
  const holder = field.matches("option") ? field.parentElement : field, item = itemOf(holder);
  if (!item || unsaved.has(item)) continue;
  const isBlank = field.matches("option") && !field.value; // what stands where no option is marked
  const isTouched = field.matches("option") ? field.selected && !field.defaultSelected && !isBlank
    : field.type === "text" ? field.value !== field.defaultValue : field.checked !== field.defaultChecked;
  if (isTouched) changed(holder);
}
send();

form.addEventListener("submit", async (event) => {
  if (leaving) return event.preventDefault(); // pressed twice
  const others = [...unsaved].filter(([item, entry]) => !basisOf(item) && !entry.stuck);
  if (others.length && event.submitter?.name === "submit") { // those of other pages go first
    event.preventDefault();
    await Promise.all(others.map(([item, entry]) => post(item, entry)));
    if (!others.some(([item]) => unsaved.has(item))) form.requestSubmit(event.submitter);
    return;
  }
  for (const [item, entry] of unsaved) if (basisOf(item)) keep(item, Object.assign(entry, { pressed: true }));
  leaving = true;
  setTimeout(() => { leaving = false; send(); }, 2 * PATIENCE); // stopped, perhaps
});
addEventListener("online", send);
addEventListener("pageshow", () => { leaving = false; send(); });
addEventListener("pagehide", hurry);
document.addEventListener("visibilitychange", () => { if (document.hidden) hurry(); });
addEventListener("beforeunload", (event) => {
  if (!leaving && [...unsaved].some(([item]) => basisOf(item))) event.preventDefault();
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

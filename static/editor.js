// What is to be looked at in a question stands under it while one types. Without this script, or a line, it is said when
// the question is saved. Pictures stay here, and where data are to be saved nothing is sent.
const form = document.getElementById("typed"), place = document.getElementById("look");
let timer, asked = 0, shown = "";

async function look() {
  const number = ++asked, fields = new FormData(form);
  for (const name of [...fields.keys()]) if (name === "picture" || name.endsWith("-sent")) fields.delete(name);
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, headers: { "X-Look": "1" } });
    const text = answer.ok ? await answer.text() : shown;
    if (number === asked && text !== shown) place.innerHTML = shown = text;
  } catch { /* it is said when the question is saved */ }
}

if (!navigator.connection?.saveData) {
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 1500);
  });
}

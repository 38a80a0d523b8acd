// "Leave quickly" puts the other site in this page's place, and closes ours to whoever presses Back.
// Without this script it is a plain link that does not say from where one comes.
for (const link of document.querySelectorAll("[data-leave]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    navigator.sendBeacon(link.dataset.leave);
    location.replace(link.href);
  });
}

// A page of somebody's own that comes back from memory is asked for anew: they may have left, or signed out.
addEventListener("pageshow", (event) => {
  if (event.persisted && "own" in document.body.dataset) location.reload();
});

// Answers that were not sent wait in this browser under "attempt-" and the attempt's number. What ends the session would
// lose them, so it asks first.
for (const form of document.querySelectorAll("form[data-unsent]")) {
  form.addEventListener("submit", (event) => {
    let waiting;
    try {
      waiting = Object.keys(localStorage).some((key) => key.startsWith("attempt-"));
    } catch {
      waiting = false; // this browser keeps nothing
    }
    if (waiting && !confirm(form.dataset.unsent)) event.preventDefault();
  });
}
